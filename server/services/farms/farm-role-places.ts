import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { hasImageLocation } from '#contract/images/platforms.ts';
import type { FarmRoleRow } from '../../database/queries/farms/farm-roles.ts';
import { fetchRoleImages } from '../../database/queries/roles/role-images.ts';
import { configurationTypes, settleSpellings } from '../../domain/farms/farm-roles.ts';
import type { Context } from '../context.ts';
import { refusalError } from '../refuse.ts';

/** @throws ApiError InvalidValue when the Role could start nothing there */
export async function demandImage(
  ctx: Context,
  role: { id: number; name: string },
  platform: string,
  location: string,
): Promise<void> {
  const imageLocation = hasImageLocation(platform) ? location : '';
  const images = await fetchRoleImages(ctx.tx, [role.id]);
  const found = images.some(
    (image) => image.cloud_platform === platform && image.cloud_location === imageLocation,
  );
  if (found) return;
  throw new ApiError(
    'InvalidValue',
    `Role "${role.name}" has no image on ${platform} in ${location}. Add one to the role, or choose another place.`,
    { field: 'cloudLocation' },
  );
}

interface Places {
  platform: string | undefined;
  location: string | undefined;
  instanceType: string | undefined;
}

/** Where servers run and on what, in whichever spelling it is said. @throws ApiError InvalidValue */
export function settlePlaces(
  row: FarmRoleRow | undefined,
  body: ServiceInput<'farmRoleUpdate'>['body'],
): Places {
  const platform = settle(
    row?.cloud_platform,
    { field: 'cloudPlatform', value: body.cloudPlatform },
    { field: 'platform', value: body.platform },
  );
  const types = configurationTypes(platform ?? row?.cloud_platform ?? '');
  const { placement, instance } = body;
  refuseOtherType('placement', placement?.placementConfigurationType, types.placement);
  refuseOtherType('instance', instance?.instanceConfigurationType, types.instance);
  return {
    platform,
    location: settle(
      row?.cloud_location,
      { field: 'cloudLocation', value: body.cloudLocation },
      { field: 'placement.region', value: placement?.region },
    ),
    instanceType: settle(
      row?.instance_type,
      { field: 'instanceType', value: body.instanceType },
      { field: 'instance.instanceType', value: instance?.instanceType },
    ),
  };
}

function settle(...spellings: Parameters<typeof settleSpellings>): string | undefined {
  const settled = settleSpellings(...spellings);
  if ('code' in settled) throw refusalError(settled);
  return settled.value;
}

function refuseOtherType(
  part: 'placement' | 'instance',
  said: string | null | undefined,
  meant: string | null,
): void {
  if (said === undefined || said === meant) return;
  const field = `${part}.${part}ConfigurationType`;
  throw new ApiError(
    'InvalidValue',
    meant === null
      ? `Leave ${field} out: this platform has none.`
      : `${field} must be ${meant} on this platform.`,
    { field },
  );
}

/** The refusal of a farm role that does not say where its servers run. */
export function missing(field: string): ApiError {
  return new ApiError('InvalidStructure', `"${field}" is missing: say where the servers run.`, {
    field,
  });
}
