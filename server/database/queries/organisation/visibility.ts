import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';

/** The scopes whose objects a scope sees, itself first: its own and those above it. */
export function visibleScopes(scope: ScopeRef): ScopeRef[] {
  if (scope.scope === 'scalr') return [scope];
  const above: ScopeRef[] = [{ scope: 'scalr' }];
  if (scope.scope === 'account') return [scope, ...above];
  return [scope, { scope: 'account', accountId: scope.accountId }, ...above];
}

/**
 * The branches of a list of what a scope sees: one for each scope that `alias` may be at.
 * @param only the scope that a filter names
 */
export function visibleBranches(
  alias: string,
  scope: ScopeRef,
  only?: ScopeRef['scope'],
): RawBuilder<boolean>[] {
  const scopes = visibleScopes(scope).filter((seen) => only === undefined || seen.scope === only);
  return scopes.length > 0 ? scopes.map((seen) => isAt(alias, seen)) : [sql<boolean>`false`];
}

/** `alias` is exactly at `scope`: the shape that the indexes by scope are made for. */
export function isAt(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  const a = sql.raw(alias);
  if (scope.scope === 'scalr')
    return sql<boolean>`${a}.scope = 'scalr' AND ${a}.account_id IS NULL AND ${a}.environment_id IS NULL`;
  if (scope.scope === 'account')
    return sql<boolean>`${a}.scope = 'account' AND ${a}.account_id = ${scope.accountId} AND ${a}.environment_id IS NULL`;
  return sql<boolean>`${a}.scope = 'environment' AND ${a}.account_id = ${scope.accountId} AND ${a}.environment_id = ${scope.environmentId}`;
}

/**
 * `alias` is at a scope that `scope` sees: a check on rows that are found by something else. It is worded
 * so that the planner looks for no index for it, which took longer than the query; lists use `isAt`.
 */
export function isVisible(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  return sql<boolean>`((${sql.join(
    visibleScopes(scope).map((visible) => sql`(${isAt(alias, visible)})`),
    sql` OR `,
  )}) IS TRUE)`;
}

/** `alias` (with account_id and environment_id) is at or below `scope`. */
export function isAtOrBelow(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  const a = sql.raw(alias);
  if (scope.scope === 'scalr') return sql<boolean>`true`;
  if (scope.scope === 'account') return sql<boolean>`${a}.account_id = ${scope.accountId}`;
  return sql<boolean>`${a}.environment_id = ${scope.environmentId}`;
}
