import { hasImageLocation } from '#contract/images/platforms.ts';
import { ApiError } from '#contract/errors.ts';
import {
  type CloudImageRegistration,
  mostRegistrations,
} from '#contract/inventory/cloud-images.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { insertImages } from '../../database/queries/images/image-changes.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import {
  cloudImageListPlan,
  type CloudImageRow,
  fetchCloudImages,
  fetchReadTimes,
} from '../../database/queries/inventory/cloud-images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { planFoundRegistration } from '../../domain/inventory/registrations.ts';
import { isVisibleFrom } from '../../domain/scopes.ts';
import { getOs } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { toImage } from '../present.ts';
import { findWholePlatforms } from './coverage.ts';

type Body = ServiceInput<'cloudImageRegister'>['body'];

/**
 * Registers found images at the scope of the request, as one change: docs/domain.md, "Registering found images". One that
 * is refused keeps no other from being registered.
 * @throws ApiError InvalidStructure, InvalidValue, LimitExceeded
 */
export const registerCloudImages: Handler<'cloudImageRegister'> = async (ctx, { body }) => {
  const keys = await findKeys(ctx, body);
  await getOs(ctx, body.os.id);
  const rows = await fetchCloudImages(ctx.tx, ctx.scope, keys);
  const results = new Map<string, Planned>();
  // Two places may have the same image, as those of LXD do.
  const taken = new Set<string>();
  for (const row of rows) {
    const registered = row.registrations.find((image) => isVisibleFrom(image, ctx.scope));
    const plan = planFoundRegistration({ ...row, registered_as: registered?.name ?? null }, body);
    const place = [row.cloud_platform, locationOf(row), row.cloud_image_id].join(' ');
    const isTwice = taken.has(place);
    taken.add(place);
    const twice = { code: 'UnicityViolation', reason: 'It is in this call already.' } as const;
    results.set(row.key, { row, plan: isTwice && !('code' in plan) ? twice : plan });
  }
  const made = await register(ctx, body, [...results.values()]);
  return { data: keys.map((key) => toResult(key, results.get(key), made.get(key))) };
};

interface Planned {
  row: CloudImageRow;
  plan: ReturnType<typeof planFoundRegistration>;
}

/** Those that are named, or that the filters find. */
async function findKeys(ctx: Context, { cloudImages, filters }: Body): Promise<string[]> {
  if ((cloudImages === undefined) === (filters === undefined))
    throw new ApiError(
      'InvalidStructure',
      'Say which images: either cloudImages, or filters that find them.',
      { field: 'cloudImages' },
    );
  if (cloudImages) return [...new Set(cloudImages)];
  const plan = cloudImageListPlan(ctx.scope, filters ?? {}, 'name', await findWholePlatforms(ctx));
  const query = { cursor: 'start', maxResults: mostRegistrations };
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['cloudImageRegister']);
  if (page.kind === 'cursor' && page.next !== null)
    throw new ApiError(
      'LimitExceeded',
      `The filters find more than ${mostRegistrations} images, which is the most of one call. Narrow them.`,
      { field: 'filters' },
    );
  return ids;
}

/** Some platforms have no locations for images. */
const locationOf = ({ cloud_platform, cloud_location }: CloudImageRow) =>
  hasImageLocation(cloud_platform) ? cloud_location : '';

/** @returns by the key of the found image, the Image that it is now */
async function register(ctx: Context, body: Body, planned: readonly Planned[]) {
  const due = planned.flatMap(({ row, plan }) => ('code' in plan ? [] : [{ row, plan }]));
  const readAt = await fetchReadTimes(
    ctx.tx,
    due.map(({ row }) => row.key),
  );
  const ids = await insertImages(
    ctx.tx,
    due.map(({ row, plan }) => ({
      ...placeColumns(ctx.scope),
      ...plan,
      description: body.description ?? '',
      cloud_platform: row.cloud_platform,
      cloud_location: locationOf(row),
      cloud_image_id: row.cloud_image_id,
      // When it was seen to be there.
      checked_at: readAt.get(row.key) ?? null,
      os_id: body.os.id,
      size_gb: row.size_gb,
      created_by: ctx.actor,
      added_at: ctx.now,
    })),
  );
  const images = (await fetchImages(ctx.tx, ids, ctx.scope)).map(toImage);
  const [first, ...others] = images.map((after) => ({ kind: 'image' as const, after }));
  if (first) ctx.record({ ...first, others });
  return new Map(due.map(({ row }, index) => [row.key, images[index]]));
}

function toResult(
  key: string,
  planned: Planned | undefined,
  image: { id: string; name: string } | undefined,
): CloudImageRegistration {
  if (!planned)
    return {
      cloudImage: { id: key, name: '', cloudPlatform: '', cloudLocation: '', cloudImageId: '' },
      image: null,
      code: 'ObjectNotFound',
      reason:
        'It was not found with credentials that this scope reaches, or it is gone from its cloud.',
    };
  const { row, plan } = planned;
  return {
    cloudImage: {
      id: key,
      name: row.name,
      cloudPlatform: row.cloud_platform,
      cloudLocation: row.cloud_location,
      cloudImageId: row.cloud_image_id,
    },
    image: image ? { id: image.id, name: image.name } : null,
    ...('code' in plan && { code: plan.code, reason: plan.reason }),
  };
}
