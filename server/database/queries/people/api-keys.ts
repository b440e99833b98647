import { sql } from 'kysely';
import type { ApiKey } from '#contract/people/api-keys.ts';
import type { Db } from '../../connection/connection.ts';

const columns = ['id', 'name', 'active', 'created_at', 'last_used_at'] as const;

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

export async function updateApiKey(
  tx: Db,
  { id, name, active }: Pick<ApiKey, 'id' | 'name' | 'active'>,
): Promise<void> {
  await tx.updateTable('api_keys').set({ name, active }).where('id', '=', id).execute();
}

export async function deleteApiKey(tx: Db, id: string): Promise<void> {
  await tx.deleteFrom('api_keys').where('id', '=', id).execute();
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
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    active: row.active,
    created: row.created_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
  };
}
