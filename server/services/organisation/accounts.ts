import type { Account } from '#contract/organisation/accounts.ts';
import { ApiError } from '#contract/errors.ts';
import {
  accountListPlan,
  type AccountRow,
  deleteAccountRow,
  fetchAccounts,
  findAccount,
  isAccountNameTaken,
  insertAccount,
  renameAccount,
} from '../../database/queries/organisation/accounts.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { planUpdate } from '../../domain/organisation.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { clearScope } from './scope-deletion.ts';

/** Accounts, kept at Corporate scope: docs/domain.md, "Accounts and environments". */
export const accountHandlers = {
  accountList: async (ctx, { query }) => {
    const sort = query.sort ?? 'id';
    const plan = accountListPlan(query, sort);
    const of = ['accountList', ctx.scope];
    const { ids, page } = await fetchPage<number>(ctx.tx, plan, { ...query, sort }, of);
    return { data: (await fetchAccounts(ctx.tx, ids)).map(toAccount), page };
  },

  accountGet: async (ctx, { params }) => ({
    data: toAccount(await getAccount(ctx, params.accountId)),
  }),

  accountCreate: async (ctx, { body }) => {
    await refuseTakenName(ctx, body.name);
    const id = await insertAccount(ctx.tx, body.name, ctx.now);
    const account = toAccount(await getAccount(ctx, id));
    ctx.record({ kind: 'account', after: account });
    return { data: account };
  },

  accountUpdate: async (ctx, { params, body }) => {
    const row = await getAccount(ctx, params.accountId);
    ctx.expectVersion(row.version);
    const changes = planUpdate({ name: row.name }, body);
    if (!changes?.name) return { data: toAccount(row) };
    await refuseTakenName(ctx, changes.name, row.id);
    await renameAccount(ctx.tx, row.id, changes.name);
    const account = toAccount(await getAccount(ctx, row.id));
    ctx.record({ kind: 'account', before: toAccount(row), after: account });
    return { data: account };
  },

  accountDelete: async (ctx, { params }) => {
    const row = await getAccount(ctx, params.accountId);
    ctx.expectVersion(row.version);
    const scope = { scope: 'account', accountId: row.id } as const;
    const others = await clearScope(ctx, scope, `Account "${row.name}"`);
    await deleteAccountRow(ctx.tx, row.id);
    ctx.record({ kind: 'account', before: toAccount(row), others });
    return { data: null };
  },
} satisfies SomeHandlers;

async function getAccount(ctx: Context, id: number): Promise<AccountRow> {
  const row = await findAccount(ctx.tx, id);
  if (!row)
    throw new ApiError(
      'ObjectNotFound',
      `No account has the id ${id}. It may have been deleted: look at the list of accounts.`,
    );
  return row;
}

async function refuseTakenName(ctx: Context, name: string, ownId?: number): Promise<void> {
  if (await isAccountNameTaken(ctx.tx, name, ownId))
    throw new ApiError(
      'UnicityViolation',
      `There is an account named "${name}" already. Choose another name.`,
      { field: 'name' },
    );
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    added: row.created_at.toISOString(),
    environments: row.environments,
    version: row.version,
  };
}
