import type { PromotionPreview } from '#contract/replacements/promotions.ts';
import type { ScopeRef } from '#contract/scope.ts';
import {
  fetchAudience,
  fetchLeftBelow,
  type NamedScope,
} from '../../database/queries/replacements/audience.ts';
import { countAudience } from '../../database/queries/replacements/promotions.ts';
import { fetchUsersWhoMay } from '../../database/queries/people/able-users.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { isVisibleFrom, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { toPlaceFields } from '../images/image-blockers.ts';

/** No more accounts or environments are named. */
const namedScopes = 20;
const namedBelow = 100;
const namedAdministrators = 3;

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
    missingRights: [
      ...(await findMissing(ctx, 'images.manage', from)),
      ...(await findMissing(ctx, 'promote', target)),
    ],
    below: ids.length > 0 ? await listBelow(ctx, ids, target) : { images: [], hidden: 0 },
  };
}

/** A right that the caller lacks at a scope, with some of those who can give it; nothing where they have it. */
async function findMissing(
  ctx: Context,
  permission: 'images.manage' | 'promote',
  at: ScopeRef,
): Promise<Outlook['missingRights']> {
  if (ctx.can(permission, at)) return [];
  const { users } = await fetchUsersWhoMay(ctx.tx, ['people.manage'], at, namedAdministrators);
  return [{ permission, ...toPlaceFields(placeColumns(at)), ask: users }];
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
