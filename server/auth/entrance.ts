import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { type EntranceRow, fetchEntrance } from '../database/queries/people/entrance.ts';
import type { ChainHeads } from '../database/queries/records/operations-log.ts';
import type { UserPrincipal } from '../domain/rights.ts';
import { scopeOf } from '../domain/scopes.ts';
import type { ScopeAddress } from './authorise.ts';

/** What every operation starts from, read in one statement: under the lock, when there is one. */
export interface Entrance {
  /** The database's clock; never before the last change of these chains. */
  now: Date;
  /** Whatever was changed by transactions before this one is seen: docs/architecture.md, "Live". */
  position: number;
  /** `undefined` for `self`, and for an account or environment that is not there. */
  scope: ScopeRef | undefined;
  /** The user with their grants; `undefined` when nobody was asked for, or gone or suspended. */
  user: UserPrincipal | undefined;
  /** Corporate's, and the account's if the address is in one. */
  heads: ChainHeads;
}

/** Looks up where a request goes and who sent it, as they are in this transaction. */
export async function readEntrance(
  tx: Db,
  address: ScopeAddress,
  userId: number | undefined,
): Promise<Entrance> {
  const { now, position, place, user, heads } = await fetchEntrance(tx, address, userId);
  const latest = Math.max(now.getTime(), ...[...heads.values()].map(({ at }) => at.getTime()));
  return {
    now: new Date(latest),
    position,
    scope: place ? scopeOf({ scope: scopeName[address.level], ...place }) : undefined,
    user: user ? toPrincipal(user) : undefined,
    heads,
  };
}

const scopeName = {
  self: 'scalr',
  global: 'scalr',
  account: 'account',
  user: 'environment',
} as const satisfies Record<ScopeAddress['level'], ScopeRef['scope']>;

function toPrincipal({ grants, ...user }: NonNullable<EntranceRow['user']>): UserPrincipal {
  return {
    kind: 'user',
    ...user,
    grants: grants.map((grant) => ({ role: grant.role, at: scopeOf(grant) })),
  };
}
