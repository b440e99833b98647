import { ApiError } from '#contract/errors.ts';
import type { Image } from '#contract/images/images.ts';
import { planImageList } from '../../database/queries/images/image-list.ts';
import { countImageUsage } from '../../database/queries/images/image-usage.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { decideImageActions } from './image-actions.ts';
import { copyImage } from './image-copies.ts';
import { deleteImage } from './image-deletion.ts';
import { createImage, deprecateImage, updateImage } from './image-edit.ts';
import { protectImage } from './image-protection.ts';
import { exportList, exportPageSize } from '../list-export.ts';
import { imageCsvColumns } from './image-csv.ts';
import { toImageAt } from '../present.ts';

/** @throws ApiError InvalidStructure for a location without its platform */
const listImages: Handler<'imageList'> = async (ctx, { query }) => {
  refuseLocationWithoutPlatform(query);
  const plan = planImageList(ctx.scope, query);
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['imageList', ctx.scope]);
  const rows = await fetchImages(ctx.tx, ids, ctx.scope);
  return { data: await presentImages(ctx, rows, query.include), page };
};

/** @throws ApiError InvalidStructure for a location without its platform */
export function refuseLocationWithoutPlatform(filter: {
  cloudPlatform?: string | undefined;
  cloudLocation?: string | undefined;
}): void {
  if (filter.cloudLocation !== undefined && filter.cloudPlatform === undefined)
    throw new ApiError(
      'InvalidStructure',
      'The filter cloudLocation needs cloudPlatform beside it, since clouds use the same names.',
      { field: 'cloudLocation' },
    );
}

const getImage: Handler<'imageGet'> = async (ctx, { params, query }) => {
  const row = await getVisibleImage(ctx, params.imageId);
  const [image] = await presentImages(ctx, [row], query.include);
  return { data: image ?? toImageAt(row, ctx.scope) };
};

/** The wire form of images with what was asked for: one query for each, however many images. */
async function presentImages(
  ctx: Context,
  rows: readonly ImageRow[],
  include: readonly string[] = [],
): Promise<Image[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const usage = include.includes('usage')
    ? await countImageUsage(ctx.tx, ctx.scope, ids)
    : undefined;
  const actions = include.includes('actions') ? await decideImageActions(ctx, rows) : undefined;
  return rows.map((row) => ({
    ...toImageAt(row, ctx.scope),
    ...(usage && { usage: usage.get(row.id) }),
    ...(actions && { actions: actions.get(row.id) }),
  }));
}

const exportImages: Handler<'imageExport'> = async (ctx, { query }) => {
  refuseLocationWithoutPlatform(query);
  const readPage = (cursor: string) =>
    listImages(ctx, {
      params: {},
      body: undefined,
      query: { ...query, cursor, maxResults: exportPageSize, include: ['usage'] },
    });
  return { data: '', csv: exportList(imageCsvColumns, readPage) };
};

/** Images: docs/domain.md, "Images". */
export const imageHandlers = {
  imageList: listImages,
  imageExport: exportImages,
  imageGet: getImage,
  imageCreate: createImage,
  imageProtect: protectImage,
  imageUpdate: updateImage,
  imageCopy: copyImage,
  imageDelete: deleteImage,
  imageDeprecate: deprecateImage,
} satisfies SomeHandlers;
