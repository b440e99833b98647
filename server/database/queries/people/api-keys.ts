import { type RawBuilder, sql } from 'kysely';
import type { ApiKey } from '#contract/people/api-keys.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { Db } from '../../connection/connection.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { placeColumns } from '../records/operations-log.ts';

/** A key with the names of what it is narrowed to, and whose it is. */
export interface ApiKeyRow extends ScopedRow {
  id: string;
  user_id: number;
  name: string;
  active: boolean;
  read_only: boolean;
  expires_at: Date | null;
  created_at: Date;
  last_used_at: Date | null;
  last_used_from: string | null;
  version: number;
  account_name: string | null;
  environment_name: string | null;
}

const columns = sql`k.id, k.user_id, k.name, k.active, k.read_only, k.expires_at, k.created_at, k.last_used_at,
  k.last_used_from, k.version, k.scope, k.account_id, k.environment_id, a.name AS account_name,
  e.name AS environment_name`;

/**
 * Keys with all that they show.
 * @param from a table or a subquery under the name `k`
 */
export function selectApiKeys(from: RawBuilder<unknown>): RawBuilder<ApiKeyRow> {
  return sql<ApiKeyRow>`SELECT ${columns} FROM ${from}
    LEFT JOIN accounts a ON a.id = k.account_id LEFT JOIN environments e ON e.id = k.environment_id`;
}

/** The keys of a user, newest first. */
export async function fetchApiKeys(tx: Db, userId: number): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`${selectApiKeys(sql`api_keys k`)}
    WHERE k.user_id = ${userId} ORDER BY k.created_at DESC, k.id`.execute(tx);
  return rows;
}

/** A key as it is made. */
export interface NewKeyRow {
  id: string;
  userId: number;
  name: string;
  /** Its secret. */
  sealed: Buffer;
  readOnly?: boolean | undefined;
  expires?: string | undefined;
  /** What it reaches at most. */
  to?: ScopeRef | undefined;
}

export async function insertApiKey(tx: Db, key: NewKeyRow): Promise<ApiKeyRow> {
  const values = {
    id: key.id,
    user_id: key.userId,
    name: key.name,
    sealed_secret: key.sealed,
    read_only: key.readOnly ?? false,
    expires_at: key.expires ?? null,
    ...placeColumns(key.to ?? { scope: 'scalr' }),
  };
  await tx.insertInto('api_keys').values(values).execute();
  const { rows } = await sql<ApiKeyRow>`${selectApiKeys(sql`api_keys k`)}
    WHERE k.id = ${key.id}`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error(`API key ${key.id} vanished in its own transaction`);
  return row;
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

/** Deletes keys of anybody. @returns them as they were */
export async function deleteApiKeys(tx: Db, ids: readonly string[]): Promise<ApiKeyRow[]> {
  return deleteKeys(tx, sql`k.id = ANY(${[...ids]}::text[])`);
}

/** Deletes keys that are narrowed to a scope or to one below. @returns them as they were */
export async function deleteApiKeysBelow(tx: Db, scope: ScopeRef): Promise<ApiKeyRow[]> {
  return deleteKeys(tx, isAtOrBelow('k', scope));
}

async function deleteKeys(tx: Db, condition: RawBuilder<unknown>): Promise<ApiKeyRow[]> {
  const { rows } = await sql<ApiKeyRow>`
    WITH gone AS (DELETE FROM api_keys k WHERE ${condition} RETURNING k.*)
    ${selectApiKeys(sql`gone k`)} ORDER BY k.id`.execute(tx);
  return rows;
}

/** A key as it is signed with. */
export interface SigningKeyRow extends ScopedRow {
  userId: number;
  email: string;
  sealed: Buffer;
  read_only: boolean;
  /** When it expired; null while it has not. */
  expired: Date | null;
}

/** An active key of an active user, with its secret sealed; also one that has expired. */
export async function findActiveKey(db: Db, id: string): Promise<SigningKeyRow | undefined> {
  return db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .where('api_keys.id', '=', id)
    .where('api_keys.active', '=', true)
    .where('users.status', '=', 'active')
    .select(['users.id as userId', 'users.email', 'api_keys.sealed_secret as sealed', 'read_only'])
    .select(['scope', 'account_id', 'environment_id'])
    .select(sql<Date | null>`CASE WHEN expires_at <= now() THEN expires_at END`.as('expired'))
    .executeTakeFirst();
}

/**
 * Notes that a key was used, and from where, at most every so many seconds unless it is from elsewhere, and one more
 * request in this minute.
 * @returns how many requests the key has signed in this minute, and seconds until the next
 */
export async function countKeyUse(
  db: Db,
  id: string,
  { touchAfterSeconds, address }: { touchAfterSeconds: number; address: string },
): Promise<{ requests: number; secondsLeft: number }> {
  const { rows } = await sql<{ requests: number; secondsLeft: number }>`
    WITH touched AS (
      UPDATE api_keys SET last_used_at = clock_timestamp(), last_used_from = ${address} WHERE id = ${id}
        AND (last_used_from IS DISTINCT FROM ${address}
          OR last_used_at < clock_timestamp() - make_interval(secs => ${touchAfterSeconds}))
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
