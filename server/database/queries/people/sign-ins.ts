import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { takeAttemptLock } from '../../connection/locks.ts';
import { chainSignIns } from '../../records/sign-in-chain.ts';
import type { SignInWay } from '../../schema-people.ts';

/** How somebody tried to sign in, and from where. */
export interface SignInTry {
  way: SignInWay;
  /** In lower case; undefined where nobody said who they are. */
  email?: string | undefined;
  origin: string;
  /** Whose attempts are counted together. */
  network: string;
}

/** More failures of one network in a quarter of an hour than this tell nothing new. */
const mostFailures = 60;

/** Records that somebody signed in, and that they have joined if it is their first time. */
export async function recordSignIn(
  tx: Db,
  userId: number,
  attempt: Omit<SignInTry, 'email'>,
): Promise<void> {
  await sql`
    UPDATE users SET joined_at = clock_timestamp() WHERE id = ${userId} AND joined_at IS NULL`.execute(
    tx,
  );
  const { rows } = await sql<{ id: number }>`
    INSERT INTO sign_ins (way, outcome, user_id, email, origin, network)
    SELECT ${attempt.way}, 'signed-in', id, email, ${attempt.origin}, ${attempt.network}
    FROM users WHERE id = ${userId} RETURNING id`.execute(tx);
  await chain(tx, rows);
}

/** What was settled has its place in the chain. */
async function chain(tx: Db, rows: readonly { id: number }[]): Promise<void> {
  if (rows.length > 0)
    await chainSignIns(
      tx,
      rows.map(({ id }) => id),
    );
}

/** Records that somebody did not. @param outcome what was wrong, in a word */
export async function recordFailedSignIn(
  db: Db,
  outcome: string,
  { way, email, origin, network }: SignInTry,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: number }>`
      INSERT INTO sign_ins (way, outcome, email, origin, network)
      SELECT ${way}, ${outcome}, ${email ?? null}, ${origin}, ${network}
      WHERE (SELECT count(*) FROM sign_ins s WHERE s.network = ${network} AND s.outcome <> 'signed-in'
        AND s.at > clock_timestamp() - interval '15 minutes') < ${mostFailures} RETURNING id`.execute(
      tx,
    );
    await chain(tx, rows);
  });
}

/** Whether an active user administers Corporate. */
export async function hasAdministrator(tx: Db): Promise<boolean> {
  const row = await tx
    .selectFrom('held_grants')
    .innerJoin('users', 'users.id', 'held_grants.user_id')
    .where('users.status', '=', 'active')
    .where('held_grants.role', '=', 'administrator')
    .where('held_grants.scope', '=', 'scalr')
    .select('users.id')
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** How often a password may be wrong within a quarter of an hour: docs/domain.md, "Passwords". */
export const passwordLimits = {
  /** Of one account from one network. */
  ofPair: 5,
  /** From one network, whatever the account. */
  ofNetwork: 30,
  /** Of one account, from networks that it never signed in from. */
  ofAccount: 50,
};

/**
 * Counts an attempt as a wrong one until it is known better, so that attempts at the same time cannot be more than
 * the limits allow.
 * @returns its id, or after how many seconds to try again
 */
export async function reserveAttempt(
  db: Db,
  { email, origin, network }: Required<Omit<SignInTry, 'way'>>,
): Promise<{ id: number } | { retryAfterSeconds: number }> {
  return db.transaction().execute(async (tx) => {
    await takeAttemptLock(tx, [network, email]);
    const retryAfterSeconds = await findWait(tx, email, network);
    if (retryAfterSeconds !== undefined) return { retryAfterSeconds };
    return tx
      .insertInto('sign_ins')
      .values({ way: 'password', outcome: 'trying', email, origin, network })
      .returning('id')
      .executeTakeFirstOrThrow();
  });
}

/** After how many seconds one more attempt is within the limits; undefined for now. */
async function findWait(tx: Db, email: string, network: string): Promise<number | undefined> {
  const { ofPair, ofNetwork, ofAccount } = passwordLimits;
  const { rows } = await sql<{ isOver: boolean; seconds: number }>`
    WITH recent AS MATERIALIZED (
      SELECT s.at, s.email, s.network FROM sign_ins s
      WHERE (s.network = ${network} OR s.email = ${email}) AND s.way = 'password'
        AND s.outcome IN ('trying', 'wrong-password') AND s.at > clock_timestamp() - interval '15 minutes'),
    own AS (
      SELECT max(s.at) AS at FROM sign_ins s
      WHERE s.network = ${network} AND s.email = ${email} AND s.outcome = 'signed-in'
        AND s.at > clock_timestamp() - interval '90 days')
    SELECT count(*) FILTER (WHERE r.network = ${network} AND r.email = ${email}
        AND r.at > coalesce(own.at, '-infinity')) >= ${ofPair}
      OR count(*) FILTER (WHERE r.network = ${network}) >= ${ofNetwork}
      OR (own.at IS NULL AND count(*) FILTER (WHERE r.email = ${email}) >= ${ofAccount}) AS "isOver",
      ceil(extract(epoch FROM min(r.at) + interval '15 minutes' - clock_timestamp()))::integer AS seconds
    FROM recent r CROSS JOIN own GROUP BY own.at`.execute(tx);
  const [found] = rows;
  return found?.isOver === true ? Math.max(1, found.seconds) : undefined;
}

/** An attempt that was none, or that succeeded and is recorded as a sign-in. */
export async function dropAttempt(db: Db, id: number): Promise<void> {
  await db.deleteFrom('sign_ins').where('id', '=', id).execute();
}

/** What came of an attempt that did not succeed. */
export async function failAttempt(
  db: Db,
  id: number,
  outcome: 'wrong-password' | 'suspended',
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.updateTable('sign_ins').set({ outcome }).where('id', '=', id).execute();
    await chain(tx, [{ id }]);
  });
}

/** How many links have been asked for within a quarter of an hour, this time included, for an address and from a network. */
export async function countLinkRequest(
  tx: Db,
  { email, origin, network }: Required<Omit<SignInTry, 'way'>>,
): Promise<{ ofEmail: number; ofNetwork: number }> {
  const { rows } = await sql<{ id: number; ofEmail: number; ofNetwork: number }>`
    WITH asked AS (
      INSERT INTO sign_ins (way, outcome, email, origin, network)
      VALUES ('link', 'link-asked', ${email}, ${origin}, ${network}) RETURNING id)
    SELECT (SELECT id FROM asked), 1 + count(*) FILTER (WHERE s.email = ${email})::integer AS "ofEmail",
      1 + count(*) FILTER (WHERE s.network = ${network})::integer AS "ofNetwork"
    FROM sign_ins s WHERE (s.network = ${network} OR s.email = ${email})
      AND s.outcome = 'link-asked' AND s.at > clock_timestamp() - interval '15 minutes'`.execute(
    tx,
  );
  await chain(tx, rows);
  return rows[0] ?? { ofEmail: 1, ofNetwork: 1 };
}
