import type { Blocker } from '#contract/errors.ts';
import {
  type BlockerRow,
  fetchOtherRegistrations,
  fetchUsers,
} from '../../database/queries/images/image-deletion.ts';
import { isVisibleFrom, scopeOf } from '../../domain/scopes.ts';
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

/** What not every query of blockers has at hand. */
type Extra = 'farm_id' | 'farm_name' | 'scope_name' | 'image_id';

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
