import { ApiError } from '#contract/errors.ts';
import type { Farm } from '#contract/farms/farms.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { type FarmRoleRow, findFarmRole } from '../../database/queries/farms/farm-roles.ts';
import { type FarmRow, findFarm } from '../../database/queries/farms/farms.ts';
import { configurationTypes } from '../../domain/farms/farm-roles.ts';
import { findLockRefusal } from '../../domain/farms/farms.ts';
import { findRightHindrance } from '../../domain/inventory/group-moves.ts';
import { findObservedRefusal } from '../../domain/inventory/observed-refusal.ts';
import type { Context } from '../context.ts';
import { notFound } from '../not-found.ts';
import { refuseIf } from '../refuse.ts';

/** @throws ApiError ObjectNotFound when there is no such farm at the request's scope or below */
export async function getFarm(ctx: Context, id: number): Promise<FarmRow> {
  const row = await findFarm(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw await notFound(ctx, 'farm', id);
}

/** A farm that is about to change. @throws ApiError ObjectNotFound, PreconditionFailed, Locked */
export async function getOpenFarm(ctx: Context, id: number): Promise<FarmRow> {
  const row = await getFarm(ctx, id);
  ctx.expectVersion(row.version);
  refuseIf(findLockRefusal(row, 'changed'));
  return row;
}

/** @throws ApiError ObjectNotFound when there is no such farm role at the request's scope or below */
export async function getFarmRole(ctx: Context, id: number): Promise<FarmRoleRow> {
  const row = await findFarmRole(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No farm role has the id ${id} here. It may have been deleted, or it belongs to another scope.`,
  );
}

/** The contract has what changes farms at environment level only. */
export function environmentOf(ctx: Context): ScopeRef & { scope: 'environment' } {
  if (ctx.scope.scope !== 'environment') throw new Error('Farms are changed in their environment');
  return ctx.scope;
}

/** The wire form of a farm, without the members that must be asked for. */
export function toFarm(row: FarmRow): Farm {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: { id: row.owner_id, name: row.owner_name, email: row.owner_email },
    status: row.status,
    accountId: row.account_id,
    accountName: row.account_name,
    envId: row.environment_id,
    envName: row.environment_name,
    project: row.project_id === null ? null : { id: row.project_id, name: row.project_name ?? '' },
    timezone: row.timezone,
    launchOrder: row.launch_order === 'sequential' ? 'sequential' : 'simulatenous',
    added: row.added_at.toISOString(),
    launched: row.launched_at?.toISOString() ?? null,
    lock: row.locked_at && {
      at: row.locked_at.toISOString(),
      by: row.locked_by ?? '',
      comment: row.lock_comment ?? '',
      unlockPermission: row.unlock_permission ?? 'anyone',
    },
    version: row.version,
    ...(row.observed && { observed: toObserved(row.observed) }),
  };
}

function toObserved({
  read,
  rights,
  credentialsAt,
  ...observed
}: NonNullable<FarmRow['observed']>) {
  const notMoved =
    observed.kind === 'group'
      ? findRightHindrance({
          credentials_name: observed.credentials.name,
          credentials_at: credentialsAt,
          cloud_rights: rights,
        })
      : findObservedRefusal({ observed })?.reason;
  return {
    ...observed,
    read: read === null ? null : new Date(read).toISOString(),
    notMoved: notMoved ?? null,
  };
}

/** The wire form of a farm role, without the members that must be asked for. */
export function toFarmRole(row: FarmRoleRow): FarmRole {
  const types = configurationTypes(row.cloud_platform);
  return {
    id: row.id,
    alias: row.alias,
    farm: { id: row.farm_id, name: row.farm_name },
    role: { id: row.role_id, name: row.role_name, deprecated: row.role_deprecated },
    accountId: row.account_id,
    envId: row.environment_id,
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    instanceType: row.instance_type,
    scaling: {
      enabled: row.scaling_enabled,
      minInstances: row.min_servers,
      maxInstances: row.max_servers,
    },
    platform: row.cloud_platform,
    placement: { placementConfigurationType: types.placement, region: row.cloud_location },
    instance: {
      instanceConfigurationType: types.instance,
      instanceType: { id: row.instance_type },
    },
    image: {
      id: row.image_id,
      name: row.image_name,
      cloudImageId: row.image_cloud_id,
      deprecated: row.image_deprecated,
      ...(row.image_found && { found: true }),
    },
    version: row.version,
    ...(row.observed && { observed: true }),
  };
}
