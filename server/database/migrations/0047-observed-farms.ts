import { type Kysely, sql } from 'kysely';

/**
 * Farms that something else runs, as the inventory finds them: docs/domain.md, "Observed farms". They are rows among
 * the farms, farm roles and servers, so that whatever counts these counts them. What they run or start from and is not
 * in the catalogue has rows of images and roles that are kept as deleted ones are (`found_at`): nothing of the
 * catalogue shows them, and servers refer to them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [foundSql, observedSql, adoptSql]) await sql.raw(text).execute(db);
}

const isKnown = (...columns: string[]) => `
  CHECK (CASE WHEN found_at IS NULL THEN num_nulls(${columns.join(', ')}) = 0
    ELSE deleted_at IS NOT NULL AND scope = 'environment' END)`;

/** What is known of one: its cloud image and its name, but neither an operating system nor, always, an architecture. */
const foundSql = `
ALTER TABLE images
  ADD found_at timestamptz,
  ALTER os_id DROP NOT NULL,
  ALTER architecture DROP NOT NULL,
  ADD CONSTRAINT images_found ${isKnown('os_id', 'architecture')};
CREATE UNIQUE INDEX images_found_once ON images (cloud_image_id, cloud_platform, cloud_location, environment_id)
  WHERE found_at IS NOT NULL;
ALTER TABLE roles
  ADD found_at timestamptz,
  ALTER os_id DROP NOT NULL,
  ALTER category_id DROP NOT NULL,
  ADD CONSTRAINT roles_found ${isKnown('os_id', 'category_id')};
`;

const observedSql = `
ALTER TABLE cloud_credentials
  -- Servers outside of groups that have the same value of this tag are a farm; none where it is null.
  ADD farm_tag text,
  -- Whose value is the e-mail address or the name of a farm's owner.
  ADD owner_tag text NOT NULL DEFAULT 'owner';

CREATE TABLE observed_farms (
  farm_id integer PRIMARY KEY REFERENCES farms ON DELETE CASCADE,
  -- By which it was found, and where.
  credentials_id uuid NOT NULL,
  cloud_platform text NOT NULL,
  cloud_location text NOT NULL,
  account text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('group', 'tag', 'rest')),
  -- The id of the group, the value of the tag; '' of the rest.
  key text NOT NULL,
  -- The name of the group, the value of the tag.
  name text NOT NULL,
  -- What the tag says; null where there is none.
  owner_tag text,
  -- How many servers the group keeps; null where it is none.
  minimum integer,
  desired integer,
  maximum integer,
  -- What else manages the group, as its tags say.
  managed_by text CHECK (managed_by IN ('terraform', 'cloudformation')),
  -- Of all that was found of it: what is the same is not written again.
  digest text NOT NULL,
  UNIQUE (cloud_platform, cloud_location, account, kind, key),
  FOREIGN KEY (credentials_id, cloud_platform, cloud_location) REFERENCES inventory_locations
);
CREATE INDEX observed_farms_place ON observed_farms (credentials_id, cloud_platform, cloud_location);
-- Which of those that were found are Slipway's own.
CREATE INDEX servers_cloud_id ON servers (cloud_server_id) WHERE cloud_server_id IS NOT NULL;

CREATE TABLE observed_farm_roles (
  farm_role_id integer PRIMARY KEY REFERENCES farm_roles ON DELETE CASCADE,
  key text NOT NULL,
  -- How its servers come to the image that they would start from now, after the name of the group; '' where nothing
  -- starts any.
  words text NOT NULL,
  -- What it boots from: a template with a version as the group names it, and the pointer that names its image.
  template_id text,
  template_version text,
  pointer_name text
);
`;

/**
 * An image that is registered, or comes to be seen by more, takes the place of what was found of it: servers, and what
 * groups start from, refer to it from then on.
 */
const adoptSql = `
CREATE FUNCTION adopt_found_images(registered uuid[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE pairs jsonb;
BEGIN
  IF NOT EXISTS (SELECT FROM images WHERE found_at IS NOT NULL) THEN RETURN; END IF;
  SELECT jsonb_agg(jsonb_build_object('found_id', paired.found_id, 'own', paired.own)) INTO pairs FROM (
    SELECT DISTINCT ON (f.id) f.id AS found_id, i.id AS own FROM images i
    JOIN images f ON f.cloud_image_id = i.cloud_image_id AND f.cloud_platform = i.cloud_platform
      AND f.cloud_location = i.cloud_location AND f.found_at IS NOT NULL
      AND (i.account_id IS NULL OR i.account_id = f.account_id)
      AND (i.environment_id IS NULL OR i.environment_id = f.environment_id)
    WHERE i.id = ANY (registered) AND i.deleted_at IS NULL AND i.status = 'active'
    ORDER BY f.id, i.environment_id NULLS LAST, i.account_id NULLS LAST) paired;
  IF pairs IS NULL THEN RETURN; END IF;
  INSERT INTO image_uses AS known (image_id, account_id, environment_id, at)
  SELECT p.own, u.account_id, u.environment_id, max(u.at)
  FROM jsonb_to_recordset(pairs) AS p (found_id uuid, own uuid) JOIN image_uses u ON u.image_id = p.found_id
  GROUP BY 1, 2, 3
  ON CONFLICT (image_id, account_id, environment_id) DO UPDATE SET at = greatest(known.at, EXCLUDED.at);
  UPDATE role_image_history h SET
    old_image_id = coalesce((SELECT p.own FROM jsonb_to_recordset(pairs) AS p (found_id uuid, own uuid)
      WHERE p.found_id = h.old_image_id), h.old_image_id),
    new_image_id = coalesce((SELECT p.own FROM jsonb_to_recordset(pairs) AS p (found_id uuid, own uuid)
      WHERE p.found_id = h.new_image_id), h.new_image_id)
  WHERE h.old_image_id IN (SELECT (p ->> 'found_id')::uuid FROM jsonb_array_elements(pairs) p)
    OR h.new_image_id IN (SELECT (p ->> 'found_id')::uuid FROM jsonb_array_elements(pairs) p);
  UPDATE role_images ri SET image_id = p.own
  FROM jsonb_to_recordset(pairs) AS p (found_id uuid, own uuid) WHERE ri.image_id = p.found_id;
  UPDATE servers s SET image_id = p.own, version = s.version + 1
  FROM jsonb_to_recordset(pairs) AS p (found_id uuid, own uuid) WHERE s.image_id = p.found_id;
END $$;

CREATE FUNCTION adopt_by_new_images() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM adopt_found_images(ARRAY(SELECT id FROM added WHERE deleted_at IS NULL AND cloud_image_id IS NOT NULL));
  RETURN NULL;
END $$;
CREATE TRIGGER adopt_by_new_images AFTER INSERT ON images REFERENCING NEW TABLE AS added
  FOR EACH STATEMENT EXECUTE FUNCTION adopt_by_new_images();

CREATE FUNCTION adopt_by_changed_images() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids uuid[];
BEGIN
  SELECT array_agg(now.id) INTO ids FROM changed now JOIN before was USING (id)
  WHERE now.deleted_at IS NULL AND now.status = 'active'
    AND (was.account_id, was.environment_id, was.cloud_image_id, was.status)
      IS DISTINCT FROM (now.account_id, now.environment_id, now.cloud_image_id, now.status);
  IF ids IS NOT NULL THEN PERFORM adopt_found_images(ids); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER adopt_by_changed_images AFTER UPDATE ON images REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION adopt_by_changed_images();
`;
