import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { writeSealed } from '../../records/seals.ts';

interface UserRow {
  id: number;
  status: 'active' | 'suspended' | 'left';
}

/** Who somebody is at a provider, for ever. */
export interface Identity {
  issuer: string;
  subject: string;
}

/** The user who is bound to an identity. */
export async function findBoundUser(
  tx: Db,
  { issuer, subject }: Identity,
): Promise<(UserRow & { email: string }) | undefined> {
  return tx
    .selectFrom('user_identities')
    .innerJoin('users', 'users.id', 'user_identities.user_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .select(['users.id', 'users.status', 'users.email'])
    .executeTakeFirst();
}

/** The user with an e-mail address, and whether they are bound to any identity of an issuer. */
export async function findInvitedUser(
  tx: Db,
  email: string,
  issuer: string,
): Promise<(UserRow & { isBound: boolean }) | undefined> {
  return tx
    .selectFrom('users')
    .where('email', '=', email)
    .select(['id', 'status'])
    .select((row) =>
      row
        .exists(
          row
            .selectFrom('user_identities')
            .whereRef('user_identities.user_id', '=', 'users.id')
            .where('issuer', '=', issuer)
            .select('subject'),
        )
        .$castTo<boolean>()
        .as('isBound'),
    )
    .executeTakeFirst();
}

export async function insertIdentity(
  tx: Db,
  userId: number,
  { issuer, subject }: Identity,
): Promise<void> {
  const own = sql`issuer = ${issuer} AND subject = ${subject}`;
  await writeSealed(tx, 'user_identities', own, (within) =>
    within.insertInto('user_identities').values({ issuer, subject, user_id: userId }).execute(),
  );
}

/** A user in a team, because a provider says so. */
export interface MembershipRow {
  team_id: number;
  user_id: number;
}

/**
 * Puts a user into the teams of some groups of a provider, and takes them out of those that it put them into
 * before. Who was put there by an administrator stays.
 */
export async function matchTeams(
  tx: Db,
  userId: number,
  groups: readonly string[],
): Promise<{ joined: MembershipRow[]; left: MembershipRow[] }> {
  const wanted = sql`SELECT id FROM teams WHERE external_group = ANY(${[...groups]}::text[])`;
  const left = await sql<MembershipRow>`
    DELETE FROM team_members WHERE user_id = ${userId} AND source = 'oidc' AND team_id NOT IN (${wanted})
    RETURNING team_id, user_id`.execute(tx);
  const joined = await joinTeams(tx, userId, wanted);
  return { joined, left: left.rows };
}

/** Puts a user back into teams that a provider put them into. */
export async function rejoinTeams(tx: Db, rows: readonly MembershipRow[]): Promise<void> {
  for (const { user_id: userId, team_id: teamId } of rows)
    await joinTeams(tx, userId, sql`SELECT ${teamId}::integer`);
}

async function joinTeams(
  tx: Db,
  userId: number,
  teams: ReturnType<typeof sql>,
): Promise<MembershipRow[]> {
  const { rows } = await sql<MembershipRow>`
    INSERT INTO team_members (team_id, user_id, source)
    SELECT wanted.id, ${userId}, 'oidc' FROM (${teams}) AS wanted (id)
    ON CONFLICT DO NOTHING RETURNING team_id, user_id`.execute(tx);
  return rows;
}
