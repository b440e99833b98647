import { sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import type { OperationRow } from './operations.ts';

export interface DenialRow extends Omit<
  OperationRow,
  'id' | 'reason' | 'first' | 'objects' | 'hidden'
> {
  id: number;
  last_at: Date;
  count: number;
  code: string;
  message: string;
}

/** How to walk what was refused at and below a scope. An address below an environment names no account. */
export function planDenialList(
  scope: ScopeRef,
  { person, from, to, sort = '-at' }: ServiceInput<'denialList'>['query'],
): ListPlan {
  const branches =
    scope.scope === 'scalr'
      ? [sql`true`]
      : scope.scope === 'account'
        ? [
            sql`d.account_id = ${scope.accountId}`,
            sql`d.account_id IS NULL AND d.environment_id = ANY (ARRAY(
              SELECT e.id FROM environments e WHERE e.account_id = ${scope.accountId}))`,
          ]
        : [sql`d.environment_id = ${scope.environmentId}`];
  return {
    from: sql`denials d`,
    branches,
    where: [
      ...(person === undefined ? [] : [sql`d.actor = ${person}`]),
      ...(from === undefined ? [] : [sql`d.at >= ${from}::timestamptz`]),
      ...(to === undefined ? [] : [sql`d.at < ${to}::timestamptz`]),
    ],
    key: sql`d.at`,
    keyType: 'timestamptz',
    id: sql`d.id`,
    idType: 'integer',
    descending: parseSort(sort).descending,
  };
}

/** Denials by id, in the order of the ids. */
export async function fetchDenials(tx: Db, ids: readonly number[]): Promise<DenialRow[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<DenialRow>`
    SELECT d.id, d.at, coalesce(d.last_at, d.at) AS last_at, d.count, d.operation, d.actor, u.id AS user_id,
      u.name AS user_name, d.credential, d.origin, d.code, d.message,
      CASE WHEN d.environment_id IS NOT NULL THEN 'environment' WHEN d.account_id IS NOT NULL THEN 'account'
        ELSE 'scalr' END AS scope,
      coalesce(d.account_id, e.account_id) AS account_id, d.environment_id, a.name AS account_name,
      e.name AS environment_name
    FROM denials d
    LEFT JOIN users u ON u.email = d.actor
    LEFT JOIN environments e ON e.id = d.environment_id
    LEFT JOIN accounts a ON a.id = coalesce(d.account_id, e.account_id)
    WHERE d.id = ANY(${[...ids]}::bigint[])`.execute(tx);
  return inOrder(ids, rows);
}
