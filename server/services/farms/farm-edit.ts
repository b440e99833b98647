import { ApiError, type Blocker } from '#contract/errors.ts';
import type { Farm } from '#contract/farms/farms.ts';
import { copyFarmRoles, fetchFarmMembers } from '../../database/queries/farms/farm-role-writes.ts';
import {
  deleteFarmRows,
  insertFarm,
  isFarmNameTaken,
  isInAccount,
  updateFarm,
} from '../../database/queries/farms/farm-writes.ts';
import { countUnended } from '../../database/queries/farms/server-writes.ts';
import { findFarmDeletionRefusal } from '../../domain/farms.ts';
import { planUpdate } from '../../domain/organisation.ts';
import type { Context, Handlers } from '../context.ts';
import { environmentOf, getFarm, getOpenFarm, toFarm } from './farm-access.ts';
import { demandProject } from '../organisation/projects.ts';
import { refuseIf } from '../refuse.ts';

/** What changes farms themselves: docs/domain.md, "Farms". */
export const farmEditHandlers: Handlers<'farmCreate' | 'farmUpdate' | 'farmDelete' | 'farmClone'> =
  {
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
      ctx.record({ object: `farm:${id}`, after: farm });
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
      ctx.record({ object: `farm:${row.id}`, before: toFarm(row), after: farm });
      return { data: farm };
    },

    farmDelete: async (ctx, { params }) => {
      const row = await getFarm(ctx, params.farmId);
      ctx.expectVersion(row.version);
      const servers = await countUnended(ctx.tx, { farmId: row.id });
      refuseIf(findFarmDeletionRefusal(row, servers));
      await deleteFarmRows(ctx.tx, row.id);
      ctx.record({ object: `farm:${row.id}`, before: toFarm(row) });
      return { data: null };
    },

    farmClone: async (ctx, { params, body }) => {
      const row = await getFarm(ctx, params.farmId);
      ctx.expectVersion(row.version);
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
      const farmRoles = await copyFarmRoles(ctx.tx, { farmId: row.id }, id, ctx.now);
      const farm = await readFarm(ctx, id);
      ctx.record({ object: `farm:${id}`, after: { ...farm, copyOf: { id: row.id }, farmRoles } });
      return { data: farm };
    },
  };

/** A farm as it is after a change in this transaction. */
export async function readFarm(ctx: Context, id: number): Promise<Farm> {
  return toFarm(await getFarm(ctx, id));
}

function toOrder(order: Farm['launchOrder']): 'simultaneous' | 'sequential' {
  return order === 'sequential' ? order : 'simultaneous';
}

/** Farms belong to people: a new one to whoever makes it. */
function callerId(ctx: Context): number {
  if (ctx.principal.kind === 'user') return ctx.principal.id;
  throw new ApiError('UnacceptableState', 'A farm belongs to a user: make it as one.');
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
    `No user of this account has the id ${userId}. A farm's owner must have a right here.`,
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
    `Farm "${farm.name}" uses role "${first.name}", which is deprecated and enters no other farm. Give its farm roles another role first.`,
    { blockers },
  );
}
