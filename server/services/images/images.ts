import { ApiError } from '#contract/errors.ts';
import type { Image } from '#contract/images/images.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { planImageList } from '../../database/queries/images/image-list.ts';
import { countImageUsage } from '../../database/queries/images/image-usage.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { getVisibleImage } from '../access.ts';
import { demandRemembered } from '../records/remembered.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { decideImageActions } from './image-actions.ts';
import { copyImage } from './image-copies.ts';
import { deleteImage } from './image-deletion.ts';
import { createImage, deprecateImage, updateImage } from './image-edit.ts';
import { protectImage } from './image-protection.ts';
import { exportList, exportPageSize } from '../list-export.ts';
import { imageCsvColumns } from './image-csv.ts';
import { toImageAt } from '../present.ts';

type ListQuery = ServiceInput<'imageList'>['query'];

/** @throws ApiError InvalidStructure for a location without its platform; InvalidValue for what `at` cannot be asked with */
const listImages: Handler<'imageList'> = async (ctx, { query }) => {
  refuseLocationWithoutPlatform(query);
  const at = await demandRemembered(ctx, query.at);
  if (at) refuseWhatIsOfNow(query);
  const plan = planImageList(ctx.scope, query);
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['imageList', ctx.scope]);
  const rows = await fetchImages(ctx.tx, ids, ctx.scope, at);
  const data = await presentImages(ctx, rows, query.include);
  return { data: at ? data.map((image) => asOf(image, at)) : data, page };
};

/** What images are used for, and what may be done with them, is known of the present alone. */
function refuseWhatIsOfNow({ inUse, set, sort = 'added', include = [] }: ListQuery): void {
  const ofNow = [
    ...(inUse === undefined ? [] : ['inUse']),
    ...(set === undefined ? [] : ['set']),
    ...(/roles|servers|lastUsed/.test(sort) ? [`sort=${sort}`] : []),
    ...include.filter((member) => member !== 'total').map((member) => `include=${member}`),
  ];
  const [first] = ofNow;
  if (first === undefined) return;
  throw new ApiError(
    'InvalidValue',
    `With at, images are listed as they were; ${ofNow.join(', ')} ${ofNow.length === 1 ? 'is' : 'are'} known of the present alone. Leave ${ofNow.length === 1 ? 'it' : 'them'} out.`,
    { field: 'at' },
  );
}

/** When something was last used is noted once: what came later tells nothing of before. */
function asOf(image: Image, at: Date): Image {
  const isLater = image.lastUsed !== null && new Date(image.lastUsed) >= at;
  return isLater ? { ...image, lastUsed: null } : image;
}

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
