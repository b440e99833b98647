import type { Clearing } from '#contract/blockers.ts';
import type { Blocker } from '#contract/errors.ts';
import {
  type BlockerRow,
  fetchOtherRegistrations,
  fetchUsers,
} from '../../database/queries/images/image-deletion.ts';
import { type Scope, scopeRank } from '#contract/scope.ts';
import { isVisibleFrom, type ScopedRow, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';

/** No more blockers of one type than this are named in an answer; the others are counted. */
const namedBlockers = 100;

/** Everything in the way of deleting images: by name what the caller may see, as a count what not. */
export async function listBlockers(
  ctx: Context,
  images: readonly { id: string }[],
  fromCloud: boolean,
): Promise<Blocker[]> {
  const ids = images.map(({ id }) => id);
  const users = await fetchUsers(ctx.tx, ids, namedBlockers);
  const rows =
    users.length > 0 || !fromCloud
      ? users
      : await fetchOtherRegistrations(ctx.tx, ids, namedBlockers);
  return toBlockers(ctx, rows);
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
