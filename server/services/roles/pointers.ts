import type { RolePointer } from '#contract/roles/pointers.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  fetchPointers,
  pointerListPlan,
  type PointerRow,
} from '../../database/queries/roles/pointers.ts';
import { pointerState } from '../../domain/inventory/pointers.ts';
import { getVisibleRole } from '../access.ts';
import type { SomeHandlers } from '../context.ts';

/** Names in clouds that stand for the images of a Role: docs/domain.md, "Pointers". */
export const rolePointerHandlers = {
  rolePointerList: async (ctx, { params, query }) => {
    const role = await getVisibleRole(ctx, params.roleId);
    const sort = query.sort ?? 'place';
    const plan = {
      ...pointerListPlan(ctx.scope, role.id),
      descending: sort === '-place',
    };
    const of = ['rolePointerList', ctx.scope, role.id];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    return { data: (await fetchPointers(ctx.tx, ids)).map(toPointer), page };
  },
} satisfies SomeHandlers;

function toPointer(row: PointerRow): RolePointer {
  const { id, name, cloud_platform: cloudPlatform, cloud_location: cloudLocation } = row;
  const { written, written_at: at, wanted: cloudImageId, error } = row;
  return {
    id,
    cloudPlatform,
    cloudLocation,
    credentials: { id: row.credentials_id, name: row.credentials_name },
    name,
    cloudImageId,
    published:
      written !== null && at !== null ? { cloudImageId: written, at: at.toISOString() } : null,
    state: pointerState(row),
    error,
  };
}
