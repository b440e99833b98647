import { ApiError } from '#contract/errors.ts';
import { permissions, rolePermissions } from '#contract/permissions.ts';
import type { Ability } from '#contract/people/grants.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchUsersWhoMay } from '../../database/queries/people/able-users.ts';
import {
  accessListPlan,
  deleteGrants,
  fetchAccess,
  fetchEffectiveGrants,
  findGrantWithin,
  type GrantRow,
  type Holder,
  insertGrant,
} from '../../database/queries/people/grants.ts';
import { lockUser } from '../../database/queries/people/user-rows.ts';
import { isWithin } from '../../domain/rights.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { demandChief, getSeenUser } from './people-access.ts';
import { toAccess, toGrant, toThrough } from './present-people.ts';
import { getTeam } from './teams.ts';

/** How many administrators are named to somebody who lacks a right. */
const askedAtMost = 5;
/** A right is given and taken, and never changed. */
const onlyVersion = 1;

/** Who may do what, and giving and taking rights: docs/domain.md, "People". */
export const grantHandlers = {
  accessList: async (ctx, { query }) => {
    const plan = accessListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['accessList', ctx.scope]);
    return { data: (await fetchAccess(ctx.tx, ids)).map(toAccess), page };
  },

  abilityGet: async (ctx) => {
    if (ctx.principal.kind === 'user')
      return { data: await findAbilities(ctx, ctx.principal.id, true) };
    return {
      data: permissions.map((permission) => ({ permission, allowed: true, through: [], ask: [] })),
    };
  },

  userAbilityGet: async (ctx, { params }) => {
    const user = await getSeenUser(ctx, params.userId);
    return { data: await findAbilities(ctx, user.id, user.status === 'active') };
  },

  grantCreate: async (ctx, { body }) => {
    const to = await getHolder(ctx, body);
    const grant = { to, role: body.role, at: ctx.scope, by: ctx.actor };
    const row = await insertGrant(ctx.tx, grant);
    if (!row)
      throw new ApiError('UnicityViolation', 'This role is held here already.', { field: 'role' });
    const data = toGrant(row);
    ctx.record({ kind: 'grant', after: data });
    return { data };
  },

  grantGet: async (ctx, { params }) => ({
    data: toGrant(await getGrant(ctx, params.grantId)),
    version: onlyVersion,
  }),

  grantDelete: async (ctx, { params }) => {
    const row = await getGrant(ctx, params.grantId);
    ctx.expectVersion(onlyVersion);
    await deleteGrants(ctx.tx, { id: row.id });
    await demandChief(ctx);
    ctx.record({ kind: 'grant', before: toGrant(row) });
    return { data: null };
  },
} satisfies SomeHandlers;

/** @throws ApiError ObjectNotFound when no such right was given at the request's scope or below it */
async function getGrant(ctx: Context, id: number): Promise<GrantRow> {
  const row = await findGrantWithin(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No right with the id ${id} was given here or below. Rights are taken away where they were given, or above.`,
  );
}

/** @throws ApiError InvalidValue, ObjectNotFound, UnacceptableState */
async function getHolder(
  ctx: Context,
  { user, team }: { user?: { id: number } | undefined; team?: { id: number } | undefined },
): Promise<Holder> {
  if (team && !user) {
    const row = await getTeam(ctx, team.id);
    // A team lives within its scope: what it is given elsewhere would outlive it there.
    if (isWithin(ctx.scope, scopeOf(row))) return { teamId: row.id };
    throw new ApiError(
      'ScopeViolation',
      `Team "${row.name}" can be given roles at its own scope and below it, not here.`,
      { field: 'team' },
    );
  }
  if (!user || team)
    throw new ApiError('InvalidValue', 'Name either a user or a team that gets the role.', {
      field: user ? 'team' : 'user',
    });
  await getSeenUser(ctx, user.id);
  const row = await lockUser(ctx.tx, { id: user.id });
  if (row?.status === 'left')
    throw new ApiError('UnacceptableState', `${row.name} has left. Invite them first.`);
  return { userId: user.id };
}

async function findAbilities(ctx: Context, userId: number, isActive: boolean): Promise<Ability[]> {
  const held = await fetchEffectiveGrants(ctx.tx, ctx.scope, userId);
  const through = (permission: Ability['permission']) =>
    held.filter(({ role }) => rolePermissions[role].includes(permission)).map(toThrough);
  const abilities = permissions.map((permission) => ({ permission, through: through(permission) }));
  const lacks = abilities.some((one) => one.through.length === 0);
  const { users } = lacks
    ? await fetchUsersWhoMay(ctx.tx, ['people.manage'], ctx.scope, askedAtMost)
    : { users: [] };
  return abilities.map((one) => {
    const allowed = isActive && one.through.length > 0;
    return { ...one, allowed, ask: allowed ? [] : users };
  });
}
