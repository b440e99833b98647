import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { writeSealed } from '../../records/seals.ts';
import type { PasskeyPurpose } from '../../schema-people.ts';

/** A passkey as its user sees it. */
export interface PasskeyRow {
  id: number;
  user_id: number;
  name: string;
  rp_id: string;
  synced: boolean;
  created_at: Date;
  last_used_at: Date | null;
  version: number;
}

const columns = [
  'id',
  'user_id',
  'name',
  'rp_id',
  'synced',
  'created_at',
  'last_used_at',
  'version',
] as const;

/** The passkeys of a user, oldest first. */
export async function fetchPasskeys(tx: Db, userId: number): Promise<PasskeyRow[]> {
  return tx
    .selectFrom('passkeys')
    .where('user_id', '=', userId)
    .orderBy('id')
    .select(columns)
    .execute();
}

/** A passkey as its authenticator and the browser know it. */
export interface KnownPasskey {
  id: string;
  transports: string[];
}

/** What an authenticator calls a user, and the passkeys of theirs that work at a host. */
export async function fetchKnownPasskeys(
  db: Db,
  userId: number,
  host: string,
): Promise<{ handle: string; passkeys: KnownPasskey[] }> {
  const { handle } = await db
    .selectFrom('users')
    .where('id', '=', userId)
    .select('handle')
    .executeTakeFirstOrThrow();
  const passkeys = await db
    .selectFrom('passkeys')
    .where('user_id', '=', userId)
    .where('rp_id', '=', host)
    .orderBy('id')
    .select(['credential_id as id', 'transports'])
    .execute();
  return { handle, passkeys };
}

/** A passkey to check an answer against. */
export interface PasskeyToCheck {
  id: number;
  user_id: number;
  email: string;
  status: 'active' | 'suspended' | 'left';
  handle: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
}

/** The passkey that an authenticator calls so at a host. */
export async function findPasskey(
  db: Db,
  credentialId: string,
  host: string,
): Promise<PasskeyToCheck | undefined> {
  return db
    .selectFrom('passkeys')
    .innerJoin('users', 'users.id', 'passkeys.user_id')
    .where('credential_id', '=', credentialId)
    .where('rp_id', '=', host)
    .select(['passkeys.id', 'user_id', 'email', 'status', 'handle'])
    .select(['public_key', 'counter', 'transports'])
    .executeTakeFirst();
}

/** @returns undefined where the authenticator is known already, whosever it is */
export async function insertPasskey(
  tx: Db,
  passkey: {
    userId: number;
    credentialId: string;
    name: string;
    host: string;
    publicKey: Buffer;
    counter: number;
    transports: readonly string[];
    synced: boolean;
  },
): Promise<PasskeyRow | undefined> {
  return writeSealed(tx, 'passkeys', sql`credential_id = ${passkey.credentialId}`, (sealed) =>
    sealed
      .insertInto('passkeys')
      .values({
        user_id: passkey.userId,
        credential_id: passkey.credentialId,
        name: passkey.name,
        rp_id: passkey.host,
        public_key: passkey.publicKey,
        counter: passkey.counter,
        transports: [...passkey.transports],
        synced: passkey.synced,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning(columns)
      .executeTakeFirst(),
  );
}

/**
 * Notes that a passkey was used, if its counter is still what the answer was compared with: of two answers at once
 * one counts.
 * @returns whether it was
 */
export async function notePasskeyUse(
  tx: Db,
  { id, known, counter, synced }: { id: number; known: number; counter: number; synced: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('passkeys')
    .set({ counter, synced, last_used_at: sql`clock_timestamp()` })
    .where('id', '=', id)
    .where('counter', '=', known)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function renamePasskey(tx: Db, id: number, name: string): Promise<PasskeyRow> {
  return tx
    .updateTable('passkeys')
    .set({ name, version: sql`version + 1` })
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** Deletes one passkey of a user, or all of them. @returns them as they were */
export async function deletePasskeys(tx: Db, userId: number, id?: number): Promise<PasskeyRow[]> {
  const all = tx.deleteFrom('passkeys').where('user_id', '=', userId);
  return (id === undefined ? all : all.where('id', '=', id)).returning(columns).execute();
}

/** How long an authenticator may take to answer. */
export const challengeMinutes = 5;

/** Keeps what an authenticator is to sign, and forgets what none has signed in time. */
export async function insertChallenge(
  db: Db,
  hash: Buffer,
  purpose: PasskeyPurpose,
  userId: number | undefined,
): Promise<void> {
  await sql`
    WITH late AS (DELETE FROM passkey_challenges WHERE challenge_hash IN (
      SELECT challenge_hash FROM passkey_challenges WHERE expires_at < clock_timestamp()
      LIMIT 100 FOR UPDATE SKIP LOCKED))
    INSERT INTO passkey_challenges (challenge_hash, purpose, user_id, expires_at)
    VALUES (${hash}, ${purpose}, ${userId ?? null},
      clock_timestamp() + make_interval(mins => ${challengeMinutes}))`.execute(db);
}

/**
 * Uses up a challenge, whatever comes of its answer: of many at once exactly one gets it.
 * @returns whether it was open, and meant for this
 */
export async function takeChallenge(
  db: Db,
  hash: Buffer,
  purpose: PasskeyPurpose,
  userId: number | undefined,
): Promise<boolean> {
  const isOpen: RawBuilder<boolean> = sql<boolean>`expires_at > clock_timestamp()
    AND purpose = ${purpose} AND user_id IS NOT DISTINCT FROM ${userId ?? null}::integer`;
  const row = await db
    .deleteFrom('passkey_challenges')
    .where('challenge_hash', '=', hash)
    .returning(isOpen.as('isOpen'))
    .executeTakeFirst();
  return row?.isOpen === true;
}

/** What somebody signs in with beside passkeys, and whether they want one asked for after their password. */
export interface WaysRow {
  isChosen: boolean;
  hasPassword: boolean;
  hasProvider: boolean;
}

export async function fetchWays(db: Db, userId: number): Promise<WaysRow> {
  const { rows } = await sql<WaysRow>`
    SELECT second_step AS "isChosen", EXISTS (SELECT FROM passwords p WHERE p.user_id = u.id) AS "hasPassword",
      EXISTS (SELECT FROM user_identities i WHERE i.user_id = u.id) AS "hasProvider"
    FROM users u WHERE u.id = ${userId}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error(`User ${userId} vanished`);
  return row;
}

export async function setSecondStep(tx: Db, userId: number, on: boolean): Promise<void> {
  await tx.updateTable('users').set({ second_step: on }).where('id', '=', userId).execute();
}
