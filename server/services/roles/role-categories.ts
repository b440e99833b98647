import { sql } from 'kysely';
import { fetchPage, parseSort } from '../../database/queries/lists/paging.ts';
import { fetchRoleCategories } from '../../database/queries/roles/role-categories.ts';
import { isAt, visibleScopes } from '../../database/queries/organisation/visibility.ts';
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
    const { descending } = parseSort(query.sort ?? 'id');
    const branches = visibleScopes(ctx.scope)
      .filter(({ scope }) => query.scope === undefined || query.scope === scope)
      .map((scope) => isAt('c', scope));
    const plan = {
      from: sql`role_categories c`,
      branches: branches.length > 0 ? branches : [sql`false`],
      where: [
        ...(query.id === undefined ? [] : [sql`c.id = ${query.id}`]),
        ...(query.name === undefined ? [] : [sql`c.name = ${query.name}`]),
      ],
      key: sql`c.id`,
      keyType: 'integer' as const,
      id: sql`c.id`,
      idType: 'integer' as const,
      descending,
    };
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, query, {
      list: ['roleCategoryList', ctx.scope, query.id, query.name, query.scope, descending],
      total: query.include?.includes('total') ?? false,
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
