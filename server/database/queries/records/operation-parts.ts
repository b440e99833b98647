import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isPlaceVisible } from './operations.ts';

/** One object of an operation; of the sides, those that the viewer may see. */
export interface OperationPart {
  object: string;
  name: string | null;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  /** Whether it was there before and after, also where the viewer does not see it. */
  was: boolean;
  is: boolean;
  account_id: number | null;
  environment_id: number | null;
}

/** More than anybody reads; the rest is a count. */
const mostParts = 100;

/** What an operation changed, in the order of the log, and how it was done. */
export async function fetchOperationParts(
  tx: Db,
  scope: ScopeRef,
  operationId: string,
): Promise<{ parts: OperationPart[]; options: Record<string, boolean> }> {
  const { rows } = await sql<OperationPart>`
    WITH parts AS (
      SELECT l.revision, part.*, l.account_id AS at_account, l.environment_id AS at_environment
      FROM operations_log l
      CROSS JOIN LATERAL (
        SELECT 0::bigint AS nth, l.object, l.before, l.after
        UNION ALL
        SELECT nth, other ->> 'object', other -> 'before', other -> 'after'
        FROM jsonb_array_elements(CASE jsonb_typeof(l.others) WHEN 'array' THEN l.others ELSE '[]' END)
          WITH ORDINALITY others (other, nth)
        WHERE other ?| ARRAY['before', 'after']) part
      WHERE l.request_id = ${operationId}
    ), sides AS (
      SELECT revision, nth, object, coalesce(before, 'null') AS before, coalesce(after, 'null') AS after,
        logged_place(object, coalesce(before, after), at_account, at_environment) AS was_at,
        logged_place(object, coalesce(after, before), at_account, at_environment) AS is_at
      FROM parts
    ), placed AS (
      SELECT s.*, was.seen AS was_seen, now.seen AS is_seen
      FROM sides s,
        LATERAL (SELECT ${isPlaceVisible('place', scope)} AS seen
          FROM (SELECT s.was_at[1] AS account_id, s.was_at[2] AS environment_id) place) was,
        LATERAL (SELECT ${isPlaceVisible('place', scope)} AS seen
          FROM (SELECT s.is_at[1] AS account_id, s.is_at[2] AS environment_id) place) now
    )
    SELECT object, logged_name(object, CASE WHEN is_seen AND after <> 'null' THEN after ELSE before END) AS name,
      before <> 'null' AS was, after <> 'null' AS is,
      CASE WHEN was_seen THEN nullif(before, 'null') END AS before,
      CASE WHEN is_seen THEN nullif(after, 'null') END AS after,
      (CASE WHEN is_seen THEN is_at ELSE was_at END)[1] AS account_id,
      (CASE WHEN is_seen THEN is_at ELSE was_at END)[2] AS environment_id
    FROM placed WHERE was_seen OR is_seen
    ORDER BY revision, nth LIMIT ${mostParts}`.execute(tx);
  const options = await sql<{ options: Record<string, boolean> | null }>`
    SELECT options FROM operations_log WHERE request_id = ${operationId} AND options IS NOT NULL LIMIT 1`.execute(
    tx,
  );
  return { parts: rows, options: options.rows[0]?.options ?? {} };
}

/** An object by its kind and id, as text. */
export interface ObjectName {
  kind: string;
  id: string;
}

const asUuid = sql`w.id::uuid`;
const asNumber = sql`w.id::integer`;

/**
 * What objects are called now.
 * @returns by `kind:id`; what is gone is left out
 */
export async function fetchObjectNames(
  tx: Db,
  objects: readonly ObjectName[],
): Promise<Map<string, string>> {
  if (objects.length === 0) return new Map();
  const kinds = objects.map(({ kind }) => kind);
  const ids = objects.map(({ id }) => id);
  const { rows } = await sql<{ object: string; name: string | null }>`
    SELECT w.kind || ':' || w.id AS object, CASE w.kind
      WHEN 'image' THEN (SELECT name FROM images WHERE id = ${asUuid} AND deleted_at IS NULL)
      WHEN 'imageSet' THEN (SELECT name FROM image_sets WHERE id = ${asNumber})
      WHEN 'role' THEN (SELECT name FROM roles WHERE id = ${asNumber} AND deleted_at IS NULL)
      WHEN 'roleCategory' THEN (SELECT name FROM role_categories WHERE id = ${asNumber})
      WHEN 'farm' THEN (SELECT name FROM farms WHERE id = ${asNumber})
      WHEN 'farmRole' THEN (SELECT alias FROM farm_roles WHERE id = ${asNumber})
      WHEN 'server' THEN (SELECT coalesce(hostname, '') FROM servers WHERE id = ${asUuid})
      WHEN 'replacement' THEN (SELECT '' FROM replacements WHERE id = ${asUuid})
      WHEN 'rollout' THEN (SELECT target ->> 'name' FROM rollouts WHERE id = ${asUuid})
      WHEN 'project' THEN (SELECT name FROM projects WHERE id = ${asUuid})
      WHEN 'costCenter' THEN (SELECT name FROM cost_centers WHERE id = ${asUuid})
      WHEN 'account' THEN (SELECT name FROM accounts WHERE id = ${asNumber})
      WHEN 'environment' THEN (SELECT name FROM environments WHERE id = ${asNumber})
      WHEN 'policy' THEN (SELECT name FROM policies WHERE id = ${asUuid})
      WHEN 'cloudCredentials' THEN (SELECT name FROM cloud_credentials WHERE id = ${asUuid})
      WHEN 'cloudImage' THEN (SELECT coalesce(nullif(name, ''), cloud_image_id) FROM inventory_images
        WHERE key = ${asUuid} ORDER BY gone_at NULLS FIRST LIMIT 1)
      WHEN 'environmentCloud' THEN (SELECT cloud_platform FROM environment_clouds
        WHERE environment_id || '/' || cloud_platform = w.id)
      WHEN 'user' THEN (SELECT name FROM users WHERE id = ${asNumber})
      WHEN 'os' THEN (SELECT name FROM os WHERE id = w.id)
      WHEN 'team' THEN (SELECT name FROM teams WHERE id = ${asNumber})
      WHEN 'teamMember' THEN (SELECT u.name FROM team_members m JOIN users u ON u.id = m.user_id
        WHERE m.team_id || '/' || m.user_id = w.id)
      WHEN 'grant' THEN (SELECT role FROM grants WHERE id = ${asNumber})
      WHEN 'session' THEN (SELECT '' FROM sessions WHERE left(encode(token_hash, 'hex'), 8) = w.id LIMIT 1)
      WHEN 'subscription' THEN (SELECT channel FROM subscriptions WHERE id = ${asNumber})
      WHEN 'passkey' THEN (SELECT name FROM passkeys WHERE id = ${asNumber})
      WHEN 'apiKey' THEN (SELECT name FROM api_keys WHERE id = w.id)
      ELSE ''
    END AS name
    FROM (SELECT DISTINCT * FROM unnest(${kinds}::text[], ${ids}::text[]) named (kind, id)) w`.execute(
    tx,
  );
  return new Map(rows.flatMap(({ object, name }) => (name === null ? [] : [[object, name]])));
}
