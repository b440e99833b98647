import type { Image } from '#contract/images/images.ts';
import { countDeletionUse } from '../../database/queries/images/image-deletion.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import { findDeletionRefusal, type ImageUse } from '../../domain/image-deletion.ts';
import { findCopyRefusal } from '../../domain/image-copies.ts';
import { findChangeRefusal, findMoveRefusal } from '../../domain/image-states.ts';
import { type Refusal, toVerdict } from '../../domain/refusal.ts';
import { findEntryRefusal } from '../../domain/role-images.ts';
import { isOwn } from '../../domain/scopes.ts';
import { otherScopeReason } from '../access.ts';
import type { Context } from '../context.ts';
import { findMissingRight, findPromotionRefusal } from '../replacements/promotion-rights.ts';

type ImageActions = NonNullable<Image['actions']>;

/** For each image, what the caller may do with it now; by the rules that the operations follow. */
export async function decideImageActions(
  ctx: Context,
  rows: readonly ImageRow[],
): Promise<Map<string, ImageActions>> {
  const uses = await countDeletionUse(
    ctx.tx,
    rows.map((row) => row.id),
  );
  return new Map(rows.map((row) => [row.id, decide(ctx, row, uses.get(row.id) ?? unused)]));
}

const unused: ImageUse = { roles: 0, servers: 0, unfinishedCopies: 0, otherRegistrations: 0 };

function decide(ctx: Context, row: ImageRow, use: ImageUse): ImageActions {
  const what = `Image "${row.name}"`;
  const own = isOwn(row, ctx.scope)
    ? undefined
    : ({ code: 'ScopeViolation', reason: otherScopeReason(what, row) } as const);
  const manage = (doing: string) => own ?? findMissingRight(ctx, 'images.manage', ctx.scope, doing);
  const change = (doing: string) => manage(doing) ?? findChangeRefusal(row);
  const deletion = (fromCloud: boolean) =>
    manage('delete images') ?? findDeletionRefusal(row, use, fromCloud);
  return {
    update: toVerdict(change('change images')),
    promote: toVerdict(findPromotionRefusal(ctx, what, row) ?? findMoveRefusal(row)),
    replace: toVerdict(findMissingRight(ctx, 'replace', ctx.scope, 'replace images')),
    copy: toVerdict(manage('copy images') ?? findCopyRefusal(row)),
    deprecate: toVerdict(change('deprecate images')),
    delete: toVerdict(deletion(false)),
    deleteFromCloud: toVerdict(deletion(true)),
    addToRole: toVerdict(findRoleEntryRefusal(ctx, row)),
  };
}

/** Whether a role of this scope with the image's own OS could take it. */
function findRoleEntryRefusal(ctx: Context, row: ImageRow): Refusal | undefined {
  const fittingRole = { ...row, ...placeColumns(ctx.scope), id: 0, use_scalr_agent: false };
  return (
    findMissingRight(ctx, 'roles.manage', ctx.scope, 'add images to roles') ??
    findEntryRefusal(row, fittingRole)
  );
}
