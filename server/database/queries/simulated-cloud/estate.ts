import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** Whose estate, and where. */
export interface SimulatedEstatePlace {
  account: string;
  cloudPlatform: string;
  cloudLocation: string;
}

/** One thing that an account of the simulated cloud has; `fact` is as the cloud port has it, with times as text. */
export interface SimulatedEstateRow {
  cloud_location: string;
  kind: string;
  id: string;
  fact: object;
}

/** Where an account has anything. */
export async function listEstateLocations(
  db: Db,
  { account, cloudPlatform }: { account: string; cloudPlatform: string },
): Promise<string[]> {
  const { rows } = await sql<{ cloud_location: string }>`
    SELECT DISTINCT cloud_location FROM simulated_estate
    WHERE account = ${account} AND cloud_platform = ${cloudPlatform} ORDER BY 1`.execute(db);
  return rows.map(({ cloud_location }) => cloud_location);
}

/** Gives an account what it does not have yet. */
export async function insertEstate(
  db: Db,
  { account, cloudPlatform }: { account: string; cloudPlatform: string },
  rows: readonly SimulatedEstateRow[],
): Promise<void> {
  await sql`
    INSERT INTO simulated_estate (account, cloud_platform, cloud_location, kind, id, fact)
    SELECT ${account}, ${cloudPlatform}, f.cloud_location, f.kind, f.id, f.fact
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS f (cloud_location text, kind text, id text, fact jsonb)
    ON CONFLICT DO NOTHING`.execute(db);
}

/** The next things of a place after one, but for refreshes and for images that were deleted; deprecated ones say so. */
export async function fetchEstate(
  db: Db,
  place: SimulatedEstatePlace,
  { after, limit }: { after: { kind: string; id: string }; limit: number },
): Promise<SimulatedEstateRow[]> {
  const { rows } = await sql<SimulatedEstateRow>`
    SELECT e.cloud_location, e.kind, e.id,
      CASE WHEN i.is_deprecated THEN e.fact || '{"deprecatedAt": "2000-01-01T00:00:00.000Z"}' ELSE e.fact END AS fact
    FROM simulated_estate e LEFT JOIN simulated_images i ON e.kind = 'image' AND i.cloud_platform = e.cloud_platform
      AND i.cloud_location = e.cloud_location AND i.cloud_image_id = e.id
    WHERE e.account = ${place.account} AND e.cloud_platform = ${place.cloudPlatform}
      AND e.cloud_location = ${place.cloudLocation} AND e.kind <> 'refresh' AND i.is_missing IS DISTINCT FROM true
      AND (e.kind, e.id) > (${after.kind}, ${after.id})
    ORDER BY e.kind, e.id LIMIT ${limit}`.execute(db);
  return rows;
}

/** Gives an account something, in the place of what it had under this id. */
export async function upsertEstate(
  db: Db,
  { account, cloudPlatform }: { account: string; cloudPlatform: string },
  { cloud_location, kind, id, fact }: SimulatedEstateRow,
): Promise<void> {
  await sql`
    INSERT INTO simulated_estate (account, cloud_platform, cloud_location, kind, id, fact)
    VALUES (${account}, ${cloudPlatform}, ${cloud_location}, ${kind}, ${id}, ${JSON.stringify(fact)}::jsonb)
    ON CONFLICT (account, cloud_platform, cloud_location, kind, id) DO UPDATE SET fact = EXCLUDED.fact`.execute(
    db,
  );
}

/** @returns whether the account had it */
export async function deleteEstate(
  db: Db,
  { account, cloudPlatform, cloudLocation }: SimulatedEstatePlace,
  kind: string,
  id: string,
): Promise<boolean> {
  const gone = await sql`
    DELETE FROM simulated_estate WHERE account = ${account} AND cloud_platform = ${cloudPlatform}
      AND cloud_location = ${cloudLocation} AND kind = ${kind} AND id = ${id}`.execute(db);
  return Number(gone.numAffectedRows ?? 0n) > 0;
}
