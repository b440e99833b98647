import { ApiError } from '#contract/errors.ts';
import type { Team } from '#contract/people/teams.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { deleteGrants, fetchGrantsOfTeam } from '../../database/queries/people/grants.ts';
import {
  deleteMembers,
  deleteTeamRow,
  fetchMembers,
  fetchTeams,
  findSameTeam,
  findSeenTeam,
  insertMember,
  insertTeam,
  type TeamRow,
  teamListPlan,
  updateTeamRow,
} from '../../database/queries/people/teams.ts';
import { lockUser } from '../../database/queries/people/user-rows.ts';
import { planUpdate } from '../../domain/organisation.ts';
import { isWithin } from '../../domain/rights.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { otherScopeReason } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { demandChief, getSeenUser } from './people-access.ts';
import { toGrant, toMember, toTeam, toTeamAnswer } from './present-people.ts';

/** People who hold rights together: docs/domain.md, "People". */
export const teamHandlers = {
  teamList: async (ctx, { query }) => {
    const plan = teamListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['teamList', ctx.scope]);
    return { data: (await fetchTeams(ctx.tx, ids)).map(toTeamAnswer), page };
  },

  teamGet: async (ctx, { params, query: { include = [] } }) => {
    const row = await getTeam(ctx, params.teamId);
    return {
      data: {
        ...toTeamAnswer(row),
        ...(include.includes('members') && { members: await readMembers(ctx, row.id) }),
        ...(include.includes('grants') && {
          grants: (await fetchGrantsOfTeam(ctx.tx, ctx.scope, row.id)).map(toGrant),
        }),
      },
    };
  },

  teamCreate: async (ctx, { body }) => {
    const { name, externalGroup = null } = body;
    await demandFree(ctx, { name, externalGroup });
    const by = ctx.actor;
    const id = await insertTeam(ctx.tx, { name, externalGroup, at: ctx.scope, by });
    const row = await getTeam(ctx, id);
    ctx.record({ kind: 'team', after: toTeam(row) });
    return { data: toTeamAnswer(row) };
  },

  teamUpdate: async (ctx, { params, body }) => {
    const before = await getOwnTeam(ctx, params.teamId);
    const { name, external_group } = before;
    const changes = planUpdate(
      { name, external_group },
      { name: body.name, external_group: body.externalGroup },
    );
    if (!changes) return { data: toTeamAnswer(before) };
    const wanted = { name, external_group, ...changes };
    await demandFree(ctx, { name: wanted.name, externalGroup: wanted.external_group }, before);
    await updateTeamRow(ctx.tx, before.id, changes);
    const after = await getTeam(ctx, before.id);
    ctx.record({ kind: 'team', before: toTeam(before), after: toTeam(after) });
    return { data: toTeamAnswer(after) };
  },

  teamDelete: async (ctx, { params }) => {
    const row = await getOwnTeam(ctx, params.teamId);
    const members = await fetchMembers(ctx.tx, row.id);
    const grants = await deleteGrants(ctx.tx, { teamId: row.id });
    await deleteTeamRow(ctx.tx, row.id);
    await demandChief(ctx);
    ctx.record({
      kind: 'team',
      before: toTeam(row),
      others: [
        ...grants.map((grant) => ({ kind: 'grant' as const, before: toGrant(grant) })),
        ...members.map((member) => ({ kind: 'teamMember' as const, before: toMember(member) })),
      ],
    });
    return { data: null };
  },

  teamMemberAdd: async (ctx, { params, body }) => {
    const team = await getOwnTeam(ctx, params.teamId);
    await getSeenUser(ctx, body.user.id);
    const user = await lockUser(ctx.tx, { id: body.user.id });
    if (user?.status === 'left')
      throw new ApiError('UnacceptableState', `${user.name} has left. Invite them first.`);
    const member = await insertMember(ctx.tx, team.id, body.user.id);
    if (member) ctx.record({ kind: 'teamMember', after: toMember(member) });
    return { data: toTeamAnswer(await getTeam(ctx, team.id)) };
  },

  teamMemberRemove: async (ctx, { params }) => {
    const team = await getOwnTeam(ctx, params.teamId);
    const [member] = await deleteMembers(ctx.tx, { userId: params.userId, teamId: team.id });
    if (!member)
      throw new ApiError(
        'ObjectNotFound',
        `No user with the id ${params.userId} is in the team "${team.name}".`,
      );
    await demandChief(ctx);
    ctx.record({ kind: 'teamMember', before: toMember(member) });
    return { data: null };
  },
} satisfies SomeHandlers;

async function readMembers(ctx: Context, teamId: number): Promise<NonNullable<Team['members']>> {
  const members = await fetchMembers(ctx.tx, teamId);
  return members.map(({ user_id: id, user_name: name, email, source }) => {
    return { id, name, email, source };
  });
}

/** @throws ApiError ObjectNotFound when there is no such team at the request's scope, above it or below it */
export async function getTeam(ctx: Context, id: number): Promise<TeamRow> {
  const row = await findSeenTeam(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No team has the id ${id} here. It may have been deleted, or it belongs to another scope.`,
  );
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed */
async function getOwnTeam(ctx: Context, id: number): Promise<TeamRow> {
  const row = await getTeam(ctx, id);
  if (!isWithin(scopeOf(row), ctx.scope))
    throw new ApiError('ScopeViolation', otherScopeReason(`Team "${row.name}"`, row));
  ctx.expectVersion(row.version);
  return row;
}

async function demandFree(
  ctx: Context,
  wanted: { name: string; externalGroup: string | null },
  own?: TeamRow,
): Promise<void> {
  const at = own ? scopeOf(own) : ctx.scope;
  const same = await findSameTeam(ctx.tx, at, wanted, own?.id);
  if (!same) return;
  const isGroup = wanted.externalGroup !== null && same.external_group === wanted.externalGroup;
  throw new ApiError(
    'UnicityViolation',
    isGroup
      ? `The group "${wanted.externalGroup}" is mapped to the team "${same.name}" here already.`
      : `There is a team named "${same.name}" here already. Choose another name.`,
    { field: isGroup ? 'externalGroup' : 'name' },
  );
}
