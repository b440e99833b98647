import { ApiError, type Blocker } from '#contract/errors.ts';
import type { Farm } from '#contract/farms/farms.ts';
import { copyFarmRoles, fetchFarmMembers } from '../../database/queries/farms/farm-role-writes.ts';
import { fetchFarmRoles, fetchFarmRolesOf } from '../../database/queries/farms/farm-roles.ts';
import {
  deleteFarmRows,
  insertFarm,
  isFarmNameTaken,
  isInAccount,
  updateFarm,
} from '../../database/queries/farms/farm-writes.ts';
import { countUnended } from '../../database/queries/farms/server-writes.ts';
import { fetchServersOf } from '../../database/queries/farms/servers.ts';
import { findFarmDeletionRefusal } from '../../domain/farms/farms.ts';
import { findObservedRefusal } from '../../domain/inventory/observed-refusal.ts';
import { planUpdate } from '../../domain/organisation.ts';
import type { Context, SomeHandlers } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { demandProject } from '../organisation/projects.ts';
import { refuseIf } from '../refuse.ts';
import { environmentOf, getFarm, getOpenFarm, toFarm, toFarmRole } from './farm-access.ts';
import { toServer } from './servers.ts';

/** What changes farms themselves: docs/domain.md, "Farms". */
export const farmEditHandlers = {
  farmCreate: async (ctx, { body }) => {
    await demandFreeName(ctx, body.name);
    if (body.project) await demandProject(ctx, body.project.id);
    const { accountId, environmentId } = environmentOf(ctx);
    const id = await insertFarm(ctx.tx, {
      account_id: accountId,
      environment_id: environmentId,
      name: body.name,
      description: body.description ?? '',
      owner_id: callerId(ctx),
      timezone: body.timezone ?? 'UTC',
      launch_order: toOrder(body.launchOrder ?? 'simulatenous'),
      project_id: body.project?.id ?? null,
      added_at: ctx.now,
    });
    const farm = await readFarm(ctx, id);
    ctx.record({ kind: 'farm', after: farm });
    return { data: farm };
  },

  farmUpdate: async (ctx, { params, body }) => {
    const row = await getOpenFarm(ctx, params.farmId);
    const { name, description, timezone, launch_order, project_id, owner_id } = row;
    const changes = planUpdate(
      { name, description, timezone, launch_order, project_id, owner_id },
      {
        name: body.name,
        description: body.description,
        timezone: body.timezone,
        launch_order: body.launchOrder && toOrder(body.launchOrder),
        project_id: body.project === null ? null : body.project?.id,
        owner_id: body.owner?.id,
      },
    );
    if (!changes) return { data: toFarm(row) };
    if (changes.name !== undefined) await demandFreeName(ctx, changes.name, row.id);
    if (changes.project_id) await demandProject(ctx, changes.project_id);
    if (changes.owner_id !== undefined) await demandOwner(ctx, changes.owner_id);
    await updateFarm(ctx.tx, row.id, changes);
    const farm = await readFarm(ctx, row.id);
    ctx.record({ kind: 'farm', before: toFarm(row), after: farm });
    return { data: farm };
  },

  farmDelete: async (ctx, { params }) => {
    const row = await getFarm(ctx, params.farmId);
    ctx.expectVersion(row.version);
    const servers = await countUnended(ctx.tx, { farmId: row.id });
    refuseIf(findFarmDeletionRefusal(row, servers));
    const others = await listParts(ctx, row.id);
    await deleteFarmRows(ctx.tx, row.id);
    ctx.record({ kind: 'farm', before: toFarm(row), others });
    return { data: null };
  },

  farmClone: async (ctx, { params, body }) => {
    const row = await getFarm(ctx, params.farmId);
    ctx.expectVersion(row.version);
    refuseIf(findObservedRefusal(row));
    await demandFreeName(ctx, body.name);
    await refuseDeprecatedRoles(ctx, row);
    const id = await insertFarm(ctx.tx, {
      account_id: row.account_id,
      environment_id: row.environment_id,
      name: body.name,
      description: row.description,
      owner_id: callerId(ctx),
      timezone: row.timezone,
      launch_order: row.launch_order,
      project_id: row.project_id,
      added_at: ctx.now,
    });
    const copied = await copyFarmRoles(ctx.tx, { farmId: row.id }, id, ctx.now);
    const farm = await readFarm(ctx, id);
    const farmRoles = (await fetchFarmRoles(ctx.tx, copied)).map(toFarmRole);
    ctx.record({
      kind: 'farm',
      after: farm,
      others: [
        { kind: 'farm', id: row.id },
        ...farmRoles.map((after) => ({ kind: 'farmRole' as const, after })),
      ],
    });
    return { data: farm };
  },
} satisfies SomeHandlers;

/** A farm as it is after a change in this transaction. */
export async function readFarm(ctx: Context, id: number): Promise<Farm> {
  return toFarm(await getFarm(ctx, id));
}

/** What goes with a farm: its farm roles, and its servers, all of which have ended. */
async function listParts(ctx: Context, id: number): Promise<Change[]> {
  const farmRoles = await fetchFarmRolesOf(ctx.tx, id);
  const servers = await fetchServersOf(ctx.tx, { farmId: id });
  return [
    ...farmRoles.map((row) => ({ kind: 'farmRole' as const, before: toFarmRole(row) })),
    ...servers.map((row) => ({ kind: 'server' as const, before: toServer(row) })),
  ];
}

function toOrder(order: Farm['launchOrder']): 'simultaneous' | 'sequential' {
  return order === 'sequential' ? order : 'simultaneous';
}

/** Farms belong to people: a new one to whoever makes it. */
function callerId(ctx: Context): number {
  if (ctx.principal.kind === 'user') return ctx.principal.id;
  throw new ApiError('UnacceptableState', 'A farm belongs to a user: create it as one.');
}

async function demandFreeName(ctx: Context, name: string, ownId?: number): Promise<void> {
  if (!(await isFarmNameTaken(ctx.tx, environmentOf(ctx).environmentId, name, ownId))) return;
  throw new ApiError(
    'UnicityViolation',
    `This environment has a farm named "${name}" already. Choose another name.`,
    { field: 'name' },
  );
}

async function demandOwner(ctx: Context, userId: number): Promise<void> {
  if (await isInAccount(ctx.tx, userId, environmentOf(ctx).accountId)) return;
  throw new ApiError(
    'ObjectNotFound',
    `No user of this account has the id ${userId}. The owner of a farm must hold a right here.`,
    { field: 'owner.id' },
  );
}

/** @throws ApiError Deprecated with the roles that enter no other farm */
async function refuseDeprecatedRoles(
  ctx: Context,
  farm: { id: number; name: string },
): Promise<void> {
  const members = await fetchFarmMembers(ctx.tx, farm.id);
  const deprecated = members.filter((member) => member.deprecated_at);
  const [first] = deprecated;
  if (!first) return;
  const blockers: Blocker[] = deprecated.map(({ id, name }) => ({ type: 'role', id, name }));
  throw new ApiError(
    'Deprecated',
    `Farm "${farm.name}" uses role "${first.name}", which is deprecated and cannot enter another farm. Give its farm roles another role first.`,
    { blockers },
  );
}
