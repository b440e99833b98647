import type { Blocker } from '#contract/errors.ts';
import {
  buryImage,
  fetchRecommenders,
  passOnRecommendation,
  queueCloudDeletion,
} from '../../database/queries/images/image-changes.ts';
import {
  type BlockerRow,
  countDeletionUse,
  fetchOtherRegistrations,
  fetchUsers,
} from '../../database/queries/images/image-deletion.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { findDeletionRefusal } from '../../domain/image-deletion.ts';
import { isVisibleFrom, scopeOf } from '../../domain/scopes.ts';
import { getOwnImage, readImage } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { type Change, changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';

/** No more blockers of one type than this are named in an answer; the others are counted. */
const namedBlockers = 100;

/**
 * Deletes an image that nothing uses; with `deleteFromCloud`, a loop deletes the machine image first
 * (docs/domain.md, "Deleting an image").
 * @returns 200, or 202 while the machine image is still to be deleted
 * @throws ApiError ObjectNotFound, ScopeViolation, UnacceptableImageStatus, PreconditionFailed,
 * InvalidValue, ObjectInUse with every blocker
 */
export const deleteImage: Handler<'imageDelete'> = async (ctx, { params, query }) => {
  const row = await getOwnImage(ctx, params.imageId);
  ctx.expectVersion(row.version);
  const fromCloud = query.deleteFromCloud ?? false;
  const use = (await countDeletionUse(ctx.tx, [row.id])).get(row.id);
  const refusal = use && findDeletionRefusal(row, use, fromCloud);
  if (refusal?.code === 'ObjectInUse')
    throw refusalError(refusal, await listBlockers(ctx, row, fromCloud));
  refuseIf(refusal);

  const others = await passOn(ctx, row);
  const before = toImage(row);
  if (fromCloud) {
    await queueCloudDeletion(ctx.tx, row.id, ctx.now);
    ctx.record({ kind: 'image', before, after: toImage(await readImage(ctx, row.id)), others });
  } else {
    await buryImage(ctx.tx, row.id, ctx.now);
    ctx.record({ kind: 'image', before, others });
  }
  return { data: null, status: fromCloud ? 202 : 200 };
};

/** What recommended the image recommends what it recommended, or nothing. */
async function passOn(ctx: Context, row: ImageRow): Promise<Change[]> {
  const before = await fetchRecommenders(ctx.tx, row.id, ctx.scope);
  if (before.length === 0) return [];
  await passOnRecommendation(ctx.tx, row);
  const ids = before.map(({ id }) => id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  return changesOf('image', before.map(toImage), after.map(toImage));
}

/** Everything in the way: by name what the caller may see, as a count what not. */
async function listBlockers(ctx: Context, row: ImageRow, fromCloud: boolean): Promise<Blocker[]> {
  const users = await fetchUsers(ctx.tx, row.id, namedBlockers);
  const rows =
    users.length > 0 || !fromCloud
      ? users
      : await fetchOtherRegistrations(ctx.tx, row.id, namedBlockers);
  const visible = rows.filter(
    (blocker) => isVisibleFrom(blocker, ctx.scope) || ctx.can('view', scopeOf(blocker)),
  );
  const hidden = rows.length - visible.length;
  return [
    ...visible.map(toBlocker),
    ...countUnnamed(rows),
    ...(hidden > 0 ? [{ type: 'hidden' as const, count: hidden }] : []),
  ];
}

/** An object that stands in the way, as errors name it. */
export function toBlocker(
  row: Omit<BlockerRow, 'total' | 'farm_id'> & { farm_id?: number | null },
): Blocker {
  return {
    type: row.type,
    id: row.type === 'role' || row.type === 'farmRole' ? Number(row.id) : row.id,
    name: row.name,
    scope: row.scope,
    ...(row.account_id !== null && { accountId: row.account_id }),
    ...(row.environment_id !== null && { environmentId: row.environment_id }),
    ...(row.farm_id != null && { farmId: row.farm_id }),
  };
}

/** Of each type, how many there are beyond those that were fetched. */
function countUnnamed(rows: readonly BlockerRow[]): Blocker[] {
  const types = [...new Set(rows.map((row) => row.type))];
  return types.flatMap((type) => {
    const fetched = rows.filter((row) => row.type === type);
    const count = (fetched[0]?.total ?? 0) - fetched.length;
    return count > 0 ? [{ type, count }] : [];
  });
}
