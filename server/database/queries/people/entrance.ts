import { type RawBuilder, sql } from 'kysely';
import type { UserRole } from '#contract/permissions.ts';
import type { Db } from '../../connection/connection.ts';
import { executeKept } from '../../connection/sent-ahead.ts';
import type { ScopedRow } from '../../../domain/scopes.ts';
import type { ChainHeads } from '../records/operations-log.ts';

/** Where a request goes, as its path says it. */
type EntranceAddress =
  | { level: 'self' }
  | { level: 'global' }
  | { level: 'account'; accountId: number }
  | { level: 'user'; envId: number };

interface Row {
  now: Date;
  /** Whatever was changed by an earlier transaction is seen: the number of the first that may not be. */
  position: number;
  /** Null for `self`, and for an account or environment that is not there. */
  place: Omit<ScopedRow, 'scope'> | null;
  heads: { chain: string; revision: number; at: string; hash: string }[];
  /** Null when nobody was asked for, or gone or suspended. */
  user: {
    id: number;
    email: string;
    name: string;
    grants: (ScopedRow & { role: UserRole })[];
  } | null;
}

export type EntranceRow = Omit<Row, 'heads'> & { heads: ChainHeads };

/** Where a request goes, who sent it, the clock, and where the chains of the place stand, at one moment. */
export async function fetchEntrance(
  tx: Db,
  address: EntranceAddress,
  userId: number | undefined,
): Promise<EntranceRow> {
  const select = sql<Row>`
    WITH place AS (${selectPlace(address)})
    SELECT clock_timestamp() AS now, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS position,
      (SELECT to_jsonb(place) FROM place) AS place,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('chain', chain, 'revision', revision, 'at', at,
          'hash', encode(hash, 'hex'))), '[]') FROM revisions
        WHERE chain IN ('corporate', (SELECT 'account:' || account_id FROM place))) AS heads,
      ${userId === undefined ? sql`NULL` : selectUser(userId)} AS "user"`;
  const [row] = await executeKept(tx, select.compile(tx));
  if (!row) throw new Error('A statement without a table has one row');
  const heads = row.heads.map(({ chain, revision, at, hash }) => {
    return [chain, { revision, at: new Date(at), hash: Buffer.from(hash, 'hex') }] as const;
  });
  return { ...row, heads: new Map(heads) };
}

function selectPlace(address: EntranceAddress): RawBuilder<unknown> {
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
        'account_id', g.account_id, 'environment_id', g.environment_id)) FROM held_grants g WHERE g.user_id = u.id), '[]'))
    FROM users u WHERE u.id = ${id} AND u.status = 'active')`;
}
