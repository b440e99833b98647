/** Where an object lives. `scalr` is the Corporate scope: the wire keeps Scalr's word, people see "Corporate". */
export const scopes = ['scalr', 'account', 'environment'] as const;
export type Scope = (typeof scopes)[number];

/** Which API tree a request uses; `self` is what belongs to the signed-in user alone. */
export const levels = ['global', 'account', 'user'] as const;
export type Level = (typeof levels)[number];

/**
 * One place in the organisation, fully spelled out: never guessed from an absent id.
 * An environment always names its account too, since it inherits from it.
 */
export type ScopeRef =
  | { scope: 'scalr' }
  | { scope: 'account'; accountId: number }
  | { scope: 'environment'; accountId: number; environmentId: number };

/** The word people see for a scope. */
export const scopeLabel: Record<Scope, string> = {
  scalr: 'Corporate',
  account: 'Account',
  environment: 'Environment',
};

/** 0 at the top: a smaller rank is a higher scope. */
export const scopeRank: Record<Scope, number> = { scalr: 0, account: 1, environment: 2 };
