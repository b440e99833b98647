import { randomBytes } from 'node:crypto';
import type { Db } from '../database/connection/connection.ts';
import { countKeyUse, findActiveKey } from '../database/queries/people/api-keys.ts';
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
  const key = await findActiveKey(db, id);
  if (!key) return undefined;
  try {
    return { userId: key.userId, email: key.email, secret: secrets.open(key.sealed, id) };
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
  return countKeyUse(db, id, touchAfterSeconds);
}
