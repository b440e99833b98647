import { type RawBuilder, sql } from 'kysely';
import type { Environment } from '#contract/organisation/environments.ts';
import { ApiError } from '#contract/errors.ts';
import {
  deleteEnvironmentRow,
  type EnvironmentRow,
  fetchEnvironments,
  findEnvironment,
  insertEnvironment,
  updateEnvironmentRow,
} from '../../database/queries/organisation/environments.ts';
import { containsPattern, fetchPage, parseSort } from '../../database/queries/lists/paging.ts';
import { planUpdate } from '../../domain/organisation.ts';
import type { Context, Handlers } from '../context.ts';
import { demandCostCenter } from '../access.ts';
import { clearScope } from './scope-deletion.ts';

/** The environments of an account, kept at its scope: docs/domain.md, "Accounts and environments". */
export const environmentHandlers: Handlers<
  | 'environmentList'
  | 'environmentGet'
  | 'environmentCreate'
  | 'environmentUpdate'
  | 'environmentDelete'
> = {
  environmentList: async (ctx, { query }) => {
    const accountId = accountOf(ctx);
    const { sort = 'id', include, pageNum, maxResults, cursor, ...filters } = query;
    const { name: column, descending } = parseSort(sort);
    const { ids, page } = await fetchPage<number>(
      ctx.tx,
      {
        from: sql`environments e`,
        branches: [sql`e.account_id = ${accountId}`],
        where: conditions(filters),
        key: column === 'name' ? sql`e.name` : sql`e.id`,
        keyType: column === 'name' ? 'text' : 'integer',
        id: sql`e.id`,
        idType: 'integer',
        descending,
      },
      { pageNum, maxResults, cursor },
      {
        list: ['environmentList', ctx.scope, filters, sort],
        total: include?.includes('total') ?? false,
      },
    );
    return { data: (await fetchEnvironments(ctx.tx, ids)).map(toEnvironment), page };
  },

  environmentGet: async (ctx, { params }) => ({
    data: toEnvironment(await getEnvironment(ctx, params.envId)),
  }),

  environmentCreate: async (ctx, { body }) => {
    await refuseTakenName(ctx, body.name);
    if (body.costCenter) await demandCostCenter(ctx, body.costCenter.id);
    const { id } = await insertEnvironment(ctx.tx, {
      account_id: accountOf(ctx),
      name: body.name,
      status: body.status ?? 'active',
      cost_center_id: body.costCenter?.id ?? null,
      created_at: ctx.now,
    });
    const environment = toEnvironment(await getEnvironment(ctx, id));
    ctx.record({ object: `environment:${id}`, after: environment });
    return { data: environment };
  },

  environmentUpdate: async (ctx, { params, body }) => {
    const row = await getEnvironment(ctx, params.envId);
    const { name, status, cost_center_id } = row;
    const changes = planUpdate(
      { name, status, cost_center_id },
      {
        name: body.name,
        status: body.status,
        cost_center_id: body.costCenter === null ? null : body.costCenter?.id,
      },
    );
    if (!changes) return { data: toEnvironment(row) };
    if (changes.name !== undefined) await refuseTakenName(ctx, changes.name);
    if (changes.cost_center_id != null) await demandCostCenter(ctx, changes.cost_center_id);
    await updateEnvironmentRow(ctx.tx, row.id, changes);
    const environment = toEnvironment(await getEnvironment(ctx, row.id));
    ctx.record({
      object: `environment:${row.id}`,
      before: toEnvironment(row),
      after: environment,
    });
    return { data: environment };
  },

  environmentDelete: async (ctx, { params }) => {
    const row = await getEnvironment(ctx, params.envId);
    const scope = {
      scope: 'environment',
      accountId: row.account_id,
      environmentId: row.id,
    } as const;
    const grants = await clearScope(ctx, scope, `Environment "${row.name}"`);
    await deleteEnvironmentRow(ctx.tx, row.id);
    ctx.record({ object: `environment:${row.id}`, before: { ...toEnvironment(row), grants } });
    return { data: null };
  },
};

function conditions(filters: {
  query?: string | undefined;
  id?: number | undefined;
  name?: string | undefined;
  status?: Environment['status'] | undefined;
  added?: string | undefined;
  costCenter?: string | undefined;
}): RawBuilder<unknown>[] {
  const { query, id, name, status, added, costCenter } = filters;
  return [
    ...(query ? [sql`e.name ILIKE ${containsPattern(query)}`] : []),
    ...(id ? [sql`e.id = ${id}`] : []),
    ...(name === undefined ? [] : [sql`e.name = ${name}`]),
    ...(status ? [sql`e.status = ${status}`] : []),
    ...(costCenter === undefined ? [] : [sql`e.cost_center_id = ${costCenter}`]),
    ...(added === undefined
      ? []
      : [sql`date_trunc('milliseconds', e.created_at) = ${added}::timestamptz`]),
  ];
}

/** The contract has these operations at account level only. */
function accountOf(ctx: Context): number {
  if (ctx.scope.scope === 'scalr') throw new Error('Environments are kept at account scope');
  return ctx.scope.accountId;
}

async function getEnvironment(ctx: Context, id: number): Promise<EnvironmentRow> {
  const row = await findEnvironment(ctx.tx, accountOf(ctx), { id });
  if (!row)
    throw new ApiError(
      'ObjectNotFound',
      `No environment of this account has the id ${id}. It may have been deleted, or it belongs to another account.`,
    );
  return row;
}

async function refuseTakenName(ctx: Context, name: string): Promise<void> {
  if (await findEnvironment(ctx.tx, accountOf(ctx), { name }))
    throw new ApiError(
      'UnicityViolation',
      `This account has an environment named "${name}" already. Choose another name.`,
      { field: 'name' },
    );
}

function toEnvironment(row: EnvironmentRow): Environment {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    status: row.status,
    costCenter:
      row.cost_center_id === null
        ? null
        : { id: row.cost_center_id, name: row.cost_center_name ?? '' },
    added: row.created_at.toISOString(),
  };
}
