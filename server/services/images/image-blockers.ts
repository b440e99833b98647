import type { Clearing } from '#contract/blockers.ts';
import type { Blocker } from '#contract/errors.ts';
import {
  type BlockerRow,
  fetchCloudReferences,
  fetchOtherRegistrations,
  fetchUsers,
} from '../../database/queries/images/image-deletion.ts';
import { type Scope, scopeRank } from '#contract/scope.ts';
import { isVisibleFrom, type ScopedRow, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { findUnread, type Unread } from './deletion-use.ts';

/** No more blockers of one type than this are named in an answer; the others are counted. */
const namedBlockers = 100;

/** Everything in the way of deleting images: by name what the caller may see, as a count what not. */
export async function listBlockers(
  ctx: Context,
  images: readonly { id: string; cloud_platform: string }[],
  fromCloud: boolean,
): Promise<Blocker[]> {
  const ids = images.map(({ id }) => id);
  const users = await fetchUsers(ctx.tx, ids, namedBlockers);
  if (users.length > 0 || !fromCloud) return toBlockers(ctx, users);
  const others = await fetchOtherRegistrations(ctx.tx, ids, namedBlockers);
  if (others.length > 0) return toBlockers(ctx, others);
  const references = await fetchCloudReferences(ctx.tx, ids, namedBlockers);
  return references.length > 0
    ? toBlockers(ctx, references)
    : toUnreadBlockers(ctx, images, await findUnread(ctx));
}

/** What was not read where something may refer to these images; credentials that are out of sight have no name. */
function toUnreadBlockers(
  ctx: Context,
  images: readonly { cloud_platform: string }[],
  unread: ReadonlyMap<string, readonly Unread[]>,
): Blocker[] {
  const platforms = [...new Set(images.map((image) => image.cloud_platform))];
  const all = platforms.flatMap((platform) => unread.get(platform) ?? []);
  const isSeen = ({ row }: Unread) =>
    isVisibleFrom(row, ctx.scope) || ctx.can('view', scopeOf(row));
  const seen = all.filter(isSeen);
  const hidden = all.filter((one) => !seen.includes(one)).map(({ row }) => row);
  return [
    ...seen.slice(0, namedBlockers).map(({ row, words }) => ({
      type: 'coverage' as const,
      id: row.credentials_id,
      name: words,
      scope: row.scope,
    })),
    ...countHidden(hidden),
  ];
}

/** Rows that stand in the way as an answer names them. */
export function toBlockers(ctx: Context, rows: readonly BlockerRow[]): Blocker[] {
  const visible = rows.filter(
    (blocker) => isVisibleFrom(blocker, ctx.scope) || ctx.can('view', scopeOf(blocker)),
  );
  const hidden = rows.filter((row) => !visible.includes(row));
  return [...visible.map(toBlocker), ...countUnnamed(rows), ...countHidden(hidden)];
}

/** What the caller may not see, as a count for each kind of scope that it is at. */
export function countHidden(rows: readonly { scope: Scope }[]): Blocker[] {
  const byScope = Map.groupBy(rows, ({ scope }) => scope);
  return [...byScope]
    .map(([scope, { length: count }]) => ({ type: 'hidden' as const, scope, count }))
    .toSorted((one, two) => scopeRank[one.scope] - scopeRank[two.scope]);
}

/** What not every query of blockers has at hand. */
type Extra = 'farm_id' | 'farm_name' | 'scope_name' | 'image_id' | 'clearing';

/**
 * The calls after which it no longer uses the image. An image that a farm role needs can only be replaced in its role,
 * which clears the farm role as well.
 */
function clearingSteps(row: Omit<BlockerRow, 'total' | Extra> & Partial<Pick<BlockerRow, Extra>>) {
  const { type, id, image_id: imageId = '', clearing } = row;
  const step = (operation: Clearing['operation'], params: Clearing['params']) => [
    { operation, params, ...toPlaceFields(clearing?.home ?? row) },
  ];
  if (clearing?.observed || type === 'cloudReference') return [];
  if (type === 'server') return clearing?.ending ? [] : step('serverTerminate', { serverId: id });
  if (type === 'image') return clearing?.registration ? step('imageDelete', { imageId: id }) : [];
  const isNeeded = type === 'farmRole' || clearing?.needed === true;
  const params = { roleId: clearing?.role ?? 0, imageId };
  return step(isNeeded ? 'roleImageReplace' : 'roleImageDelete', params);
}

/** A scope by its ids. */
export function toPlaceFields({ scope, account_id: accountId, environment_id: envId }: ScopedRow) {
  return { scope, accountId, envId };
}

/** An object that stands in the way, as errors name it. */
export function toBlocker(
  row: Omit<BlockerRow, 'total' | Extra> & Partial<Pick<BlockerRow, Extra>>,
): Blocker {
  return {
    type: row.type,
    id: row.type === 'role' || row.type === 'farmRole' ? Number(row.id) : row.id,
    name: row.name,
    scope: row.scope,
    ...(row.account_id !== null && { accountId: row.account_id }),
    ...(row.environment_id !== null && { environmentId: row.environment_id }),
    ...(row.scope_name != null && { scopeName: row.scope_name }),
    ...(row.farm_id != null && { farmId: row.farm_id }),
    ...(row.farm_name != null && { farmName: row.farm_name }),
    ...(row.clearing && { clearBy: clearingSteps(row) }),
    ...(row.clearing?.observed && { reason: 'Something else runs it: change it in its cloud.' }),
    ...(row.clearing?.how !== undefined && { reason: row.clearing.how }),
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
