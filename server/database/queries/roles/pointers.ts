import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { desiredPointers, hasPointerRight, pointerMark } from '../../desired-pointers.ts';
import { isInReach } from '../inventory/cloud-images.ts';
import { inOrder } from '../lists/in-order.ts';
import type { ListPlan } from '../lists/paging.ts';
import { raiseFleetRevisions } from '../records/moved.ts';

/** What the loop that publishes pointers looks for in the outbox. */
export const pointerKind = 'role-pointer.publish';

const right = sql.raw(hasPointerRight('c'));
const desired = sql.raw(`desired AS (${desiredPointers})`);

/** By the number of the Role, which stays when the Role is called otherwise. */
const nameOf = (roleId: RawBuilder<unknown>) => sql`'/slipway/roles/' || ${roleId} || '/image'`;

/** How far has moved what pointers follow. */
export async function readPointerMark(db: Db): Promise<string> {
  const { rows } = await sql<{ mark: string }>`SELECT ${sql.raw(pointerMark)} AS mark`.execute(db);
  return rows[0]?.mark ?? '';
}

/**
 * Brings what is wanted up to what Roles hold, and asks for what has not been written yet, unless that is asked for
 * already. What failed is asked for again after a while.
 * @param mark how far all had moved before this began: it is noted that so much has been planned
 * @param retryMs after how long
 */
export async function planPointers(
  db: Db,
  { mark, retryMs }: { mark: string; retryMs: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      WITH ${desired}
      INSERT INTO role_pointers AS known (role_id, cloud_platform, cloud_location, credentials_id, name, wanted)
      SELECT d.role_id, d.cloud_platform, d.cloud_location, d.credentials_id, ${nameOf(sql`d.role_id`)}, d.cloud_image_id
      FROM desired d LEFT JOIN role_pointers p USING (role_id, cloud_platform, cloud_location, credentials_id)
      WHERE p.wanted IS DISTINCT FROM d.cloud_image_id
      ON CONFLICT (role_id, cloud_platform, cloud_location, credentials_id)
      DO UPDATE SET wanted = EXCLUDED.wanted, error = NULL, failed_at = NULL`.execute(tx);
    // Where the right is off, what stands in the cloud stays as it is.
    await sql`
      WITH ${desired}
      UPDATE role_pointers p SET wanted = NULL, error = NULL, failed_at = NULL
      WHERE p.wanted IS NOT NULL
        AND EXISTS (SELECT FROM cloud_credentials c WHERE c.id = p.credentials_id AND ${right})
        AND NOT EXISTS (SELECT FROM desired d WHERE d.role_id = p.role_id AND d.cloud_platform = p.cloud_platform
          AND d.cloud_location = p.cloud_location AND d.credentials_id = p.credentials_id)`.execute(
      tx,
    );
    await sql`DELETE FROM role_pointers WHERE wanted IS NULL AND written IS NULL`.execute(tx);
    await ask(
      tx,
      sql`coalesce(p.failed_at < clock_timestamp() - ${retryMs} * interval '1 millisecond', true)`,
    );
    await sql`
      INSERT INTO pointer_plans AS before (mark, at) VALUES (${mark}, clock_timestamp())
      ON CONFLICT (one) DO UPDATE SET mark = EXCLUDED.mark, at = EXCLUDED.at
      WHERE before.mark <> EXCLUDED.mark`.execute(tx);
  });
}

/** Asks for pointers that are not in their cloud as they are wanted, each once. */
async function ask(tx: Db, which: RawBuilder<unknown>): Promise<void> {
  await sql`
    INSERT INTO outbox (kind, lane, payload, created_at, next_attempt_at)
    SELECT ${pointerKind}, 'credentials ' || p.credentials_id, jsonb_build_object('pointerId', p.id),
      clock_timestamp(), clock_timestamp()
    FROM role_pointers p JOIN cloud_credentials c ON c.id = p.credentials_id
    WHERE p.wanted IS DISTINCT FROM p.written AND ${right} AND ${which}
      AND NOT EXISTS (SELECT FROM outbox o WHERE o.kind = ${pointerKind} AND o.done_at IS NULL
        AND o.payload ->> 'pointerId' = p.id::text)`.execute(tx);
}

/** A pointer that is not in its cloud as it is wanted. */
export interface PointerTask {
  id: string;
  name: string;
  role_name: string | null;
  cloud_platform: string;
  cloud_location: string;
  wanted: string | null;
}

/** What to publish, while it is still to be. */
export async function findPointerTask(db: Db, id: string): Promise<PointerTask | undefined> {
  const { rows } = await sql<PointerTask>`
    SELECT p.id, p.name, r.name AS role_name, p.cloud_platform, p.cloud_location, p.wanted
    FROM role_pointers p LEFT JOIN roles r ON r.id = p.role_id
    WHERE p.id = ${id} AND p.wanted IS DISTINCT FROM p.written`.execute(db);
  return rows[0];
}

/** Notes what the cloud has now; a pointer that is gone is forgotten, and one that moved on meanwhile asked for again. */
export async function notePublished(
  tx: Db,
  { id, wanted }: Pick<PointerTask, 'id' | 'wanted'>,
  at: Date,
): Promise<void> {
  await sql`UPDATE role_pointers SET written = ${wanted}, written_at = ${at}, error = NULL, failed_at = NULL
    WHERE id = ${id}`.execute(tx);
  await tellViewers(tx, id);
  await sql`DELETE FROM role_pointers WHERE id = ${id} AND wanted IS NULL AND written IS NULL`.execute(
    tx,
  );
  await ask(tx, sql`p.id = ${id}`);
}

/** Notes why the cloud refused. */
export async function noteUnpublished(tx: Db, id: string, error: string, at: Date): Promise<void> {
  await sql`UPDATE role_pointers SET error = ${error}, failed_at = ${at} WHERE id = ${id}`.execute(
    tx,
  );
  await tellViewers(tx, id);
}

/** Pages of the accounts that use its credentials show it. */
async function tellViewers(tx: Db, id: string): Promise<void> {
  const { rows } = await sql<{ account_id: number }>`
    SELECT DISTINCT ec.account_id FROM role_pointers p JOIN environment_clouds ec ON ec.credentials_id = p.credentials_id
    WHERE p.id = ${id} ORDER BY 1`.execute(tx);
  await raiseFleetRevisions(
    tx,
    rows.map((row) => row.account_id),
  );
}

export interface PointerRow extends Selectable<Database['role_pointers']> {
  credentials_name: string;
  has_right: boolean;
}

/** How to walk the pointers of a role with credentials that a scope reaches. */
export function pointerListPlan(scope: ScopeRef, roleId: number): ListPlan {
  return {
    from: sql`role_pointers x JOIN cloud_credentials c ON c.id = x.credentials_id`,
    branches: [sql`x.role_id = ${roleId}`],
    where: [isInReach('c', scope)],
    key: sql`(x.cloud_platform || ' ' || x.cloud_location)`,
    keyType: 'text',
    id: sql`x.id`,
    idType: 'uuid',
    descending: false,
  };
}

/** Pointers by id, in the order of the ids. */
export async function fetchPointers(tx: Db, ids: readonly string[]): Promise<PointerRow[]> {
  const { rows } = await sql<PointerRow>`
    SELECT p.*, c.name AS credentials_name, ${right} AS has_right
    FROM role_pointers p JOIN cloud_credentials c ON c.id = p.credentials_id
    WHERE p.id = ANY(${ids}::uuid[])`.execute(tx);
  return inOrder(ids, rows);
}
