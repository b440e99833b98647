import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { isAtOrBelow } from '../organisation/visibility.ts';
import { findFew } from './operation-walks.ts';
import { type FoundOperations, searchOperations } from './operation-words.ts';

/** Who looks, and from where. */
export interface Viewer {
  scope: ScopeRef;
  /** Administrators of the scope see what is somebody's own; undefined for them, else who looks. */
  ownOnly: string | undefined;
}

export interface OperationRow {
  id: string;
  at: Date;
  operation: string;
  actor: string;
  user_id: number | null;
  user_name: string | null;
  credential: string;
  origin: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  account_name: string | null;
  environment_name: string | null;
  reason: string | null;
  /** Of the objects that the viewer may see, the first by place: those at and below the scope before those above. */
  first: FirstObject[];
  objects: number;
  hidden: number;
}

/** An object as it was called when it changed, with its place. */
export interface FirstObject {
  object: string;
  name: string | null;
  account_id: number | null;
  environment_id: number | null;
}

type Filters = Omit<ServiceInput<'operationList'>['query'], 'maxResults' | 'pageNum' | 'cursor'>;

/**
 * How to walk the operations that a scope sees, as docs/domain.md, "Activity", says. Each filter has an
 * index that is walked in order, whatever the scope; connections plan without looking at values.
 */
export async function planOperationList(
  tx: Db,
  viewer: Viewer,
  { query, person, kind, object, operation, from, to, sort = '-at' }: Filters,
): Promise<ListPlan> {
  const equal = [
    ...(person === undefined ? [] : [sql`o.actor = ${person}`]),
    ...(operation === undefined ? [] : [sql`o.operation = ${operation}`]),
  ];
  const where = [
    ...isReadable(viewer),
    ...equal,
    ...(kind === undefined ? [] : [sql`o.kinds @> ARRAY[${kind}]::text[]`]),
    ...(from === undefined ? [] : [sql`o.at >= ${from}::timestamptz`]),
    ...(to === undefined ? [] : [sql`o.at < ${to}::timestamptz`]),
  ];
  // What happened to an object is told from above, too.
  const found = await searchOperations(
    tx,
    object === undefined ? viewer.scope : { scope: 'scalr' },
    query,
  );
  const order = {
    where,
    keyType: 'timestamptz',
    idType: 'uuid',
    descending: parseSort(sort).descending,
  } as const;
  if (object !== undefined)
    return {
      ...order,
      from: sql`operation_objects x JOIN operations o ON o.id = x.operation_id`,
      branches: partsOf(sql`x.object = ${object} AND ${isPlaceVisible('x', viewer.scope)}`, found),
      key: sql`x.at`,
      id: sql`x.operation_id`,
    };
  const byOperation = kind !== undefined && person === undefined && operation === undefined;
  const only = byOperation ? await fetchOperationsOf(tx, kind) : undefined;
  return {
    ...order,
    from: sql`operations o`,
    branches: branchesOf(viewer.scope, {
      only,
      few: await findFew(tx, viewer.scope, equal),
      found,
    }),
    key: sql`o.at`,
    id: sql`o.id`,
  };
}

interface Walks {
  only?: readonly string[] | undefined;
  few?: RawBuilder<unknown> | undefined;
  found?: FoundOperations | undefined;
}

/**
 * What was done at and below a scope, and what was done above and reached it: that is few, found first, and
 * so looked up by id.
 * @param how.only the operations that a walk is cut into: one ordered walk for each
 * @param how.few a condition in place of the walk, where few rows have it
 * @param how.found what a search finds
 */
function branchesOf(scope: ScopeRef, { only, few, found }: Walks = {}): RawBuilder<unknown>[] {
  const own = few ? sql`${isAtOrBelow('o', scope)} AND ${few}` : isAtOrBelow('o', scope);
  const walks = only ? only.map((one) => sql`${own} AND o.operation = ${one}`) : [own];
  const above = reachedFromAbove(scope).map((one) =>
    found ? sql`${one} AND ${found.rowByRow}` : one,
  );
  const branches = [...walks.flatMap((walk) => partsOf(walk, found)), ...above];
  return branches.length > 0 ? branches : [sql`false`];
}

/** A walk in the parts that a search finds its rows in. */
function partsOf(walk: RawBuilder<unknown>, found: FoundOperations | undefined) {
  return found ? found.parts.map((part) => sql`${walk} AND ${part}`) : [walk];
}

function reachedFromAbove(scope: ScopeRef): RawBuilder<unknown>[] {
  if (scope.scope === 'scalr') return [];
  const here =
    scope.scope === 'account'
      ? sql`p.account_id = ${scope.accountId} AND p.from_scope = 'scalr' AND p.leads`
      : sql`p.environment_id = ${scope.environmentId} AND p.from_scope <> 'environment'`;
  return [sql`o.id = ANY (ARRAY(SELECT p.operation_id FROM operation_places p WHERE ${here}))`];
}

async function fetchOperationsOf(tx: Db, kind: string): Promise<string[]> {
  const { rows } = await sql<{ operation: string }>`
    SELECT operation FROM operation_kinds WHERE kind = ${kind} ORDER BY operation`.execute(tx);
  return rows.map(({ operation }) => operation);
}

function isReadable({ ownOnly }: Viewer): RawBuilder<unknown>[] {
  return ownOnly === undefined ? [] : [sql`(NOT o.personal OR o.actor = ${ownOnly})`];
}

/** The place of `alias`, which has no scope of its own, is at, below or above a scope. */
export function isPlaceVisible(alias: string, scope: ScopeRef): RawBuilder<boolean> {
  const a = sql.raw(alias);
  if (scope.scope === 'scalr') return sql<boolean>`true`;
  if (scope.scope === 'account')
    return sql<boolean>`(${a}.account_id IS NULL OR ${a}.account_id = ${scope.accountId})`;
  return sql<boolean>`(${a}.account_id IS NULL OR (${a}.account_id = ${scope.accountId}
    AND (${a}.environment_id IS NULL OR ${a}.environment_id = ${scope.environmentId})))`;
}

/** Operations by id, in the order of the ids, with what of them the viewer may see. */
export async function fetchOperationRows(
  tx: Db,
  viewer: Viewer,
  ids: readonly string[],
): Promise<OperationRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectOperations(tx, viewer, sql`o.id = ANY(${[...ids]}::uuid[])`));
}

/** An operation if the viewer may read something of it: it is in their list, or in that of an object they see. */
export async function findOperation(
  tx: Db,
  viewer: Viewer,
  id: string,
): Promise<OperationRow | undefined> {
  const conditions = [
    sql`o.id = ${id}`,
    ...isReadable(viewer),
    sql`(${sql.join(branchesOf(viewer.scope), sql` OR `)} OR EXISTS (
      SELECT FROM operation_places p WHERE p.operation_id = o.id AND p.objects > 0
        AND ${isPlaceVisible('p', viewer.scope)}))`,
  ];
  const [row] = await selectOperations(tx, viewer, sql.join(conditions, sql` AND `));
  return row;
}

async function selectOperations(
  tx: Db,
  { scope, ownOnly }: Viewer,
  condition: RawBuilder<unknown>,
): Promise<OperationRow[]> {
  const visible = isPlaceVisible('p', scope);
  // What is somebody's own shows to administrators, and to who did it.
  const own =
    ownOnly === undefined ? sql`0` : sql`CASE WHEN o.actor = ${ownOnly} THEN 0 ELSE p.personal END`;
  const { rows } = await sql<OperationRow>`
    SELECT o.id, o.at, o.operation, o.actor, u.id AS user_id, u.name AS user_name, o.credential, o.origin,
      o.scope, o.account_id, o.environment_id, a.name AS account_name, e.name AS environment_name, o.reason,
      coalesce(seen.first, '[]') AS first, coalesce(seen.objects, 0)::int AS objects,
      coalesce(seen.hidden, 0)::int AS hidden
    FROM operations o
    LEFT JOIN users u ON u.email = o.actor
    LEFT JOIN accounts a ON a.id = o.account_id
    LEFT JOIN environments e ON e.id = o.environment_id
    CROSS JOIN LATERAL (
      SELECT sum(p.objects - ${own}) FILTER (WHERE ${visible}) AS objects,
        sum(CASE WHEN ${visible} THEN ${own} ELSE p.objects END) AS hidden,
        (SELECT jsonb_agg(entry || jsonb_build_object('account_id', few.account_id, 'environment_id', few.environment_id))
          FROM (SELECT p.* FROM operation_places p WHERE p.operation_id = o.id AND ${visible}
            ORDER BY (${isAtOrBelow('p', scope)}) IS TRUE DESC, p.account_id NULLS FIRST, p.environment_id NULLS FIRST LIMIT 3) few,
            jsonb_array_elements(few.first) entry) AS first
      FROM operation_places p WHERE p.operation_id = o.id) seen
    WHERE ${condition}`.execute(tx);
  return rows;
}
