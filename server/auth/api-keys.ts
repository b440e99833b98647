import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../database/connection/connection.ts';
import type { SecretBox } from './secret-box.ts';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const idLetters = 16;
const secretBytes = 30;
const touchAfterSeconds = 10;

/** A new key's id and its secret of 240 random bits. */
export function newApiKey(): { id: string; secret: string } {
  const letters = Array.from(randomBytes(idLetters), (byte) => base32[byte % 32]);
  return { id: `APIK${letters.join('')}`, secret: randomBytes(secretBytes).toString('base64url') };
}

/** A key that may sign, with whom it signs for. */
export interface SigningKey {
  userId: number;
  email: string;
  secret: string;
}

/**
 * An active key of an active user.
 * @returns undefined also when its secret cannot be opened, as after the key for secrets was changed
 */
export async function findSigningKey(
  db: Db,
  id: string,
  secrets: SecretBox,
): Promise<SigningKey | undefined> {
  const row = await db
    .selectFrom('api_keys')
    .innerJoin('users', 'users.id', 'api_keys.user_id')
    .where('api_keys.id', '=', id)
    .where('api_keys.active', '=', true)
    .where('users.status', '=', 'active')
    .select(['users.id', 'users.email', 'api_keys.sealed_secret'])
    .executeTakeFirst();
  if (!row) return undefined;
  try {
    return { userId: row.id, email: row.email, secret: secrets.open(row.sealed_secret, id) };
  } catch {
    return undefined;
  }
}

/**
 * Notes a rightly signed request: when the key was last used (at most every ten seconds), and one more
 * in this minute, over all processes.
 * @returns how many requests the key has signed in this minute, and seconds until the next
 */
export async function countRequest(
  db: Db,
  id: string,
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
