import { randomBytes } from 'node:crypto';
import type { Db } from '../database/connection/connection.ts';
import { countKeyUse, findActiveKey } from '../database/queries/people/api-keys.ts';
import type { Narrowing } from '../domain/rights.ts';
import { scopeOf } from '../domain/scopes.ts';
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
  /** When it expired; undefined while it has not. */
  expired: Date | undefined;
  narrowing: Narrowing;
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
  const key = await findActiveKey(db, id);
  if (!key) return undefined;
  try {
    const { userId, email, sealed, expired, read_only: readOnly } = key;
    const narrowing = { to: scopeOf(key), readOnly };
    return {
      userId,
      email,
      secret: secrets.open(sealed, id),
      expired: expired ?? undefined,
      narrowing,
    };
  } catch {
    return undefined;
  }
}

/**
 * Notes a rightly signed request: when and from where the key was last used (at most every ten seconds), and one more
 * in this minute, over all processes.
 * @returns how many requests the key has signed in this minute, and seconds until the next
 */
export async function countRequest(
  db: Db,
  id: string,
  address: string,
): Promise<{ requests: number; secondsLeft: number }> {
  return countKeyUse(db, id, { touchAfterSeconds, address });
}
