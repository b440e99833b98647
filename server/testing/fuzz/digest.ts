import { sql } from 'kysely';
import type { Db } from '../../database/connection/connection.ts';

const whole = [
  'accounts',
  'environments',
  'grants',
  'teams',
  'team_members',
  'images',
  'roles',
  'role_images',
  'role_categories',
  'farms',
  'farm_roles',
  'servers',
  'projects',
  'api_keys',
  'passkeys',
  'subscriptions',
  'cloud_credentials',
  'environment_clouds',
  'policies',
  'policy_evaluations',
  'outbox',
] as const;

/** What only grows. */
const counted = [
  'operations_log',
  'role_image_history',
  'replacements',
  'replacement_roles',
] as const;

/** Everything that a refused request must leave alone, in one text. */
export async function digestOf(db: Db): Promise<string> {
  // Whatever is written to a row gives it a newer transaction, and so another sum or another count.
  const sums = whole.map(
    (table) =>
      sql`(SELECT count(*) || ' ' || coalesce(sum(xmin::text::bigint), 0) FROM ${sql.table(table)})`,
  );
  const counts = counted.map((table) => sql`(SELECT count(*) FROM ${sql.table(table)})::text`);
  const revisions = sql`(SELECT sum(revision) FROM revisions)::text`;
  const { rows } = await sql<{ digest: string }>`
    SELECT concat_ws(' ', ${sql.join([...sums, ...counts, revisions])}) AS digest`.execute(db);
  return rows[0]?.digest ?? '';
}

/** Takes stock of what is in the tables, for plans of statements. */
export async function analyze(db: Db): Promise<void> {
  await sql`ANALYZE`.execute(db);
}
