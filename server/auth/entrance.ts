import { type RawBuilder, sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { executeKept } from '../database/connection/sent-ahead.ts';
import type { ChainHeads } from '../database/queries/records/operations-log.ts';
import { type ScopedRow, scopeOf } from '../domain/scopes.ts';
import type { ScopeAddress } from './authorise.ts';
import type { Principal } from './principal.ts';

/** What every operation starts from, read in one statement: under the lock, when there is one. */
export interface Entrance {
  /** The database's clock; never before the last change of these chains. */
  now: Date;
  /** `undefined` for `self`, and for an account or environment that is not there. */
  scope: ScopeRef | undefined;
  /** The user with their grants; `undefined` when nobody was asked for, or gone or suspended. */
  user: Principal | undefined;
  /** Corporate's, and the account's if the address is in one. */
  heads: ChainHeads;
}

interface Row {
  now: Date;
  place: Omit<ScopedRow, 'scope'> | null;
  heads: { chain: string; revision: number; at: string; hash: string }[];
  user:
    | (Pick<UserPrincipal, 'id' | 'email' | 'name'> & {
        grants: (ScopedRow & Pick<Grant, 'role'>)[];
      })
    | null;
}
type UserPrincipal = Extract<Principal, { kind: 'user' }>;
type Grant = UserPrincipal['grants'][number];

/** Looks up where a request goes and who sent it, as they are in this transaction. */
export async function readEntrance(
  tx: Db,
  address: ScopeAddress,
  userId: number | undefined,
): Promise<Entrance> {
  const select = sql<Row>`
    WITH place AS (${selectPlace(address)})
    SELECT clock_timestamp() AS now,
      (SELECT to_jsonb(place) FROM place) AS place,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('chain', chain, 'revision', revision, 'at', at,
          'hash', encode(hash, 'hex'))), '[]') FROM revisions
        WHERE chain IN ('corporate', (SELECT 'account:' || account_id FROM place))) AS heads,
      ${userId === undefined ? sql`NULL` : selectUser(userId)} AS "user"`;
  const [row] = await executeKept(tx, select.compile(tx));
  if (!row) throw new Error('A statement without a table has one row');
  const heads: ChainHeads = new Map(
    row.heads.map(({ chain, revision, at, hash }) => [
      chain,
      { revision, at: new Date(at), hash: Buffer.from(hash, 'hex') },
    ]),
  );
  const latest = Math.max(row.now.getTime(), ...[...heads.values()].map(({ at }) => at.getTime()));
  return {
    now: new Date(latest),
    scope: row.place ? scopeOf({ scope: scopeName[address.level], ...row.place }) : undefined,
    user: row.user ? toPrincipal(row.user) : undefined,
    heads,
  };
}

const scopeName = {
  self: 'scalr',
  global: 'scalr',
  account: 'account',
  user: 'environment',
} as const satisfies Record<ScopeAddress['level'], ScopeRef['scope']>;

function selectPlace(address: ScopeAddress): RawBuilder<unknown> {
  if (address.level === 'account')
    return sql`SELECT id AS account_id, NULL::int AS environment_id FROM accounts WHERE id = ${address.accountId}`;
  if (address.level === 'user')
    return sql`SELECT account_id, id AS environment_id FROM environments WHERE id = ${address.envId}`;
  return sql`SELECT NULL::int AS account_id, NULL::int AS environment_id
    WHERE ${sql.lit(address.level === 'global')}`;
}

function selectUser(id: number): RawBuilder<unknown> {
  return sql`(SELECT jsonb_build_object('id', u.id, 'email', u.email, 'name', u.name, 'grants',
      coalesce((SELECT jsonb_agg(jsonb_build_object('role', g.role, 'scope', g.scope,
        'account_id', g.account_id, 'environment_id', g.environment_id)) FROM grants g WHERE g.user_id = u.id), '[]'))
    FROM users u WHERE u.id = ${id} AND u.status = 'active')`;
}

function toPrincipal({ grants, ...user }: NonNullable<Row['user']>): Principal {
  return {
    kind: 'user',
    ...user,
    grants: grants.map((grant) => ({ role: grant.role, at: scopeOf(grant) })),
  };
}
