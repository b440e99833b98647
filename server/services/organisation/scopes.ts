import type { Verdict } from '#contract/actions.ts';
import type { Place } from '#contract/images/places.ts';
import { wordsOf } from '#contract/list.ts';
import { scopeLabel, type ScopeRef } from '#contract/scope.ts';
import { lacking } from '../../domain/rights.ts';
import {
  countScope,
  fetchOpenableScopes,
  fetchScopeNames,
  type OpenableScopes,
  type ScopeRow,
} from '../../database/queries/organisation/scopes.ts';
import { type ScopeAction, scopeActions, whatActionNeeds } from '../../domain/organisation.ts';
import { toVerdict } from '../../domain/refusal.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toPlace } from '../present.ts';
import { whyNotEmpty } from './scope-deletion.ts';

/** How many scopes a list has at most; the rest takes a search. */
const mostScopes = 500;

/** Scopes themselves: docs/domain.md, "Accounts and environments". */
export const scopeHandlers = {
  scopeGet: async (ctx, { query }) => {
    const names = await fetchScopeNames(ctx.tx, ctx.scope);
    return {
      data: {
        ...toPlace(names),
        version: names.version,
        actions: await decideActions(ctx, names),
        ...(query.include?.includes('counts') && { counts: await countScope(ctx.tx, ctx.scope) }),
      },
    };
  },

  scopeList: async (ctx, { query }) => {
    const openable = whatMayBeOpened(ctx);
    const corporate =
      openable.all && isIn(scopeLabel.scalr, query.query ?? '') ? [corporateScope] : [];
    const limit = mostScopes - corporate.length;
    const rows = await fetchOpenableScopes(ctx.tx, openable, query.query, limit);
    return { data: [...corporate, ...rows.map(toPlace)] };
  },
} satisfies SomeHandlers;

const corporateScope: Place = {
  scope: 'scalr',
  accountId: null,
  envId: null,
  accountName: null,
  envName: null,
};

function isIn(text: string, query: string): boolean {
  return wordsOf(query.toLowerCase()).every((word) => text.toLowerCase().includes(word));
}

function whatMayBeOpened({ principal }: Context): OpenableScopes {
  const scopes: ScopeRef[] =
    principal.kind === 'user' ? principal.grants.map((grant) => grant.at) : [{ scope: 'scalr' }];
  return {
    all: scopes.some((at) => at.scope === 'scalr'),
    accountIds: scopes.flatMap((at) => (at.scope === 'account' ? at.accountId : [])),
    environmentIds: scopes.flatMap((at) => (at.scope === 'environment' ? at.environmentId : [])),
  };
}

const doing: Record<ScopeAction, string> = {
  imageCreate: 'register an image',
  roleCreate: 'create a role',
  farmCreate: 'create a farm',
  accountCreate: 'create an account',
  environmentCreate: 'create an environment',
  cloudCredentialsCreate: 'add cloud credentials',
  userInvite: 'manage people',
  rename: 'rename this',
  delete: 'delete this',
};

async function decideActions(ctx: Context, names: ScopeRow): Promise<Record<ScopeAction, Verdict>> {
  const verdicts = Object.fromEntries(
    scopeActions.map((action) => [action, decideAction(ctx, action)]),
  ) as Record<ScopeAction, Verdict>;
  if (ctx.scope.scope === 'scalr' || !verdicts.delete.allowed) return verdicts;
  const name = names.environment_name ?? names.account_name ?? '';
  const what = `${scopeLabel[ctx.scope.scope]} "${name}"`;
  return { ...verdicts, delete: toVerdict(await whyNotEmpty(ctx, ctx.scope, what)) };
}

function decideAction(ctx: Context, action: ScopeAction): Verdict {
  const need = whatActionNeeds(action, ctx.scope);
  if ('reason' in need) return toVerdict(need);
  if (ctx.can(need.permission, need.at)) return { allowed: true };
  return {
    allowed: false,
    code: 'PermissionViolation',
    reason: lacking(need.permission, need.at, doing[action]),
  };
}
