import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { removeObservedFarms } from '../observed-farms/observed-farms.ts';
import type { InventoryPlace } from './inventory-place.ts';
import { raiseFleetRevisions } from '../records/moved.ts';

/** An image as a reading stores it. */
export interface ImageToStore {
  cloud_image_id: string;
  name: string;
  architecture: string | null;
  size_gb: number | null;
  owner: string;
  state: 'available' | 'pending' | 'disabled' | 'failed' | 'missing';
  created_at: string | null;
  deprecated_at: string | null;
}

export interface ReferenceToStore {
  kind: string;
  id: string;
  cloud_image_id: string;
  name: string;
  how: string;
}

/** What one reading found. */
export interface Reading {
  images: readonly ImageToStore[];
  references: readonly ReferenceToStore[];
  unread: readonly { part: string; words: string }[];
  /** Kinds of references that were not read: those that are known stay. */
  keptKinds: readonly string[];
  /** Images were not read: those that are known stay as they are. */
  keepsImages: boolean;
}

/** All credentials there are, with what makes a reading of them due. */
interface CredentialsToRead {
  id: string;
  /** Another one where the credentials were changed, are used by others, or a group was moved with them. */
  version: string;
}

export async function listCredentialsToRead(db: Db): Promise<CredentialsToRead[]> {
  const { rows } = await sql<CredentialsToRead>`
    SELECT c.id, concat_ws(' ', c.version,
      (SELECT max(rg.ended_at) FROM rollout_groups rg WHERE rg.credentials_id = c.id),
      (SELECT string_agg(concat(ec.environment_id, ':', ec.cloud_platform), ' ' ORDER BY ec.environment_id,
        ec.cloud_platform) FROM environment_clouds ec WHERE ec.credentials_id = c.id)) AS version
    FROM cloud_credentials c ORDER BY c.id`.execute(db);
  return rows;
}

/**
 * Notes which places credentials reach; those that they no longer reach are forgotten with all that was found there.
 * Does nothing where the credentials are gone meanwhile.
 */
export async function storeReach(
  db: Db,
  credentialsId: string,
  locations: readonly { cloudPlatform: string; cloudLocation: string; account: string }[],
): Promise<void> {
  const rows = JSON.stringify(locations);
  const named = sql`jsonb_to_recordset(${rows}::jsonb)
    AS f ("cloudPlatform" text, "cloudLocation" text, account text)`;
  await db.transaction().execute(async (tx) => {
    if (!(await noteReach(tx, credentialsId, null))) return;
    const at = new Date();
    const reached = locations.map(({ cloudLocation }) => cloudLocation);
    await removeObservedFarms(tx, { credentialsId, locations: reached }, at);
    const forgotten = await sql`
      DELETE FROM inventory_locations l WHERE l.credentials_id = ${credentialsId} AND NOT EXISTS (
        SELECT FROM ${named} WHERE f."cloudPlatform" = l.cloud_platform AND f."cloudLocation" = l.cloud_location)`.execute(
      tx,
    );
    const made = await sql`
      INSERT INTO inventory_locations (credentials_id, cloud_platform, cloud_location, account)
      SELECT ${credentialsId}::uuid, f."cloudPlatform", f."cloudLocation", f.account FROM ${named}
        LEFT JOIN inventory_locations l ON l.credentials_id = ${credentialsId}
          AND l.cloud_platform = f."cloudPlatform" AND l.cloud_location = f."cloudLocation"
      WHERE l.account IS DISTINCT FROM f.account
      ON CONFLICT (credentials_id, cloud_platform, cloud_location) DO UPDATE SET account = EXCLUDED.account`.execute(
      tx,
    );
    if (changed(forgotten) + changed(made) > 0) await tell(tx, credentialsId);
  });
}

/** Notes that the cloud did not name the places that credentials reach. */
export async function storeReachFailure(
  db: Db,
  credentialsId: string,
  words: string,
): Promise<void> {
  await db.transaction().execute((tx) => noteReach(tx, credentialsId, words));
}

/** @returns whether the credentials are there */
async function noteReach(tx: Db, credentialsId: string, error: string | null): Promise<boolean> {
  const before = tx
    .selectFrom('inventory_reach')
    .where('credentials_id', '=', credentialsId)
    .select('error');
  const known = await before.executeTakeFirst();
  const listedAt = error === null ? sql`clock_timestamp()` : sql`NULL::timestamptz`;
  const noted = await sql`
    INSERT INTO inventory_reach (credentials_id, cloud_platform, tried_at, listed_at, error)
    SELECT c.id, c.cloud_platform, clock_timestamp(), ${listedAt}, ${error}
    FROM cloud_credentials c WHERE c.id = ${credentialsId} FOR KEY SHARE
    ON CONFLICT (credentials_id) DO UPDATE SET tried_at = EXCLUDED.tried_at, error = EXCLUDED.error,
      listed_at = coalesce(EXCLUDED.listed_at, inventory_reach.listed_at)`.execute(tx);
  if (known?.error !== error) await tell(tx, credentialsId);
  return changed(noted) > 0;
}

/** Notes that a place could not be read; what was found there before stays. */
export async function storeFailure(db: Db, place: InventoryPlace, words: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const [before] = await lockPlace(tx, place);
    if (!before) return;
    await sql`UPDATE inventory_locations SET tried_at = clock_timestamp(), error = ${words}
      WHERE ${isAt('inventory_locations', place)}`.execute(tx);
    if (before.error !== words) await tell(tx, place.credentialsId);
  });
}

/**
 * Stores what a reading found: only what differs is written, what is no longer there is marked as gone, and what has
 * been gone for a month is forgotten.
 * @returns how many facts were written
 */
export async function storeReading(
  db: Db,
  place: InventoryPlace,
  { startedAt, tookMs, ...reading }: Reading & { startedAt: Date; tookMs: number },
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const [before] = await lockPlace(tx, place);
    // It is no longer reached, or its credentials are gone.
    if (!before) return 0;
    const written =
      (await storeImages(tx, place, reading)) + (await storeReferences(tx, place, reading));
    const unread = JSON.stringify(reading.unread);
    await sql`UPDATE inventory_locations SET tried_at = clock_timestamp(), read_at = ${startedAt}, took_ms = ${tookMs},
      error = NULL, unread = ${unread}::jsonb WHERE ${isAt('inventory_locations', place)}`.execute(
      tx,
    );
    const isNews = before.error !== null || JSON.stringify(before.unread) !== unread;
    if (written > 0 || isNews || before.read_at === null) await tell(tx, place.credentialsId);
    return written;
  });
}

async function lockPlace(tx: Db, place: InventoryPlace) {
  const { rows } = await sql<{ error: string | null; unread: unknown; read_at: Date | null }>`
    SELECT error, unread, read_at FROM inventory_locations l WHERE ${isAt('l', place)} FOR UPDATE`.execute(
    tx,
  );
  return rows;
}

async function storeImages(
  tx: Db,
  place: InventoryPlace,
  { images, keepsImages }: Reading,
): Promise<number> {
  const found = sql`jsonb_to_recordset(${JSON.stringify(images)}::jsonb) AS f (cloud_image_id text, name text,
    architecture text, size_gb int, owner text, state text, created_at timestamptz, deprecated_at timestamptz)`;
  const values = sql.raw('name, architecture, size_gb, owner, state, created_at, deprecated_at');
  const of = (table: string) =>
    sql.raw(`(${table}.name, ${table}.architecture, ${table}.size_gb, ${table}.owner, ${table}.state,
      ${table}.created_at, ${table}.deprecated_at)`);
  const differs = keepsImages ? sql`false` : sql`${of('x')} IS DISTINCT FROM ${of('f')}`;
  const written = await sql`
    INSERT INTO inventory_images (credentials_id, cloud_platform, cloud_location, cloud_image_id, ${values},
      first_seen_at)
    SELECT ${place.credentialsId}::uuid, ${place.cloudPlatform}, ${place.cloudLocation}, f.cloud_image_id,
      f.name, f.architecture, f.size_gb, f.owner, f.state, f.created_at, f.deprecated_at, clock_timestamp()
    FROM ${found} LEFT JOIN inventory_images x ON ${isAt('x', place)} AND x.cloud_image_id = f.cloud_image_id
    WHERE x.key IS NULL OR x.gone_at IS NOT NULL OR ${differs}
    ON CONFLICT (credentials_id, cloud_platform, cloud_location, cloud_image_id) DO UPDATE SET (${values}, gone_at) =
      (EXCLUDED.name, EXCLUDED.architecture, EXCLUDED.size_gb, EXCLUDED.owner, EXCLUDED.state, EXCLUDED.created_at,
        EXCLUDED.deprecated_at, NULL)`.execute(tx);
  const isHere = sql`SELECT FROM ${found} WHERE f.cloud_image_id = x.cloud_image_id`;
  const gone = keepsImages ? 0 : await markGone(tx, 'inventory_images', place, isHere);
  return changed(written) + gone;
}

async function storeReferences(
  tx: Db,
  place: InventoryPlace,
  { references, keptKinds }: Reading,
): Promise<number> {
  const found = sql`jsonb_to_recordset(${JSON.stringify(references)}::jsonb) AS f (kind text, id text,
    cloud_image_id text, name text, how text)`;
  const isSame = sql`f.kind = x.kind AND f.id = x.id AND f.cloud_image_id = x.cloud_image_id`;
  const written = await sql`
    INSERT INTO inventory_references (credentials_id, cloud_platform, cloud_location, kind, id, cloud_image_id, name,
      how, first_seen_at)
    SELECT ${place.credentialsId}::uuid, ${place.cloudPlatform}, ${place.cloudLocation}, f.kind, f.id, f.cloud_image_id,
      f.name, f.how, clock_timestamp()
    FROM ${found} LEFT JOIN inventory_references x ON ${isAt('x', place)} AND ${isSame}
    WHERE x.id IS NULL OR x.gone_at IS NOT NULL OR (x.name, x.how) IS DISTINCT FROM (f.name, f.how)
    ON CONFLICT (credentials_id, cloud_platform, cloud_location, kind, id, cloud_image_id) DO UPDATE SET
      name = EXCLUDED.name, how = EXCLUDED.how, gone_at = NULL,
      first_seen_at = CASE WHEN inventory_references.gone_at IS NULL THEN inventory_references.first_seen_at
        ELSE EXCLUDED.first_seen_at END`.execute(tx);
  const isHere = sql`SELECT FROM ${found} WHERE ${isSame}`;
  const kept = sql`x.kind <> ALL(${keptKinds}::text[])`;
  return changed(written) + (await markGone(tx, 'inventory_references', place, isHere, kept));
}

async function markGone(
  tx: Db,
  table: 'inventory_images' | 'inventory_references',
  place: InventoryPlace,
  isHere: RawBuilder<unknown>,
  mayGo = sql`true`,
): Promise<number> {
  const gone = await sql`UPDATE ${sql.table(table)} x SET gone_at = clock_timestamp()
    WHERE ${isAt('x', place)} AND x.gone_at IS NULL AND ${mayGo} AND NOT EXISTS (${isHere})`.execute(
    tx,
  );
  await forget(tx, table, place);
  return changed(gone);
}

/** What has been gone for a month; that something referred to an image then is still known. */
async function forget(
  tx: Db,
  table: 'inventory_images' | 'inventory_references',
  place: InventoryPlace,
): Promise<void> {
  const old = sql`DELETE FROM ${sql.table(table)} x
    WHERE ${isAt('x', place)} AND x.gone_at < clock_timestamp() - interval '30 days'`;
  if (table === 'inventory_images') {
    await old.execute(tx);
    return;
  }
  await sql`
    WITH old AS (${old} RETURNING x.cloud_platform, x.cloud_image_id, x.gone_at)
    INSERT INTO cloud_image_uses AS known (cloud_platform, cloud_image_id, last_seen_at)
    SELECT cloud_platform, cloud_image_id, max(gone_at) FROM old GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (cloud_platform, cloud_image_id)
    DO UPDATE SET last_seen_at = greatest(known.last_seen_at, EXCLUDED.last_seen_at)`.execute(tx);
}

const changed = ({ numAffectedRows = 0n }: { numAffectedRows?: bigint }) => Number(numAffectedRows);

function isAt(alias: string, place: InventoryPlace): RawBuilder<boolean> {
  const a = sql.raw(alias);
  return sql<boolean>`(${a}.credentials_id = ${place.credentialsId} AND ${a}.cloud_platform = ${place.cloudPlatform}
    AND ${a}.cloud_location = ${place.cloudLocation})`;
}

/** Tells the pages of whoever sees the credentials. */
async function tell(tx: Db, credentialsId: string): Promise<void> {
  const { rows } = await sql<{ id: number }>`
    SELECT a.id FROM cloud_credentials c JOIN accounts a ON a.id = c.account_id OR c.account_id IS NULL
    WHERE c.id = ${credentialsId}`.execute(tx);
  await raiseFleetRevisions(
    tx,
    rows.map(({ id }) => id),
  );
}
