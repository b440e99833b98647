import { ApiError } from '#contract/errors.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';
import type { ServiceInput } from '#contract/operations.ts';
import {
  copyFarmRoles,
  deleteFarmRoleRows,
  type FarmMemberRow,
  fetchFarmMembers,
  insertFarmRole,
  updateFarmRole,
} from '../../database/queries/farms/farm-role-writes.ts';
import type { FarmRoleRow } from '../../database/queries/farms/farm-roles.ts';
import { countUnended } from '../../database/queries/farms/server-writes.ts';
import { fetchServersOf } from '../../database/queries/farms/servers.ts';
import {
  defaultScaling,
  findExchangeRefusal,
  findFarmEntryRefusal,
  findMoveRefusal,
  planScaling,
  type Scaling,
} from '../../domain/farms/farm-roles.ts';
import { findObservedRefusal } from '../../domain/inventory/observed-refusal.ts';
import { planUpdate } from '../../domain/organisation.ts';
import { getVisibleRole } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { getFarm, getFarmRole, getOpenFarm, toFarmRole } from './farm-access.ts';
import { demandImage, missing, settlePlaces } from './farm-role-places.ts';
import { findLockRefusal } from '../../domain/farms/farms.ts';
import { atField } from '../../domain/refusal.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { toServer } from './servers.ts';

type Body = ServiceInput<'farmRoleUpdate'>['body'];

/**
 * Puts a Role into a farm (docs/domain.md, "Roles in farms").
 * @throws ApiError ObjectNotFound, PreconditionFailed, Locked, Deprecated, UnicityViolation, InvalidStructure, InvalidValue
 */
export const createFarmRole: Handler<'farmRoleCreate'> = async (ctx, { params, body }) => {
  const farm = await getOpenFarm(ctx, params.farmId);
  const members = await fetchFarmMembers(ctx.tx, farm.id);
  refuseTakenAlias(members, body.alias);
  const role = await getVisibleRole(ctx, body.role.id);
  refuseIf(atField(findFarmEntryRefusal(role, members), 'role.id'));
  const { platform, location, instanceType } = settlePlaces(undefined, body);
  if (platform === undefined || location === undefined)
    throw missing(platform === undefined ? 'cloudPlatform' : 'cloudLocation');
  await demandImage(ctx, role, platform, location);
  const scaling = demandScaling(defaultScaling, body.scaling ?? {});
  const id = await insertFarmRole(ctx.tx, {
    farm_id: farm.id,
    account_id: farm.account_id,
    environment_id: farm.environment_id,
    role_id: role.id,
    alias: body.alias,
    cloud_platform: platform,
    cloud_location: location,
    instance_type: instanceType ?? '',
    launch_index: members.length,
    ...toColumns(scaling),
    added_at: ctx.now,
  });
  const farmRole = toFarmRole(await getFarmRole(ctx, id));
  ctx.record({ kind: 'farmRole', after: farmRole });
  return { data: farmRole };
};

/**
 * Changes a farm role. One whose Role was deprecated can still be changed, as long as it keeps it.
 * @throws ApiError as createFarmRole; OperatingSystemMismatch, ConfigurationMismatch, ObjectInUse
 */
export const editFarmRole: Handler<'farmRoleUpdate'> = async (ctx, { params, body }) => ({
  data: await changeFarmRole(ctx, params.farmRoleId, body),
});

/** The one way in which a farm role changes, whole or by one of its parts. */
export async function changeFarmRole(ctx: Context, id: number, body: Body): Promise<FarmRole> {
  const row = await getFarmRole(ctx, id);
  ctx.expectVersion(row.version);
  refuseIf(findLockRefusal(await getFarm(ctx, row.farm_id), 'changed'));
  const { platform, location, instanceType } = settlePlaces(row, body);
  const changes = planUpdate(
    {
      alias: row.alias,
      role_id: row.role_id,
      cloud_platform: row.cloud_platform,
      cloud_location: row.cloud_location,
      instance_type: row.instance_type,
      ...toColumns(toFarmRole(row).scaling),
    },
    {
      alias: body.alias,
      role_id: body.role?.id,
      cloud_platform: platform,
      cloud_location: location,
      instance_type: instanceType,
      ...(body.scaling && toColumns(demandScaling(toFarmRole(row).scaling, body.scaling))),
    },
  );
  if (!changes) return toFarmRole(row);
  const members = await fetchFarmMembers(ctx.tx, row.farm_id);
  if (changes.alias !== undefined) refuseTakenAlias(members, changes.alias);
  await demandFit(ctx, row, members, changes);
  await updateFarmRole(ctx.tx, row.id, changes);
  const after = toFarmRole(await getFarmRole(ctx, row.id));
  ctx.record({ kind: 'farmRole', before: toFarmRole(row), after });
  return after;
}

/** @throws ApiError when the Role or the place of a farm role cannot become what is asked */
async function demandFit(
  ctx: Context,
  row: FarmRoleRow,
  members: readonly FarmMemberRow[],
  changes: { role_id?: number; cloud_platform?: string; cloud_location?: string },
): Promise<void> {
  const moves = changes.cloud_platform !== undefined || changes.cloud_location !== undefined;
  if (moves) refuseIf(findMoveRefusal(row, await countUnended(ctx.tx, { farmRoleId: row.id })));
  if (!moves && changes.role_id === undefined) return;
  const now = members.find((member) => member.farm_role_id === row.id);
  if (!now) throw new Error(`Farm role ${row.id} is not in its own farm`);
  const others = members.filter((member) => member !== now);
  const role = changes.role_id === undefined ? now : await getVisibleRole(ctx, changes.role_id);
  if (role !== now)
    refuseIf(
      atField(findFarmEntryRefusal(role, others) ?? findExchangeRefusal(now, role), 'role.id'),
    );
  await demandImage(
    ctx,
    role,
    changes.cloud_platform ?? row.cloud_platform,
    changes.cloud_location ?? row.cloud_location,
  );
}

/** @throws ApiError ObjectNotFound, PreconditionFailed, Locked */
export const deleteFarmRole: Handler<'farmRoleDelete'> = async (ctx, { params }) => {
  const row = await getFarmRole(ctx, params.farmRoleId);
  ctx.expectVersion(row.version);
  refuseIf(findLockRefusal(await getFarm(ctx, row.farm_id), 'changed'));
  const servers = await fetchServersOf(ctx.tx, { farmRoleId: row.id });
  await deleteFarmRoleRows(ctx.tx, row.id);
  const others = servers.map((one) => ({ kind: 'server' as const, before: toServer(one) }));
  ctx.record({ kind: 'farmRole', before: toFarmRole(row), others });
  return { data: null };
};

/** @throws ApiError ObjectNotFound, Locked, Deprecated, UnicityViolation, InvalidValue */
export const cloneFarmRole: Handler<'farmRoleClone'> = async (ctx, { params, body }) => {
  const row = await getFarmRole(ctx, params.farmRoleId);
  ctx.expectVersion(row.version);
  refuseIf(findObservedRefusal(row));
  const target = await getFarm(ctx, body.farm?.id ?? row.farm_id);
  refuseIf(findLockRefusal(target, 'changed'));
  const members = await fetchFarmMembers(ctx.tx, target.id);
  refuseTakenAlias(members, body.name, 'name');
  refuseIf(findFarmEntryRefusal(await getVisibleRole(ctx, row.role_id), members));
  const from = { farmRoleId: row.id, alias: body.name };
  const [id] = await copyFarmRoles(ctx.tx, from, target.id, ctx.now);
  if (id === undefined) throw new Error(`Farm role ${row.id} vanished while it was copied`);
  const copy = toFarmRole(await getFarmRole(ctx, id));
  ctx.record({ kind: 'farmRole', after: copy, others: [{ kind: 'farmRole', id: row.id }] });
  return { data: copy };
};

/** Scalr answers InvalidValue, since it finds out while saving. */
function refuseTakenAlias(
  members: readonly FarmMemberRow[],
  alias: string,
  field: 'alias' | 'name' = 'alias',
): void {
  if (!members.some((member) => member.alias === alias)) return;
  throw new ApiError(
    'InvalidValue',
    `The farm has a farm role "${alias}" already. Choose another ${field}.`,
    { field },
  );
}

function demandScaling(now: Scaling, wanted: NonNullable<Body['scaling']>): Scaling {
  const plan = planScaling(now, wanted);
  if ('code' in plan) throw refusalError(plan);
  return plan;
}

function toColumns({ enabled, minInstances, maxInstances }: Scaling) {
  return { scaling_enabled: enabled, min_servers: minInstances, max_servers: maxInstances };
}
