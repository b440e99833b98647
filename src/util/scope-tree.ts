import type { PathScope } from './paths.ts';

export interface TreeEnvironment {
  id: number;
  name: string;
}

export interface TreeAccount {
  id: number;
  name: string;
  environments: readonly TreeEnvironment[];
}

/** How many places a list shows at most; finding the rest takes a search. */
export const treeLimit = 200;

/**
 * The accounts and environments whose name has the text in it. An account that fits keeps all of its
 * environments; one that does not is kept for those that fit.
 */
export function findInTree(
  accounts: readonly TreeAccount[],
  text: string,
): { accounts: TreeAccount[]; left: number } {
  const wanted = text.trim().toLowerCase();
  const fits = (name: string) => name.toLowerCase().includes(wanted);
  const found: TreeAccount[] = [];
  let shown = 0;
  let left = 0;
  for (const account of accounts) {
    const environments = fits(account.name)
      ? account.environments
      : account.environments.filter((environment) => fits(environment.name));
    if (environments.length === 0 && !fits(account.name)) continue;
    const size = 1 + environments.length;
    if (shown + size > treeLimit && shown > 0) {
      left += size;
      continue;
    }
    shown += size;
    found.push({ ...account, environments });
  }
  return { accounts: found, left };
}

/** The name of the account or environment that an address names, once the tree is known. */
export function nameInTree(
  accounts: readonly TreeAccount[] | undefined,
  scope: PathScope,
): string | undefined {
  if (scope.scope === 'scalr') return undefined;
  if (scope.scope === 'account') {
    return accounts?.find((account) => account.id === scope.accountId)?.name;
  }
  return accounts
    ?.flatMap((account) => account.environments)
    .find((environment) => environment.id === scope.environmentId)?.name;
}

/** The account that an environment belongs to. */
export function accountOfEnvironment(
  accounts: readonly TreeAccount[] | undefined,
  environmentId: number,
): TreeAccount | undefined {
  return accounts?.find((account) =>
    account.environments.some((environment) => environment.id === environmentId),
  );
}
