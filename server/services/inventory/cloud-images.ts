import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import {
  cloudImageListPlan,
  cloudImageReferencePlan,
  type CloudImageRow,
  fetchCloudImageReferences,
  fetchCloudImages,
  findUnwantedMark,
  markCloudImage,
} from '../../database/queries/inventory/cloud-images.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { demandOwn } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { exportList, exportPageSize } from '../list-export.ts';
import { readCoverage, wholeOf } from './coverage.ts';
import { registerCloudImages } from './register-images.ts';
import {
  cloudImageCsvColumns,
  toCloudImage,
  toCloudImageReference,
  toRecordedCloudImage,
} from './present-cloud-images.ts';

type Query = ServiceInput<'cloudImageList'>['query'];

/** Machine images that were found in clouds: docs/domain.md, "Inventory". */
export const cloudImageHandlers = {
  cloudImageList: (ctx, { query }) => listCloudImages(ctx, query),

  cloudImageExport: async (ctx, { query }) => ({
    data: '',
    csv: exportList(cloudImageCsvColumns, (cursor) =>
      listCloudImages(ctx, { ...query, cursor, maxResults: exportPageSize }),
    ),
  }),

  cloudImageGet: async (ctx, { params }) => ({
    data: await present(ctx, await getCloudImage(ctx, params.cloudImageKey)),
  }),

  cloudImageReferenceList: async (ctx, { params, query }) => {
    const { key } = await getCloudImage(ctx, params.cloudImageKey);
    const { kind, sort = 'name' } = query;
    const plan = cloudImageReferencePlan(ctx.scope, key, { kind, descending: sort === '-name' });
    const of = ['cloudImageReferenceList', ctx.scope, key];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchCloudImageReferences(ctx.tx, ctx.scope, key, ids);
    return { data: rows.map(toCloudImageReference), page };
  },

  cloudImageRegister: registerCloudImages,

  cloudImageUpdate: async (ctx, { params, body }) => {
    const before = await getCloudImage(ctx, params.cloudImageKey);
    const { key } = before;
    const { unwanted } = body;
    ctx.expectVersion(before.version);
    if (unwanted === before.unwanted) return { data: await present(ctx, before) };
    await demandOwnMark(ctx, before);
    const by = { marked_by: ctx.actor, marked_at: ctx.now };
    await markCloudImage(ctx.tx, { ...placeColumns(ctx.scope), key, unwanted, ...by });
    const after = await getCloudImage(ctx, key);
    ctx.record({
      kind: 'cloudImage',
      before: toRecordedCloudImage(before),
      after: toRecordedCloudImage(after),
    });
    return { data: await present(ctx, after) };
  },
} satisfies SomeHandlers;

async function listCloudImages(ctx: Context, query: Query) {
  const sort = query.sort ?? 'name';
  const coverage = await readCoverage(ctx);
  const plan = cloudImageListPlan(ctx.scope, query, sort, wholeOf(coverage));
  const of = ['cloudImageList', ctx.scope];
  const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
  const rows = await fetchCloudImages(ctx.tx, ctx.scope, ids);
  const data = rows.map((row) => toCloudImage(row, coverage.get(row.cloud_platform), ctx.now));
  return { data, page };
}

async function present(ctx: Context, row: CloudImageRow) {
  const coverage = await readCoverage(ctx);
  return toCloudImage(row, coverage.get(row.cloud_platform), ctx.now);
}

async function getCloudImage(ctx: Context, key: string): Promise<CloudImageRow> {
  const [row] = await fetchCloudImages(ctx.tx, ctx.scope, [key]);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No machine image with the id ${key} was found with credentials that this scope reaches, or it is gone from its cloud.`,
  );
}

/** @throws ApiError ScopeViolation where it was said above that it is not wanted */
async function demandOwnMark(ctx: Context, row: CloudImageRow): Promise<void> {
  const said = await findUnwantedMark(ctx.tx, ctx.scope, row.key);
  if (said) demandOwn(ctx, said, `That "${row.name || row.cloud_image_id}" is not wanted`);
}
