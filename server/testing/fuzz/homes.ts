import { type RawBuilder, sql } from 'kysely';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Db } from '../../database/connection/connection.ts';
import type { PoolIds } from './pool-ids.ts';
import type { Hole } from './pools.ts';
import type { FuzzRequest } from './requests.ts';

/** Tables of what parameters and members name, each with the scope where it lives, and what has the id there. */
const homes = {
  farmId: ['farms', 'id'],
  farmRoleId: ['farm_roles', 'id'],
  serverId: ['servers', 'id'],
  roleId: ['roles', 'id'],
  imageId: ['images', 'id'],
  imageSetId: ['image_sets', 'id'],
  roleCategoryId: ['role_categories', 'id'],
  projectId: ['projects', 'id'],
  replacementId: ['replacements', 'id'],
  rolloutId: ['rollouts', 'id'],
  cloudCredentialsId: ['cloud_credentials', 'id'],
  policyId: ['policies', 'id'],
  teamId: ['teams', 'id'],
  grantId: ['grants', 'id'],
  userId: ['grants', 'user_id'],
  envId: ['environments', 'id'],
  operationId: ['operations', 'id'],
  // Of bodies.
  farmRole: ['farm_roles', 'id'],
  farm: ['farms', 'id'],
  oldImage: ['images', 'id'],
} as const;

/** What else a path names has to belong to the first: another of it would not be found. */
const belongings: Record<string, readonly [name: string, id: RawBuilder<unknown>][]> = {
  roleId: [['imageId', sql`(SELECT image_id FROM role_images WHERE role_id = t.id LIMIT 1)`]],
  teamId: [['userId', sql`(SELECT user_id FROM team_members WHERE team_id = t.id LIMIT 1)`]],
  policyId: [
    [
      'evaluationId',
      sql`(SELECT id FROM policy_evaluations WHERE policy_id = t.id ORDER BY at DESC LIMIT 1)`,
    ],
  ],
};

/** The request at the scope where what it names lives, with what belongs to that. */
export async function broughtHome(
  db: Db,
  pools: PoolIds,
  request: FuzzRequest,
): Promise<FuzzRequest> {
  const found = request.atHome ? namedIn(request) : undefined;
  if (!found) return request;
  const [name, hole] = found;
  const [table, column] = homes[name];
  const wanted = (belongings[name] ?? []).filter(([one]) => request.params[one] !== undefined);
  const more = wanted.map(([one, id]) => sql`, ${id}::text AS ${sql.ref(one)}`);
  const { rows } = await sql<{ level: FuzzRequest['level']; at: string } & Record<string, string>>`
    SELECT
      CASE WHEN j ->> 'environment_id' IS NOT NULL THEN 'user' WHEN j ->> 'account_id' IS NOT NULL THEN 'account'
        ELSE 'global' END AS level,
      coalesce(j ->> 'environment_id', j ->> 'account_id', '0') AS at ${sql.join(more, sql``)}
    FROM ${sql.table(table)} t, to_jsonb(t) j
    WHERE t.${sql.ref(column)}::text = ${pools.textOf(hole)} LIMIT 1`.execute(db);
  const [home] = rows;
  const spec: OperationSpec = operations[request.id];
  if (!home || !spec.levels.includes(home.level)) return request;
  const params = { ...request.params };
  for (const [one] of wanted) params[one] = home[one] ?? params[one] ?? '1';
  return { ...request, level: home.level, scope: home.at, params };
}

/** The first of what it names that has a home. */
function namedIn({ params, body }: FuzzRequest): [keyof typeof homes, Hole] | undefined {
  const members = typeof body === 'object' && body !== null ? body : {};
  const named: Record<string, unknown> = { ...members, ...params };
  for (const name of Object.keys(homes) as (keyof typeof homes)[]) {
    const hole = holeOf(named[name]);
    if (hole) return [name, hole];
  }
  return undefined;
}

/** A hole, or that of an object with an id; none that is spoilt. */
function holeOf(value: unknown): Hole | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if ('id' in value) return holeOf(value.id);
  return 'pool' in value && !('spoil' in value && value.spoil) ? (value as Hole) : undefined;
}
