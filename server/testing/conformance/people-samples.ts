import type { OperationId } from '#contract/operations.ts';
import { hashPassword } from '../../auth/password-hashes.ts';
import { createSession, hashToken } from '../../auth/sessions.ts';
import { upsertPassword } from '../../database/queries/people/passwords.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { randomName } from '../harness.ts';
import { createKey } from '../signed-client.ts';
import { insertPasskeyOfAsker } from './passkey-samples.ts';
import type { Place } from './place.ts';

type Make<Value> = (place: Place) => Promise<Value>;

/** Somebody who holds a role at the scope. @returns their number */
export async function insertUserAt(
  { db, at }: Place,
  how: { status?: 'suspended'; invited_at?: Date } = {},
): Promise<number> {
  const email = `${randomName('user')}@example.com`;
  const values = { email, name: email, ...how };
  const { id } = await db
    .insertInto('users')
    .values(values)
    .returning('id')
    .executeTakeFirstOrThrow();
  const grant = { user_id: id, role: 'viewer' as const, ...placeColumns(at) };
  await db.insertInto('grants').values(grant).execute();
  return id;
}

async function insertTeamAt({ db, at }: Place, members: readonly number[] = []): Promise<number> {
  const values = { name: randomName('team'), created_by: 'test', ...placeColumns(at) };
  const { id } = await db
    .insertInto('teams')
    .values(values)
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const userId of members)
    await db.insertInto('team_members').values({ team_id: id, user_id: userId }).execute();
  return id;
}

/** Something that whoever asks wants to be told of. */
export async function insertSubscriptionOfAsker({ db, tenant }: Place) {
  const users = db.selectFrom('users').where('email', '=', tenant.corporateAdmin.email);
  const { id: user_id } = await users.select('id').executeTakeFirstOrThrow();
  const values = { user_id, events: ['replacementApplied'], channel: 'mail' as const, address: '' };
  return db
    .insertInto('subscriptions')
    .values({ ...values, ...placeColumns(tenant.corporate) })
    .returning(['id', 'end_token'])
    .executeTakeFirstOrThrow();
}

/** What parameters of people stand for. */
export const peopleObjects: Record<string, Make<number>> = {
  userId: (place) => insertUserAt(place),
  teamId: (place) => insertTeamAt(place),
  subscriptionId: async (place) => (await insertSubscriptionOfAsker(place)).id,
  passkeyId: async (place) => (await insertPasskeyOfAsker(place)).id,
  grantId: async (place) => {
    const userId = await insertUserAt(place);
    const grant = place.db.selectFrom('grants').where('user_id', '=', userId).select('id');
    return (await grant.executeTakeFirstOrThrow()).id;
  },
};

/** Of who asks, in another browser. @returns its id */
export async function anotherSession({ db, tenant }: Place): Promise<string> {
  const users = db.selectFrom('users').where('email', '=', tenant.corporateAdmin.email);
  const { id } = await users.select('id').executeTakeFirstOrThrow();
  return hashToken((await createSession(db, id)).token)
    .toString('hex')
    .slice(0, 8);
}

/** People who must be in some state for the operation to be possible. */
export const peopleInState: Partial<Record<OperationId, Make<Record<string, string | number>>>> = {
  userRestore: async (place) => ({ userId: await insertUserAt(place, { status: 'suspended' }) }),
  userInviteAgain: async (place) => {
    return { userId: await insertUserAt(place, { invited_at: new Date() }) };
  },
  teamList: async (place) => {
    await insertTeamAt(place);
    return {};
  },
  teamMemberRemove: async (place) => {
    const userId = await insertUserAt(place);
    return { teamId: await insertTeamAt(place, [userId]), userId };
  },
  subscriptionList: async (place) => {
    await insertSubscriptionOfAsker(place);
    return {};
  },
  passkeyList: async (place) => {
    await insertPasskeyOfAsker(place);
    return {};
  },
  sessionEndOthers: async (place) => ({ sessionId: await anotherSession(place) }),
  // Of somebody who reaches nothing beyond the scope.
  userKeyDisable: async ({ db, tenant, at }) => {
    const { environmentAdmin, accountAdmin, corporateAdmin } = tenant;
    const owner = { environment: environmentAdmin, account: accountAdmin, scalr: corporateAdmin };
    return { keyId: (await createKey(db, owner[at.scope].email)).id };
  },
};

/** What signs in somebody who has a password. */
export async function passwordOf({ db, tenant: { viewer } }: Place) {
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', viewer.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const password = 'some words in a row';
  await upsertPassword(db, id, await hashPassword(password));
  return { email: viewer.email, password };
}
