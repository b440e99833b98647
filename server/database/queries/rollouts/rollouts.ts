import { type RawBuilder, sql } from 'kysely';
import type { ServiceInput } from '#contract/operations.ts';
import type { PlanItem } from '#contract/plans.ts';
import type {
  PlanRollout,
  RolloutServerState,
  RolloutSettings,
} from '#contract/rollouts/rollout-members.ts';
import type { Rollout, RolloutCounts, RolloutState } from '#contract/rollouts/rollouts.ts';
import type { Scope, ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { inOrder } from '../lists/in-order.ts';
import { type ListPlan, parseSort } from '../lists/paging.ts';
import { isAt, isAtOrBelow, visibleScopes } from '../organisation/visibility.ts';

/** A rollout as it is stored, with its servers counted as the viewer sees them. */
export interface RolloutRow {
  id: string;
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
  /** As it is stored: what has expired follows from the rest. */
  state: Exclude<RolloutState, 'expired'>;
  wish: PlanRollout;
  items: PlanItem[];
  target: Rollout['target'];
  settings: RolloutSettings;
  replacement_id: string | null;
  at: Date;
  by: string;
  reason: string | null;
  expires_at: Date;
  started_at: Date | null;
  started_by: string | null;
  ended_at: Date | null;
  failures: number;
  cloud_words: string | null;
  undoes_id: string | null;
  undone_by_id: string | null;
  counts: RolloutCounts;
  /** Groups whose cloud was asked to move them. */
  begun_groups: number;
  version: number;
}

/**
 * One condition on `p` for each place whose rollouts a scope sees: those made at and below it, and those above
 * it that move servers here.
 */
function rolloutBranches(scope: ScopeRef): RawBuilder<unknown>[] {
  const reachesHere = sql`EXISTS (SELECT FROM rollout_servers rs
    WHERE rs.rollout_id = p.id AND ${isAtOrBelow('rs', scope)} OFFSET 0)`;
  return [
    isAtOrBelow('p', scope),
    ...visibleScopes(scope)
      .slice(1)
      .map((above) => sql`${isAt('p', above)} AND ${reachesHere}`),
  ];
}

/** How to walk the rollouts that a scope sees; without a state, those that were started. */
export function rolloutListPlan(
  scope: ScopeRef,
  query: ServiceInput<'rolloutList'>['query'],
  now: Date,
): ListPlan {
  const { state, farm, replacement, sort = '-at' } = query;
  return {
    from: sql`rollouts p`,
    branches: rolloutBranches(scope),
    where: [
      state ? isInState(state, now) : sql`p.started_at IS NOT NULL`,
      ...(farm === undefined
        ? []
        : [
            sql`EXISTS (SELECT FROM rollout_servers rs
              WHERE rs.rollout_id = p.id AND rs.farm_id = ${farm} AND ${isAtOrBelow('rs', scope)})`,
          ]),
      ...(replacement === undefined ? [] : [sql`p.replacement_id = ${replacement}`]),
    ],
    key: sql`p.at`,
    keyType: 'timestamptz',
    id: sql`p.id`,
    idType: 'uuid',
    descending: parseSort(sort).descending,
  };
}

function isInState(states: readonly RolloutState[], now: Date): RawBuilder<unknown> {
  const conditions = states.map((state) => {
    if (state === 'planned') return sql`(p.state = 'planned' AND p.expires_at > ${now})`;
    if (state === 'expired') return sql`(p.state = 'planned' AND p.expires_at <= ${now})`;
    return sql`p.state = ${state}`;
  });
  return sql`(${sql.join(conditions, sql` OR `)})`;
}

/** Rollouts by id, in the order of the ids, counted as the viewer at `scope` sees them. */
export async function fetchRollouts(
  tx: Db,
  scope: ScopeRef,
  ids: readonly string[],
): Promise<RolloutRow[]> {
  if (ids.length === 0) return [];
  return inOrder(ids, await selectRollouts(tx, scope, sql`p.id = ANY(${ids}::uuid[])`));
}

/** A rollout if the viewer at `scope` sees it. */
export async function findVisibleRollout(
  tx: Db,
  scope: ScopeRef,
  id: string,
): Promise<RolloutRow | undefined> {
  const seen = sql.join(
    rolloutBranches(scope).map((branch) => sql`(${branch})`),
    sql` OR `,
  );
  const [row] = await selectRollouts(tx, scope, sql`p.id = ${id} AND (${seen})`);
  return row;
}

const states: readonly RolloutServerState[] = ['waiting', 'moving', 'baking', 'moved', 'skipped'];

async function selectRollouts(
  tx: Db,
  scope: ScopeRef,
  condition: RawBuilder<unknown>,
): Promise<RolloutRow[]> {
  const counts = sql.join(
    states.map(
      (state) => sql`${sql.lit(state)}, count(*) FILTER (WHERE rs.state = ${sql.lit(state)})`,
    ),
  );
  const { rows } = await sql<RolloutRow>`
    SELECT p.*, undone.id AS undone_by_id, counted.counts, (SELECT count(*)::int FROM rollout_groups rg
      WHERE rg.rollout_id = p.id AND rg.started_at IS NOT NULL) AS begun_groups
    FROM rollouts p
    LEFT JOIN rollouts undone ON undone.undoes_id = p.id
    CROSS JOIN LATERAL (SELECT jsonb_build_object('total', count(*), ${counts}) AS counts
      FROM rollout_servers rs WHERE rs.rollout_id = p.id AND ${isAtOrBelow('rs', scope)}) counted
    WHERE ${condition}`.execute(tx);
  return rows;
}
