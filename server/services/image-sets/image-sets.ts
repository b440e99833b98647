import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import { countImageSetUsage } from '../../database/queries/image-sets/image-set-usage.ts';
import { planImageSetList } from '../../database/queries/image-sets/image-set-list.ts';
import { fetchImageSets, type ImageSetRow } from '../../database/queries/image-sets/image-sets.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { refuseLocationWithoutPlatform } from '../images/images.ts';
import { exportList, exportPageSize } from '../list-export.ts';
import { imageSetCsvColumns } from './image-set-csv.ts';
import { toPlace } from '../present.ts';
import { getVisibleImageSet } from './image-set-access.ts';
import { decideSetActions } from './set-actions.ts';

/** @throws ApiError InvalidStructure for a location without its platform */
const listImageSets: Handler<'imageSetList'> = async (ctx, { query }) => {
  refuseLocationWithoutPlatform(query);
  const plan = planImageSetList(ctx.scope, query);
  const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, ['imageSetList', ctx.scope]);
  const rows = await fetchImageSets(ctx.tx, ctx.scope, ids);
  return { data: await presentImageSets(ctx, rows, query.include), page };
};

/** @throws ApiError ObjectNotFound when the set is not there or not visible from the request's scope */
const getImageSet: Handler<'imageSetGet'> = async (ctx, { params, query }) => {
  const row = await getVisibleImageSet(ctx, params.imageSetId);
  const [set] = await presentImageSets(ctx, [row], query.include);
  return { data: set ?? toImageSet(row) };
};

/** The wire form of image sets with what was asked for. */
export async function presentImageSets(
  ctx: Context,
  rows: readonly ImageSetRow[],
  include: readonly string[] = [],
): Promise<ImageSet[]> {
  const usage =
    include.includes('usage') && rows.length > 0
      ? await countImageSetUsage(
          ctx.tx,
          ctx.scope,
          rows.map((row) => row.id),
        )
      : undefined;
  const actions =
    include.includes('actions') && rows.length > 0 ? await decideSetActions(ctx, rows) : undefined;
  return rows.map((row) => ({
    ...toImageSet(row),
    ...(usage && { usage: usage.get(row.id) }),
    ...(actions && { actions: actions.get(row.id) }),
  }));
}

/** The wire form of an image set, without the members that must be asked for. */
function toImageSet(row: ImageSetRow): ImageSet {
  const { newer_id: newerId, newer_name: newerName } = row;
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    os: { id: row.os_id },
    osName: row.os_name,
    ...toPlace(row),
    line: row.line,
    added: row.added_at.toISOString(),
    lastUsed: row.last_used_at?.toISOString() ?? null,
    architectures: row.architectures,
    places: row.places,
    images: {
      total: row.images,
      deprecated: row.deprecated,
      protected: row.protected,
      failed: row.failed,
      unsettled: row.unsettled,
    },
    newest: row.usable && newerId === null,
    newer: newerId === null ? null : { id: newerId, name: newerName ?? '' },
    version: row.version,
  };
}

const exportImageSets: Handler<'imageSetExport'> = async (ctx, { query }) => {
  refuseLocationWithoutPlatform(query);
  const readPage = (cursor: string) =>
    listImageSets(ctx, {
      params: {},
      body: undefined,
      query: { ...query, cursor, maxResults: exportPageSize, include: ['usage'] },
    });
  return { data: '', csv: exportList(imageSetCsvColumns, readPage) };
};

/** Image sets: docs/domain.md, "Image sets". */
export const imageSetHandlers = {
  imageSetList: listImageSets,
  imageSetExport: exportImageSets,
  imageSetGet: getImageSet,
} satisfies SomeHandlers;
