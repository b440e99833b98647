import { ApiError } from '#contract/errors.ts';
import { fetchLaunchingFarmRoles } from '../../database/queries/farms/farm-role-writes.ts';
import { takeServerIn } from '../../database/queries/farms/server-writes.ts';
import { findServerInCloudOf } from '../../database/queries/farms/servers.ts';
import { planServerImport } from '../../domain/inventory/server-imports.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ImageFacts, isSameSystem, type RoleFacts } from '../../domain/roles/role-images.ts';
import { getVisibleImage, getVisibleRole } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { environmentOf, getFarm, getFarmRole } from './farm-access.ts';
import { makeRoom } from './server-actions.ts';
import { getServer, toServer } from './servers.ts';

/** Servers that were found become Slipway's own: docs/domain.md, "Taking servers in". */
export const serverImportHandlers = {
  farmRoleServerImport: async (ctx, { params, body }) => {
    const farmRole = await getFarmRole(ctx, params.farmRoleId);
    ctx.expectVersion(farmRole.version);
    const row = await getFoundServer(ctx, body.cloudServerId, farmRole.cloud_platform);
    const [facts] = await fetchLaunchingFarmRoles(ctx.tx, { farmRoleId: farmRole.id });
    if (!facts) throw new Error(`Farm role ${farmRole.id} vanished`);
    const farm = await getFarm(ctx, farmRole.farm_id);
    const plan = planServerImport(row, farm, { ...farmRole, ...facts });
    if ('code' in plan) throw refusalError(plan);
    const image = await getVisibleImage(ctx, row.image_id ?? '');
    const role = await getVisibleRole(ctx, farmRole.role_id);
    refuseIf(findSystemRefusal(image, role));
    const others = await makeRoom(ctx, farmRole, plan.raiseMaxTo);
    const to = { farmRoleId: farmRole.id, index: plan.index };
    await takeServerIn(ctx.tx, row.id, to, {
      at: ctx.now,
      actor: ctx.actor,
      reason: 'Taken in by hand',
    });
    const after = toServer(await getServer(ctx, row.id));
    // That it was observed says the change itself.
    const { observed: _, ...before } = toServer(row);
    ctx.record({ kind: 'server', before, after, others });
    return { data: after };
  },
} satisfies SomeHandlers;

/** What runs already may be deprecated by now, and may be any image of the role's operating system. */
function findSystemRefusal(image: ImageFacts, role: RoleFacts): Refusal | undefined {
  if (isSameSystem(image, role)) return undefined;
  return {
    code: 'OperatingSystemMismatch',
    field: 'cloudServerId',
    reason: `The server runs image "${image.name}" with ${image.os_name}, but role "${role.name}" is for ${role.os_name}.`,
  };
}

/** @throws ApiError ObjectNotFound when no reading of the environment's cloud has found such a server */
async function getFoundServer(ctx: Context, cloudServerId: string, cloudPlatform: string) {
  const row = await findServerInCloudOf(ctx.tx, environmentOf(ctx), {
    cloudServerId,
    cloudPlatform,
  });
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No server with the id "${cloudServerId}" was found on ${cloudPlatform} with the credentials of this environment. They are read once a minute.`,
    { field: 'cloudServerId' },
  );
}
