import { type Kysely, sql } from 'kysely';

/**
 * A change of very many objects does not wait until each of them can be found in Activity: a loop follows its
 * entries a moment later (docs/architecture.md, "Records"). What makes the rows that Activity is read by also
 * asks for the places of roles and for names at once instead of object by object.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [tablesSql, readingSql, functionsSql]) await sql.raw(text).execute(db);
}

const tablesSql = `
-- Entries of very many objects that no row of operations, operation_places and operation_objects follows from yet.
CREATE TABLE operations_unfollowed (
  chain text NOT NULL,
  revision bigint NOT NULL,
  PRIMARY KEY (chain, revision)
);

-- How many entries of a chain were followed later than they were made, so that pages hear of it.
CREATE TABLE operations_followed (
  chain text PRIMARY KEY,
  entries bigint NOT NULL
);
`;

/** Entries of more objects than this are followed later: at some 20 microseconds an object. */
const mostAtOnce = 1_000;

const readingSql = `
CREATE OR REPLACE FUNCTION logged_name(object text, value jsonb) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN object LIKE 'roleImage:%' THEN
      (SELECT r.name FROM roles r WHERE r.id = split_part(substr(object, 11), '/', 1)::integer)
    WHEN object LIKE 'replacement:%' THEN
      (SELECT a.name || ' → ' || b.name FROM images a, images b
        WHERE a.id = (value #>> '{oldImage,id}')::uuid AND b.id = (value #>> '{newImage,id}')::uuid)
    WHEN object LIKE 'rollout:%' THEN
      (SELECT p.target ->> 'name' FROM rollouts p WHERE p.id = substr(object, 9)::uuid)
    ELSE coalesce(nullif(value ->> 'name', ''), nullif(value ->> 'alias', ''), nullif(value ->> 'hostname', ''),
      nullif(value ->> 'email', ''), nullif(value ->> 'subject', ''), nullif(value ->> 'role', ''),
      nullif(value ->> 'cloudServerId', ''))
  END
$$;
`;

const isPersonal = (subject: string) =>
  `split_part(${subject}, ':', 1) IN ('user', 'grant', 'apiKey', 'session')`;

/** The parts of each entry that changed, before and after, each side with where it was. */
const sidesSql = `
  sides AS MATERIALIZED (
    SELECT l.request_id, l.at, l.scope, l.account_id, l.environment_id, l.revision, part.nth, part.object, value,
      logged_subject(part.object) AS subject
    FROM entries l
    CROSS JOIN LATERAL (
      SELECT 0::bigint AS nth, l.object, l.before, l.after
      UNION ALL
      SELECT nth, other ->> 'object', other -> 'before', other -> 'after'
      FROM jsonb_array_elements(CASE jsonb_typeof(l.others) WHEN 'array' THEN l.others ELSE '[]' END)
        WITH ORDINALITY others (other, nth)
      -- What neither was nor is only took part.
      WHERE other ?| ARRAY['before', 'after']) part
    CROSS JOIN LATERAL (
      SELECT part.after AS value WHERE jsonb_typeof(part.after) = 'object'
      UNION ALL
      SELECT part.before WHERE jsonb_typeof(part.before) = 'object'
      UNION ALL
      SELECT NULL WHERE coalesce(jsonb_typeof(part.after), '') <> 'object'
        AND coalesce(jsonb_typeof(part.before), '') <> 'object') side
  ), role_places AS MATERIALIZED (
    SELECT subject, ARRAY[r.account_id, r.environment_id] AS place
    FROM (SELECT DISTINCT subject FROM sides WHERE object LIKE 'roleImage:%') changed
    JOIN roles r ON r.id = substr(subject, 6)::integer
  ), located AS MATERIALIZED (
    SELECT s.*, CASE WHEN object LIKE 'roleImage:%' THEN coalesce(place, ARRAY[account_id, environment_id])
      ELSE logged_place(object, value, account_id, environment_id) END AS place
    FROM sides s LEFT JOIN role_places USING (subject)
  )`;

/** Each object once, at the higher of where it was and where it is; the first few with their names. */
const placedSql = `
  placed AS MATERIALIZED (
    SELECT DISTINCT ON (request_id, subject)
      request_id, at, scope, revision, nth, object, value, subject, place[1] AS account_id, place[2] AS environment_id
    FROM located
    ORDER BY request_id, subject, place[1] NULLS FIRST, place[2] NULLS FIRST, revision, nth
  ), ranked AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY request_id, account_id, environment_id ORDER BY revision, nth) AS in_place,
      row_number() OVER (PARTITION BY request_id ORDER BY revision, nth) AS in_all
    FROM placed
  ), named AS MATERIALIZED (
    SELECT *, logged_name(object, value) AS name FROM ranked WHERE in_place <= 3 OR in_all <= 10
  )`;

const kindsSql = `
  found_kinds AS (
    INSERT INTO operation_kinds (kind, operation)
    SELECT DISTINCT split_part(s.subject, ':', 1), l.operation
    FROM placed s JOIN entries l USING (request_id)
    WHERE NOT EXISTS (SELECT FROM operation_kinds k
      WHERE k.kind = split_part(s.subject, ':', 1) AND k.operation = l.operation)
    ON CONFLICT DO NOTHING
  )`;

const objectsSql = `
  found_objects AS (
    INSERT INTO operation_objects (object, at, operation_id, account_id, environment_id)
    SELECT DISTINCT ON (link, at, request_id) link, at, request_id, account_id, environment_id
    FROM (
      SELECT subject AS link, at, request_id, account_id, environment_id FROM placed
      UNION ALL
      SELECT 'image:' || (value #>> '{image,id}'), at, request_id, place[1], place[2]
      FROM located WHERE object LIKE 'roleImage:%'
      UNION ALL
      SELECT link, at, request_id, place[1], place[2]
      FROM located, unnest(logged_links(object, value)) link WHERE object NOT LIKE 'roleImage:%') links
    WHERE link IS NOT NULL
    ORDER BY link, at, request_id, account_id NULLS FIRST, environment_id NULLS FIRST
    ON CONFLICT DO NOTHING
  )`;

const placesSql = `
  found_places AS (
    INSERT INTO operation_places
      (operation_id, account_id, environment_id, at, from_scope, objects, personal, first, leads)
    SELECT request_id, account_id, environment_id, at, scope, objects, personal, first,
      row_number() OVER (PARTITION BY request_id, account_id ORDER BY environment_id NULLS FIRST) = 1
        AND NOT EXISTS (SELECT FROM operation_places p WHERE p.operation_id = request_id
          AND p.account_id IS NOT DISTINCT FROM counted.account_id AND p.leads)
    FROM (
      SELECT p.request_id, p.account_id, p.environment_id, min(p.at) AS at, min(p.scope) AS scope,
        count(*)::integer AS objects,
        (count(*) FILTER (WHERE ${isPersonal('p.subject')}))::integer AS personal,
        coalesce(jsonb_agg(jsonb_build_object('object', n.subject, 'name', n.name) ORDER BY n.in_place)
          FILTER (WHERE n.in_place <= 3), '[]') AS first
      FROM placed p LEFT JOIN named n USING (request_id, subject)
      GROUP BY p.request_id, p.account_id, p.environment_id) counted
    ON CONFLICT (operation_id, account_id, environment_id) DO UPDATE
      SET objects = operation_places.objects + excluded.objects,
        personal = operation_places.personal + excluded.personal, first = operation_places.first || excluded.first
  )`;

const operationsSql = `
  INSERT INTO operations (id, at, operation, actor, credential, origin, scope, account_id, environment_id, reason,
    kinds, personal, words)
  SELECT first.request_id, first.at, first.operation, first.actor, first.credential, first.origin, first.scope,
    first.account_id, first.environment_id, first.reason, parts.kinds,
    parts.kinds <@ ARRAY['user', 'grant', 'apiKey', 'session'],
    left(concat_ws(' ', first.actor, first.reason, parts.names), 2000)
  FROM (SELECT DISTINCT ON (request_id) * FROM entries ORDER BY request_id, chain, revision) first
  JOIN (
    SELECT p.request_id, array_agg(DISTINCT split_part(p.subject, ':', 1)) AS kinds,
      string_agg(n.name, ' ' ORDER BY n.in_all) FILTER (WHERE n.in_all <= 10) AS names
    FROM placed p LEFT JOIN named n USING (request_id, subject)
    GROUP BY p.request_id) parts ON parts.request_id = first.request_id
  ON CONFLICT (id) DO UPDATE SET
    kinds = ARRAY(SELECT DISTINCT kind FROM unnest(operations.kinds || excluded.kinds) kind ORDER BY kind),
    personal = operations.personal AND excluded.personal,
    words = left(operations.words || ' ' || excluded.words, 2000);`;

/** One statement, for one entry or many. @param entries common table expressions, of which the last is "entries" */
function followSql(entries: string): string {
  const parts = [entries, sidesSql, placedSql, kindsSql, objectsSql, placesSql];
  return `WITH ${parts.join(',')} ${operationsSql}`;
}

const isLarge = `CASE jsonb_typeof(others) WHEN 'array' THEN jsonb_array_length(others) > ${mostAtOnce} ELSE false END`;

const functionsSql = `
CREATE OR REPLACE FUNCTION follow_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO operations_unfollowed (chain, revision) SELECT chain, revision FROM added WHERE ${isLarge};
  IF EXISTS (SELECT FROM added WHERE NOT ${isLarge}) THEN
    ${followSql(`entries AS MATERIALIZED (SELECT * FROM added WHERE NOT ${isLarge})`)}
  END IF;
  RETURN NULL;
END $$;

-- Follows what was left for later, and counts it. Of two that do so at once, the second finds nothing.
CREATE FUNCTION follow_log_late() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  ${followSql(`late AS MATERIALIZED (DELETE FROM operations_unfollowed RETURNING chain, revision),
  counted AS (
    INSERT INTO operations_followed (chain, entries) SELECT chain, count(*) FROM late GROUP BY chain
    ON CONFLICT (chain) DO UPDATE SET entries = operations_followed.entries + excluded.entries
  ), entries AS MATERIALIZED (SELECT l.* FROM operations_log l JOIN late USING (chain, revision))`)}
END $$;
`;
