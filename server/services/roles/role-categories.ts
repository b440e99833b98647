import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  fetchRoleCategories,
  roleCategoryListPlan,
} from '../../database/queries/roles/role-categories.ts';
import type { SomeHandlers } from '../context.ts';
import {
  createRoleCategory,
  deleteRoleCategory,
  getVisibleCategory,
  toRoleCategory,
  updateRoleCategory,
} from './role-category-edit.ts';

/** The shelves that roles are sorted on: docs/domain.md, "Reference data". */
export const roleCategoryHandlers = {
  roleCategoryList: async (ctx, { query }) => {
    const plan = roleCategoryListPlan(ctx.scope, query, query.sort ?? 'id');
    const of = ['roleCategoryList', ctx.scope];
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, of);
    return { data: (await fetchRoleCategories(ctx.tx, ids)).map(toRoleCategory), page };
  },

  roleCategoryGet: async (ctx, { params }) => {
    return { data: toRoleCategory(await getVisibleCategory(ctx, params.roleCategoryId)) };
  },

  roleCategoryCreate: createRoleCategory,
  roleCategoryUpdate: updateRoleCategory,
  roleCategoryDelete: deleteRoleCategory,
} satisfies SomeHandlers;
