import type { Environment } from '#contract/organisation/environments.ts';
import { ApiError } from '#contract/errors.ts';
import {
  deleteEnvironmentRow,
  environmentListPlan,
  type EnvironmentRow,
  fetchEnvironments,
  findEnvironment,
  isEnvironmentNameTaken,
  insertEnvironment,
  updateEnvironmentRow,
} from '../../database/queries/organisation/environments.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { planUpdate } from '../../domain/organisation.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { demandCostCenter } from '../access.ts';
import { clearScope } from './scope-deletion.ts';

/** The environments of an account, kept at its scope: docs/domain.md, "Accounts and environments". */
export const environmentHandlers = {
  environmentList: async (ctx, { query }) => {
    const sort = query.sort ?? 'id';
    const plan = environmentListPlan(accountOf(ctx), query, sort);
    const of = ['environmentList', ctx.scope];
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, of);
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
    ctx.record({ kind: 'environment', after: environment });
    return { data: environment };
  },

  environmentUpdate: async (ctx, { params, body }) => {
    const row = await getEnvironment(ctx, params.envId);
    ctx.expectVersion(row.version);
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
    if (changes.name !== undefined) await refuseTakenName(ctx, changes.name, row.id);
    if (changes.cost_center_id != null) await demandCostCenter(ctx, changes.cost_center_id);
    await updateEnvironmentRow(ctx.tx, row.id, changes);
    const environment = toEnvironment(await getEnvironment(ctx, row.id));
    ctx.record({ kind: 'environment', before: toEnvironment(row), after: environment });
    return { data: environment };
  },

  environmentDelete: async (ctx, { params }) => {
    const row = await getEnvironment(ctx, params.envId);
    ctx.expectVersion(row.version);
    const scope = {
      scope: 'environment',
      accountId: row.account_id,
      environmentId: row.id,
    } as const;
    const others = await clearScope(ctx, scope, `Environment "${row.name}"`);
    await deleteEnvironmentRow(ctx.tx, row.id);
    ctx.record({ kind: 'environment', before: toEnvironment(row), others });
    return { data: null };
  },
} satisfies SomeHandlers;

/** The account of the request: the contract has what asks for it at account level only. */
export function accountOf(ctx: Context): number {
  if (ctx.scope.scope === 'scalr') throw new Error('Environments are kept at account scope');
  return ctx.scope.accountId;
}

/** An environment of the request's account. @throws ApiError ObjectNotFound */
export async function getEnvironment(ctx: Context, id: number): Promise<EnvironmentRow> {
  const row = await findEnvironment(ctx.tx, accountOf(ctx), id);
  if (!row)
    throw new ApiError(
      'ObjectNotFound',
      `No environment of this account has the id ${id}. It may have been deleted, or it belongs to another account.`,
    );
  return row;
}

async function refuseTakenName(ctx: Context, name: string, ownId?: number): Promise<void> {
  if (await isEnvironmentNameTaken(ctx.tx, accountOf(ctx), name, ownId))
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
    version: row.version,
  };
}
