import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { fetchAccountNames } from '../database/queries/organisation/accounts.ts';
import { fetchEnvironmentNames } from '../database/queries/organisation/environments.ts';
import { StartError } from '../database/embedded/start-error.ts';

export const SCOPE_FORMS =
  'corporate, account:NAME or environment:ACCOUNT/NAME (ids work in place of names)';

/**
 * The scope that somebody typed.
 *
 * @throws StartError when the text has none of the forms, or names what is not there
 */
export async function findScopeByText(db: Db, text: string): Promise<ScopeRef> {
  if (text === 'corporate' || text === 'scalr') return { scope: 'scalr' };
  const [, kind, name = ''] = /^(account|environment):(.+)$/s.exec(text) ?? [];
  if (kind === 'account') return { scope: 'account', accountId: await findAccount(db, name) };
  if (kind === 'environment') return await findEnvironment(db, name);
  throw new StartError(`"${text}" is not a scope. Write ${SCOPE_FORMS}.`);
}

/** The id of the account with this name, or else with this id. */
export async function findAccount(db: Db, nameOrId: string): Promise<number> {
  const rows = await fetchAccountNames(db);
  const found = pick(rows, nameOrId, ({ name }) => name);
  if (found) return found.id;
  throw new StartError(`There is no account "${nameOrId}". ${listOf('accounts', rows)}`);
}

async function findEnvironment(db: Db, text: string): Promise<ScopeRef> {
  const rows = await fetchEnvironmentNames(db);
  const found = pick(rows, text, ({ account_name, name }) => `${account_name}/${name}`);
  if (found) {
    return { scope: 'environment', accountId: found.account_id, environmentId: found.id };
  }
  const known = rows.map(({ account_name, name }) => ({ name: `${account_name}/${name}` }));
  throw new StartError(`There is no environment "${text}". ${listOf('environments', known)}`);
}

function listOf(what: string, rows: { name: string }[]): string {
  if (rows.length === 0) return `There are no ${what} yet.`;
  const shown = rows.slice(0, 20).map(({ name }) => `"${name}"`);
  return `The ${what} are ${shown.join(', ')}${rows.length > 20 ? ' and more' : ''}.`;
}

/** The row with this name, else with this name but for capitals, else with this id. */
function pick<Row extends { id: number }>(
  rows: Row[],
  typed: string,
  nameOf: (row: Row) => string,
): Row | undefined {
  return (
    rows.find((row) => nameOf(row) === typed) ??
    rows.find((row) => nameOf(row).toLowerCase() === typed.toLowerCase()) ??
    rows.find((row) => String(row.id) === typed)
  );
}
