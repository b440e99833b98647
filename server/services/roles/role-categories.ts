import { fetchPage } from '../../database/queries/lists/paging.ts';
import {
  fetchRoleCategories,
  roleCategoryListPlan,
} from '../../database/queries/roles/role-categories.ts';
import type { Handlers } from '../context.ts';
import {
  createRoleCategory,
  deleteRoleCategory,
  getVisibleCategory,
  toRoleCategory,
  updateRoleCategory,
} from './role-category-edit.ts';

/** The shelves that roles are sorted on: docs/domain.md, "Reference data". */
export const roleCategoryHandlers: Handlers<
  | 'roleCategoryList'
  | 'roleCategoryGet'
  | 'roleCategoryCreate'
  | 'roleCategoryUpdate'
  | 'roleCategoryDelete'
> = {
  roleCategoryList: async (ctx, { query }) => {
    const { pageNum: _page, maxResults: _size, cursor: _cursor, include, ...filters } = query;
    const plan = roleCategoryListPlan(ctx.scope, filters, filters.sort ?? 'id');
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, {
      list: ['roleCategoryList', ctx.scope, filters],
      total: include?.includes('total') ?? false,
    });
    return { data: (await fetchRoleCategories(ctx.tx, ids)).map(toRoleCategory), page };
  },

  roleCategoryGet: async (ctx, { params }) => {
    return { data: toRoleCategory(await getVisibleCategory(ctx, params.roleCategoryId)) };
  },

  roleCategoryCreate: createRoleCategory,
  roleCategoryUpdate: updateRoleCategory,
  roleCategoryDelete: deleteRoleCategory,
};
