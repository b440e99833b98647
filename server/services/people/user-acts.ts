import { ApiError } from '#contract/errors.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import { isInAccount } from '../../database/queries/farms/farm-writes.ts';
import { fetchFarms } from '../../database/queries/farms/farms.ts';
import { deleteApiKeys, fetchApiKeys } from '../../database/queries/people/api-keys.ts';
import { deleteGrants } from '../../database/queries/people/grants.ts';
import { queueLinkMail } from '../../database/queries/people/link-mails.ts';
import { deletePasskeys, type PasskeyRow } from '../../database/queries/people/passkeys.ts';
import { deletePassword } from '../../database/queries/people/passwords.ts';
import { deleteMembers } from '../../database/queries/people/teams.ts';
import {
  endSessions,
  fetchOwnedFarms,
  handOverFarms,
  lockUser,
  updateUser,
  type UserRow,
} from '../../database/queries/people/user-rows.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { toFarm } from '../farms/farm-access.ts';
import { type Change, changesOf } from '../log-entry.ts';
import { beginUserAct, demandChief } from './people-access.ts';
import { toRecordedKey, toRecordedPasskey } from './present-keys.ts';
import { toGrant, toMember, toRecordedUser, toUser } from './present-people.ts';
import { resetMinutes } from './sign-in.ts';

function recordUser(ctx: Context, before: UserRow, after: UserRow, others: Change[] = []): void {
  ctx.record({
    kind: 'user',
    before: toRecordedUser(before),
    after: toRecordedUser(after),
    others,
  });
}

const toRemoval = (row: PasskeyRow): Change => ({
  kind: 'passkey',
  before: toRecordedPasskey(row),
});

const suspendUser: Handler<'userSuspend'> = async (ctx, { params }) => {
  const before = await beginUserAct(ctx, params.userId, 'suspend');
  const changes = { status: 'suspended', suspended_at: ctx.now } as const;
  const after = await updateUser(ctx.tx, before.id, changes);
  await endSessions(ctx.tx, before.id);
  await demandChief(ctx);
  recordUser(ctx, before, after);
  return { data: toUser(after) };
};

const restoreUser: Handler<'userRestore'> = async (ctx, { params }) => {
  const before = await beginUserAct(ctx, params.userId, 'restore');
  const after = await updateUser(ctx.tx, before.id, { status: 'active', suspended_at: null });
  recordUser(ctx, before, after);
  return { data: toUser(after) };
};

const endUserSessions: Handler<'userEndSessions'> = async (ctx, { params }) => {
  const before = await beginUserAct(ctx, params.userId, 'endSessions');
  await endSessions(ctx.tx, before.id);
  const after = await updateUser(ctx.tx, before.id, {});
  recordUser(ctx, before, after);
  return { data: toUser(after) };
};

/**
 * For who has lost what they sign in with, or fears that somebody else has it. Where mail is set up, the link goes to
 * them alone: an administrator who had it could come in as them.
 */
const resetSignIn: Handler<'userResetSignIn'> = async (ctx, { params }) => {
  const before = await beginUserAct(ctx, params.userId, 'resetSignIn');
  const passkeys = await deletePasskeys(ctx.tx, before.id);
  await deletePassword(ctx.tx, before.id);
  await endSessions(ctx.tx, before.id);
  const after = await updateUser(ctx.tx, before.id, { second_step: false });
  recordUser(ctx, before, after, passkeys.map(toRemoval));
  const { email } = after;
  const { mail: mailed, address } = ctx.channels;
  if (mailed) {
    await queueLinkMail(ctx.tx, { email, address, by: ctx.actor }, ctx.now);
    return { data: { user: toUser(after), link: null, mailed } };
  }
  const made = { email, baseUrl: address, minutesValid: resetMinutes };
  const { url, expires } = await createSignInLink(ctx.tx, made);
  return { data: { user: toUser(after), link: { url, expires: expires.toISOString() }, mailed } };
};

/** A user leaves for good; what they did stays under their name. */
const removeUser: Handler<'userRemove'> = async (ctx, { params, body }) => {
  const before = await beginUserAct(ctx, params.userId, 'remove');
  const farms = await handOver(ctx, before, body.newOwner?.id);
  const grants = await deleteGrants(ctx.tx, { userId: before.id });
  const members = await deleteMembers(ctx.tx, { userId: before.id });
  const ids = (await fetchApiKeys(ctx.tx, before.id)).map(({ id }) => id);
  const keys = await deleteApiKeys(ctx.tx, ids);
  const passkeys = await deletePasskeys(ctx.tx, before.id);
  await endSessions(ctx.tx, before.id);
  const left = { status: 'left', left_at: ctx.now, suspended_at: null } as const;
  const changes = { ...left, second_step: false };
  const after = await updateUser(ctx.tx, before.id, changes);
  await demandChief(ctx);
  recordUser(ctx, before, after, [
    ...farms,
    ...grants.map((row) => ({ kind: 'grant' as const, before: toGrant(row) })),
    ...members.map((row) => ({ kind: 'teamMember' as const, before: toMember(row) })),
    ...keys.map((row) => ({ kind: 'apiKey' as const, before: toRecordedKey(row) })),
    ...passkeys.map(toRemoval),
  ]);
  return { data: toUser(after) };
};

/** @throws ApiError InvalidValue, where there are farms, without a new owner who may see them all */
async function handOver(ctx: Context, user: UserRow, to: number | undefined): Promise<Change[]> {
  const ids = await fetchOwnedFarms(ctx.tx, user.id);
  if (ids.length === 0) return [];
  const before = await fetchFarms(ctx.tx, ids);
  const refuse = (message: string) => new ApiError('InvalidValue', message, { field: 'newOwner' });
  if (to === undefined)
    throw refuse(
      `${user.name} owns ${ids.length === 1 ? 'a farm' : `${ids.length} farms`}. Name who gets ${ids.length === 1 ? 'it' : 'them'}.`,
    );
  if (to === user.id) throw refuse('The farms need another owner than who leaves.');
  await lockUser(ctx.tx, { id: to });
  for (const accountId of new Set(before.map(({ account_id }) => account_id))) {
    if (await isInAccount(ctx.tx, to, accountId)) continue;
    const farm = before.find(({ account_id }) => account_id === accountId);
    throw refuse(
      `The new owner must be active and hold a right in account "${farm?.account_name}", where ${user.name} owns "${farm?.name}".`,
    );
  }
  await handOverFarms(ctx.tx, user.id, to);
  const after = await fetchFarms(ctx.tx, ids);
  return changesOf('farm', before.map(toFarm), after.map(toFarm));
}

/** What administrators do with people: docs/domain.md, "People". */
export const userActHandlers = {
  userSuspend: suspendUser,
  userRestore: restoreUser,
  userEndSessions: endUserSessions,
  userResetSignIn: resetSignIn,
  userRemove: removeUser,
} satisfies SomeHandlers;
