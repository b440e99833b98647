import type { PromotionPreview } from '#contract/replacements/promotions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  fetchAudience,
  fetchLeftBelow,
  type NamedScope,
} from '../../database/queries/replacements/audience.ts';
import { countAudience } from '../../database/queries/replacements/promotions.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { isVisibleFrom, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { toPlaceFields } from '../images/image-blockers.ts';

/** No more accounts or environments are named. */
const namedScopes = 20;
const namedBelow = 100;

type Outlook = Pick<PromotionPreview, 'audience' | 'newlySeenBy' | 'missingRights' | 'below'>;

/**
 * What a promotion means beyond the objects that move: who will newly see them, what stays further down, and which
 * rights are missing (docs/domain.md, "Promotion").
 */
export async function lookAhead(
  ctx: Context,
  from: ScopeRef,
  target: ScopeRef,
  ids: readonly string[],
): Promise<Outlook> {
  const isOpen = ctx.can('view', target);
  return {
    audience: isOpen ? await countAudience(ctx.tx, from) : null,
    newlySeenBy: isOpen ? await nameAudience(ctx, from) : null,
    missingRights: [from, target]
      .filter((scope) => !ctx.can('promote', scope))
      .map((scope) => ({ permission: 'promote' as const, ...toPlaceFields(placeColumns(scope)) })),
    below: ids.length > 0 ? await listBelow(ctx, ids, target) : { images: [], hidden: 0 },
  };
}

async function nameAudience(
  ctx: Context,
  from: ScopeRef,
): Promise<NonNullable<Outlook['newlySeenBy']>> {
  const { accounts, environments } = await fetchAudience(ctx.tx, from);
  const named = (rows: readonly NamedScope[], at: (row: NamedScope) => ScopeRef) =>
    rows
      .filter((row) => ctx.can('view', at(row)))
      .slice(0, namedScopes)
      .map(({ id, name, account_id: accountId }) => ({ id, name, accountId }));
  return {
    accounts: named(accounts, ({ id }) => ({ scope: 'account', accountId: id })),
    environments: named(environments, ({ id, account_id: accountId }) => ({
      scope: 'environment',
      accountId,
      environmentId: id,
    })),
  };
}

async function listBelow(
  ctx: Context,
  ids: readonly string[],
  target: ScopeRef,
): Promise<Outlook['below']> {
  const rows = await fetchLeftBelow(ctx.tx, ids, target, namedBelow);
  const seen = rows.filter((row) => isVisibleFrom(row, ctx.scope) || ctx.can('view', scopeOf(row)));
  return {
    images: seen.map((row) => ({
      id: row.id,
      name: row.name,
      ...toPlaceFields(row),
      cloudPlatform: row.cloud_platform,
      cloudLocation: row.cloud_location,
      architecture: row.architecture,
      sameCloudImage: row.same_cloud_image,
    })),
    hidden: rows.length - seen.length,
  };
}
