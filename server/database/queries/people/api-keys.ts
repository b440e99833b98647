import { sql } from 'kysely';
import type { ApiKey } from '#contract/people/api-keys.ts';
import type { Db } from '../../connection/connection.ts';

const columns = ['id', 'name', 'active', 'created_at', 'last_used_at', 'version'] as const;

/** The keys of a user, newest first. */
export async function fetchApiKeys(tx: Db, userId: number): Promise<ApiKey[]> {
  const rows = await tx
    .selectFrom('api_keys')
    .where('user_id', '=', userId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .select(columns)
    .execute();
  return rows.map(toApiKey);
}

/** @param key with its secret sealed */
export async function insertApiKey(
  tx: Db,
  key: { id: string; userId: number; name: string; sealed: Buffer },
): Promise<ApiKey> {
  const row = await tx
    .insertInto('api_keys')
    .values({ id: key.id, user_id: key.userId, name: key.name, sealed_secret: key.sealed })
    .returning(columns)
    .executeTakeFirstOrThrow();
  return toApiKey(row);
}

/** Changes a key and raises its version. */
export async function updateApiKey(
  tx: Db,
  { id, name, active }: Pick<ApiKey, 'id' | 'name' | 'active'>,
): Promise<void> {
  const changes = { name, active, version: sql<number>`version + 1` };
  await tx.updateTable('api_keys').set(changes).where('id', '=', id).execute();
}

export async function deleteApiKey(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('api_keys').where('id', '=', id).execute();
}

/** Deletes keys of anybody. @returns them as they were, with whose they were */
export async function deleteApiKeys(
  tx: Db,
  ids: readonly string[],
): Promise<(ApiKey & { user: { id: number } })[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .deleteFrom('api_keys')
    .where('id', 'in', ids)
    .returning([...columns, 'user_id'])
    .execute();
  return rows.map((row) => ({ ...toApiKey(row), user: { id: row.user_id } }));
}

/** An active key of an active user, with its secret sealed. */
export async function findActiveKey(
  db: Db,
  id: string,
): Promise<{ userId: number; email: string; sealed: Buffer } | undefined> {
  return db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .where('api_keys.id', '=', id)
    .where('api_keys.active', '=', true)
    .where('users.status', '=', 'active')
    .select(['users.id as userId', 'users.email', 'api_keys.sealed_secret as sealed'])
    .executeTakeFirst();
}

/**
 * Notes that a key was used, at most every so many seconds, and one more request in this minute.
 * @returns how many requests the key has signed in this minute, and seconds until the next
 */
export async function countKeyUse(
  db: Db,
  id: string,
  touchAfterSeconds: number,
): Promise<{ requests: number; secondsLeft: number }> {
  const { rows } = await sql<{ requests: number; secondsLeft: number }>`
    WITH touched AS (
      UPDATE api_keys SET last_used_at = clock_timestamp() WHERE id = ${id}
        AND coalesce(last_used_at < clock_timestamp() - make_interval(secs => ${touchAfterSeconds}), true)
    )
    INSERT INTO api_key_counters AS counter (key_id, minute, requests)
    VALUES (${id}, date_trunc('minute', clock_timestamp()), 1)
    ON CONFLICT (key_id) DO UPDATE SET minute = EXCLUDED.minute,
      requests = CASE WHEN counter.minute = EXCLUDED.minute THEN counter.requests + 1 ELSE 1 END
    RETURNING requests,
      ceil(60 - extract(epoch FROM clock_timestamp() - minute))::int AS "secondsLeft"`.execute(db);
  return rows[0] ?? { requests: 1, secondsLeft: 0 };
}

/**
 * The sealed secrets of all API keys. None where there is no table for them yet, before the database is
 * made or migrated.
 */
export async function fetchSealedSecrets(db: Db): Promise<{ id: string; sealed: Buffer }[]> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT to_regclass('api_keys') IS NOT NULL AS found`.execute(db);
  if (rows[0]?.found !== true) return [];
  return db
    .selectFrom('api_keys')
    .select(['id', 'sealed_secret as sealed'])
    .orderBy('id')
    .execute();
}

interface Row {
  id: string;
  name: string;
  active: boolean;
  created_at: Date;
  last_used_at: Date | null;
  version: number;
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    active: row.active,
    created: row.created_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    version: row.version,
  };
}
