import type { ScopeRef } from '#contract/scope.ts';
import { countDeletionUse } from '../../database/queries/images/image-deletion.ts';
import type { CoverageRow } from '../../database/queries/inventory/coverage.ts';
import type { ImageUse } from '../../domain/images/image-deletion.ts';
import { notReadOf } from '../../domain/inventory/image-use.ts';
import type { Context } from '../context.ts';
import { fetchAllCoverage, toPlaceCoverage } from '../inventory/coverage.ts';

/** What credentials of a platform have not read, place by place. */
export interface Unread {
  row: CoverageRow;
  words: string;
}

/**
 * What was not read within reach of an image's account, by platform: only where everything was, nothing in a cloud is
 * known to use it (docs/domain.md, "In use?").
 */
export async function findUnread(ctx: Context): Promise<Map<string, Unread[]>> {
  const rows = await fetchAllCoverage(ctx, accountOf(ctx.scope));
  const unread = rows.flatMap((row): Unread[] =>
    notReadOf(toPlaceCoverage(row), ctx.now).map((words) => ({ row, words })),
  );
  return Map.groupBy(unread, ({ row }) => row.cloud_platform);
}

function accountOf(scope: ScopeRef): ScopeRef {
  return scope.scope === 'environment' ? { scope: 'account', accountId: scope.accountId } : scope;
}

/** For each image, everything that stands in the way of deleting it, here and in its cloud. */
export async function fetchDeletionUse(
  ctx: Context,
  images: readonly { id: string; cloud_platform: string }[],
): Promise<Map<string, ImageUse>> {
  const counts = await countDeletionUse(
    ctx.tx,
    images.map(({ id }) => id),
  );
  const unread = await findUnread(ctx);
  return new Map(
    images.flatMap(({ id, cloud_platform: platform }) => {
      const use = counts.get(id);
      const notRead = (unread.get(platform) ?? []).map(({ words }) => words);
      return use ? [[id, { ...use, notRead }]] : [];
    }),
  );
}
