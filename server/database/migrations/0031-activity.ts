import { type Kysely, sql } from 'kysely';

/**
 * What the operations log is read by: one row for each operation, whom and where it reached, and which
 * objects it is found under (docs/architecture.md, "Records"). All of it follows from the log: a trigger adds
 * it with each entry, also those of a Slipway that was started before the upgrade.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [tablesSql, readingSql, triggerSql]) await sql.raw(text).execute(db);
  await sql.raw(fillSql('operations_log')).execute(db);
  await sql.raw(indexesSql).execute(db);
}

const tablesSql = `
CREATE TABLE operations (
  -- The request: its entries are one operation.
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL,
  operation text NOT NULL,
  actor text NOT NULL,
  credential text NOT NULL,
  origin text NOT NULL,
  scope text NOT NULL,
  account_id integer,
  environment_id integer,
  reason text,
  -- Of all objects that it changed.
  kinds text[] NOT NULL,
  -- Everything that it changed is somebody's own: their user, rights and keys.
  personal boolean NOT NULL,
  -- Who, why, and the first names, for searches.
  words text NOT NULL
);

-- How many objects of each place an operation changed, and the first of them by name.
CREATE TABLE operation_places (
  operation_id uuid NOT NULL,
  account_id integer,
  environment_id integer,
  at timestamptz NOT NULL,
  -- Where it was done.
  from_scope text NOT NULL,
  objects integer NOT NULL,
  -- Of these, those that are somebody's own.
  personal integer NOT NULL,
  first jsonb NOT NULL,
  -- The first place of its account, so that lists of the account have the operation once.
  leads boolean NOT NULL,
  UNIQUE NULLS NOT DISTINCT (operation_id, account_id, environment_id)
);

-- What an operation is found under: the objects that it changed and what they belong to, each with the place
-- that whoever looks has to see.
CREATE TABLE operation_objects (
  object text NOT NULL,
  at timestamptz NOT NULL,
  operation_id uuid NOT NULL,
  account_id integer,
  environment_id integer,
  PRIMARY KEY (object, at, operation_id)
);

-- Which operations ever changed an object of a kind: few rows, by which the list by kind is walked.
CREATE TABLE operation_kinds (
  kind text NOT NULL,
  operation text NOT NULL,
  PRIMARY KEY (kind, operation)
);
`;

/** How one object of an entry is read; entries of shape 1 have fewer members, and stand for where they were made. */
const readingSql = `
CREATE FUNCTION logged_subject(object text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  -- With the images of a role, the role changes.
  SELECT CASE WHEN object LIKE 'roleImage:%' THEN 'role:' || split_part(substr(object, 11), '/', 1) ELSE object END
$$;

CREATE FUNCTION logged_number(object jsonb, member text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN jsonb_typeof(object -> member) = 'number' THEN (object ->> member)::integer END
$$;

-- Where an object lives: {account, environment}, null for above.
CREATE FUNCTION logged_place(object text, value jsonb, account integer, environment integer)
RETURNS integer[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN object LIKE 'roleImage:%' THEN coalesce(
      (SELECT ARRAY[r.account_id, r.environment_id] FROM roles r
        WHERE r.id = split_part(substr(object, 11), '/', 1)::integer), ARRAY[account, environment])
    WHEN object LIKE 'account:%' THEN ARRAY[substr(object, 9)::integer, NULL]
    WHEN object LIKE 'environment:%'
      THEN ARRAY[coalesce(logged_number(value, 'accountId'), account), substr(object, 13)::integer]
    WHEN value ? 'accountId' AND value ? 'envId'
      THEN ARRAY[logged_number(value, 'accountId'), logged_number(value, 'envId')]
    ELSE ARRAY[account, environment]
  END
$$;

CREATE FUNCTION logged_name(object text, value jsonb) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN object LIKE 'roleImage:%' THEN
      (SELECT r.name FROM roles r WHERE r.id = split_part(substr(object, 11), '/', 1)::integer)
    WHEN object LIKE 'replacement:%' THEN
      (SELECT a.name || ' → ' || b.name FROM images a, images b
        WHERE a.id::text = value #>> '{oldImage,id}' AND b.id::text = value #>> '{newImage,id}')
    WHEN object LIKE 'rollout:%' THEN
      (SELECT p.target ->> 'name' FROM rollouts p WHERE p.id::text = substr(object, 9))
    ELSE coalesce(nullif(value ->> 'name', ''), nullif(value ->> 'alias', ''), nullif(value ->> 'hostname', ''),
      nullif(value ->> 'email', ''), nullif(value ->> 'subject', ''), nullif(value ->> 'role', ''),
      nullif(value ->> 'cloudServerId', ''))
  END
$$;

-- What an object is found under beside its own name.
CREATE FUNCTION logged_links(object text, value jsonb) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE split_part(object, ':', 1)
    WHEN 'roleImage' THEN ARRAY['image:' || (value #>> '{image,id}')]
    WHEN 'image' THEN ARRAY['imageSet:' || (value #>> '{os,id}') || '/' || (value ->> 'name')]
    WHEN 'imageSet' THEN ARRAY['imageSet:' || (value #>> '{os,id}') || '/' || (value ->> 'name')]
    WHEN 'farmRole' THEN ARRAY['farm:' || (value #>> '{farm,id}'), 'role:' || (value #>> '{role,id}')]
    WHEN 'server' THEN ARRAY['farm:' || (value #>> '{farm,id}'), 'farmRole:' || (value #>> '{farmRole,id}')]
    WHEN 'replacement' THEN ARRAY(
      SELECT 'image:' || (pair #>> ARRAY[side, 'id'])
      FROM jsonb_array_elements(CASE jsonb_typeof(value -> 'pairs') WHEN 'array' THEN value -> 'pairs' ELSE '[]' END) pair,
        unnest(ARRAY['oldImage', 'newImage']) side)
    WHEN 'rollout' THEN ARRAY['replacement:' || (value #>> '{replacement,id}'),
      (SELECT (p.target ->> 'type') || ':' || (p.target ->> 'id') FROM rollouts p WHERE p.id::text = substr(object, 9))]
    WHEN 'grant' THEN ARRAY['user:' || (value #>> '{user,id}')]
    WHEN 'apiKey' THEN ARRAY['user:' || (value #>> '{user,id}')]
    WHEN 'ownerMessage' THEN ARRAY['user:' || (value #>> '{owner,id}')]
    WHEN 'ownerAnswer' THEN ARRAY['user:' || (value ->> 'id')]
    ELSE '{}'
  END
$$;
`;

const isPersonal = (subject: string) =>
  `split_part(${subject}, ':', 1) IN ('user', 'grant', 'apiKey')`;

/** The parts of each entry that changed, before and after, each side with where it was. */
const sidesSql = (entries: string) => `
  sides AS MATERIALIZED (
    SELECT l.request_id, l.at, l.scope, l.account_id, l.environment_id, l.revision, part.nth, part.object, value
    FROM ${entries} l
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
  )`;

/** Each object once, at the higher of where it was and where it is; the first few with their names. */
const placedSql = `
  placed AS MATERIALIZED (
    -- The higher of where it was and where it is.
    SELECT DISTINCT ON (request_id, logged_subject(object))
      request_id, at, scope, revision, nth, object, value, logged_subject(object) AS subject,
      place[1] AS account_id, place[2] AS environment_id
    FROM sides, logged_place(object, value, account_id, environment_id) place
    ORDER BY request_id, logged_subject(object), place[1] NULLS FIRST, place[2] NULLS FIRST, revision, nth
  ), ranked AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY request_id, account_id, environment_id ORDER BY revision, nth) AS in_place,
      row_number() OVER (PARTITION BY request_id ORDER BY revision, nth) AS in_all
    FROM placed
  ), named AS MATERIALIZED (
    SELECT *, logged_name(object, value) AS name FROM ranked WHERE in_place <= 3 OR in_all <= 10
  )`;

const kindsSql = (entries: string) => `
  found_kinds AS (
    INSERT INTO operation_kinds (kind, operation)
    SELECT DISTINCT split_part(s.subject, ':', 1), l.operation
    FROM placed s JOIN ${entries} l USING (request_id)
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
      SELECT link, at, request_id, place[1], place[2]
      FROM sides, unnest(logged_links(object, value)) link,
        logged_place(object, value, account_id, environment_id) place
      WHERE link IS NOT NULL) links
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

const operationsSql = (entries: string) => `
  INSERT INTO operations (id, at, operation, actor, credential, origin, scope, account_id, environment_id, reason,
    kinds, personal, words)
  SELECT first.request_id, first.at, first.operation, first.actor, first.credential, first.origin, first.scope,
    first.account_id, first.environment_id, first.reason, parts.kinds,
    parts.kinds <@ ARRAY['user', 'grant', 'apiKey'],
    left(concat_ws(' ', first.actor, first.reason, parts.names), 2000)
  FROM (SELECT DISTINCT ON (request_id) * FROM ${entries} ORDER BY request_id, chain, revision) first
  JOIN (
    SELECT p.request_id, array_agg(DISTINCT split_part(p.subject, ':', 1)) AS kinds,
      string_agg(n.name, ' ' ORDER BY n.in_all) FILTER (WHERE n.in_all <= 10) AS names
    FROM placed p LEFT JOIN named n USING (request_id, subject)
    GROUP BY p.request_id) parts ON parts.request_id = first.request_id
  ON CONFLICT (id) DO UPDATE SET
    kinds = ARRAY(SELECT DISTINCT kind FROM unnest(operations.kinds || excluded.kinds) kind ORDER BY kind),
    personal = operations.personal AND excluded.personal,
    words = left(operations.words || ' ' || excluded.words, 2000);`;

/**
 * One statement, for one entry or a million: the parts of each entry, where they live, and what follows.
 * @param entries the table of entries
 */
function fillSql(entries: string): string {
  const parts = [sidesSql(entries), placedSql, kindsSql(entries), objectsSql, placesSql];
  return `WITH ${parts.join(',')} ${operationsSql(entries)}`;
}

const triggerSql = `
CREATE FUNCTION follow_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  ${fillSql('added')}
  RETURN NULL;
END $$;
CREATE TRIGGER follow_log AFTER INSERT ON operations_log
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION follow_log();
`;

/** Every filter of the list walks one of these in order, from whichever scope: docs/architecture.md, "Lists". */
const indexesSql = `
CREATE INDEX operations_at ON operations (at, id);
CREATE INDEX operations_actor ON operations (actor, at, id);
CREATE INDEX operations_operation ON operations (operation, at, id);
CREATE INDEX operations_account ON operations (account_id, at, id);
CREATE INDEX operations_account_actor ON operations (account_id, actor, at, id);
CREATE INDEX operations_account_operation ON operations (account_id, operation, at, id);
CREATE INDEX operations_environment ON operations (environment_id, at, id);
CREATE INDEX operations_environment_actor ON operations (environment_id, actor, at, id);
CREATE INDEX operations_environment_operation ON operations (environment_id, operation, at, id);
CREATE INDEX operations_words ON operations USING gin (words gin_trgm_ops);
CREATE INDEX operation_places_account ON operation_places (account_id, at, operation_id)
  WHERE from_scope = 'scalr' AND leads;
CREATE INDEX operation_places_environment ON operation_places (environment_id, at, operation_id)
  WHERE from_scope <> 'environment';
CREATE INDEX operations_log_request ON operations_log (request_id);
CREATE INDEX denials_at ON denials (at, id);
CREATE INDEX denials_account ON denials (account_id, at, id);
CREATE INDEX denials_environment ON denials (environment_id, at, id);
`;
