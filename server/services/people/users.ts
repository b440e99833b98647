import { ApiError } from '#contract/errors.ts';
import type { UserRole } from '#contract/permissions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchApiKeys } from '../../database/queries/people/api-keys.ts';
import { fetchHeldGrants, insertGrant } from '../../database/queries/people/grants.ts';
import { fetchTeamsOf } from '../../database/queries/people/teams.ts';
import {
  fetchUserFacts,
  fetchUsers,
  lockUser,
  updateUser,
  userListPlan,
  type UserRow,
} from '../../database/queries/people/user-rows.ts';
import { queueInvitation } from '../../database/queries/people/invitations.ts';
import { hasUsers, insertUser } from '../../database/queries/people/users.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { createInvitationLink } from './invitations.ts';
import { beginUserAct, decideUserActions, getSeenUser } from './people-access.ts';
import { toApiKey } from './present-keys.ts';
import { toGrant, toRecordedUser, toUser } from './present-people.ts';

export interface NewUser {
  email: string;
  /** Shown to others. */
  name: string;
  role: UserRole;
  /** Where the role is given; it reaches everything below. */
  at: ScopeRef;
}

/**
 * Lets somebody in who was not known before: at the first start, and on the command line.
 *
 * @returns the new user's id
 * @throws ApiError UnicityViolation when the e-mail address is taken; UnacceptableState when there is
 * nobody yet and this one could not administer everything
 */
export async function createUser(ctx: Context, user: NewUser): Promise<number> {
  const email = user.email.toLowerCase();
  const isChief = user.role === 'administrator' && user.at.scope === 'scalr';
  if (!isChief && !(await hasUsers(ctx.tx))) {
    throw new ApiError(
      'UnacceptableState',
      'The first user must be an administrator at Corporate scope, since nobody else could set anything up.',
    );
  }
  const created = await insertUser(ctx.tx, { email, name: user.name });
  if (!created) {
    throw new ApiError(
      'UnicityViolation',
      `The user ${email} exists already. Choose another e-mail address.`,
    );
  }
  await giveRole(ctx, undefined, created, user);
  return created.id;
}

/** Gives a user a role, and records that with what else has become of them. */
async function giveRole(
  ctx: Context,
  before: UserRow | undefined,
  user: UserRow,
  { role, at }: Pick<NewUser, 'role' | 'at'>,
) {
  const row = await insertGrant(ctx.tx, { to: { userId: user.id }, role, at, by: ctx.actor });
  if (!row)
    throw new ApiError('UnicityViolation', `${user.email} holds this role here already.`, {
      field: 'role',
    });
  const grant = toGrant(row);
  const change = { kind: 'grant' as const, after: grant };
  if (before === user) ctx.record(change);
  else
    ctx.record({
      kind: 'user',
      ...(before && { before: toRecordedUser(before) }),
      after: toRecordedUser(user),
      others: [change],
    });
  return grant;
}

const inviteUser: Handler<'userInvite'> = async (ctx, { body }) => {
  const { email, role, name = email } = body;
  const found = await lockUser(ctx.tx, { email });
  const user = found ? await bringBack(ctx, found) : await addUser(ctx, { email, name });
  const grant = await giveRole(ctx, found, user, { role, at: ctx.scope });
  // Whoever was there before signs in as they always do: a link would let the inviter in as them.
  const invitation = user === found ? { link: null, mailed: false } : await makeLink(ctx, user);
  return { data: { user: toUser(user), grant, ...invitation } };
};

async function addUser(ctx: Context, user: { email: string; name: string }): Promise<UserRow> {
  const created = await insertUser(ctx.tx, { ...user, invited_at: ctx.now });
  if (created) return created;
  throw new ApiError('Conflict', `${user.email} was let in by somebody else just now. Try again.`);
}

/** @returns the same user where they are there, and one who has left as they are from now on */
async function bringBack(ctx: Context, user: UserRow): Promise<UserRow> {
  if (user.status === 'active') return user;
  if (user.status === 'suspended')
    throw new ApiError('UnacceptableState', `${user.email} is suspended. Restore them first.`);
  if (!ctx.can('people.manage', { scope: 'scalr' }))
    throw new ApiError(
      'PermissionViolation',
      `${user.email} has left. Only an administrator at Corporate scope can invite them again.`,
    );
  const changes = {
    status: 'active',
    left_at: null,
    joined_at: null,
    invited_at: ctx.now,
  } as const;
  return updateUser(ctx.tx, user.id, changes);
}

/** A link for whoever invites, and a mail with another one where mail is set up. */
async function makeLink(ctx: Context, { id, email }: UserRow) {
  const { mail: mailed, address } = ctx.channels;
  const link = await createInvitationLink(ctx.tx, email, address);
  if (mailed) await queueInvitation(ctx.tx, { userId: id, by: ctx.actor, address }, ctx.now);
  return { link, mailed };
}

/** Who is known, and letting them in: docs/domain.md, "People". */
export const userHandlers = {
  userList: async (ctx, { query }) => {
    const plan = userListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['userList', ctx.scope]);
    const held = Map.groupBy(
      await fetchHeldGrants(ctx.tx, ctx.scope, ids),
      ({ holder_id }) => holder_id,
    );
    const users = await fetchUsers(ctx.tx, ids);
    return {
      data: users.map((row) => ({ ...toUser(row), grants: (held.get(row.id) ?? []).map(toGrant) })),
      page,
    };
  },

  userGet: async (ctx, { params, query }) => {
    const row = await getSeenUser(ctx, params.userId);
    const facts = await fetchUserFacts(ctx.tx, ctx.scope, row.id);
    const held = await fetchHeldGrants(ctx.tx, ctx.scope, [row.id]);
    const teams = await fetchTeamsOf(ctx.tx, ctx.scope, row.id);
    return {
      data: {
        ...toUser(row),
        grants: held.map(toGrant),
        elsewhere: facts.elsewhere > 0,
        teams: teams.map(({ team_id: id, team_name: name, source }) => ({ id, name, source })),
        apiKeys: (await fetchApiKeys(ctx.tx, row.id)).map(toApiKey),
        hasPassword: facts.hasPassword,
        passkeys: facts.passkeys,
        sessions: facts.sessions,
        farms: facts.farms,
        ...(query.include?.includes('actions') && { actions: decideUserActions(ctx, row, facts) }),
      },
    };
  },

  userInvite: inviteUser,

  userInviteAgain: async (ctx, { params }) => {
    const before = await beginUserAct(ctx, params.userId, 'invite');
    const after = await updateUser(ctx.tx, before.id, { invited_at: ctx.now });
    ctx.record({ kind: 'user', before: toRecordedUser(before), after: toRecordedUser(after) });
    return { data: await makeLink(ctx, after) };
  },
} satisfies SomeHandlers;
