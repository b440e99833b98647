import { type Kysely, sql } from 'kysely';

/**
 * A replacement has any number of pairs of images, and may be a plan that was not applied yet
 * (docs/domain.md, "Replacement"). Those made before become applied ones with one pair.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [pairsSql, plansSql]) await sql.raw(statements).execute(db);
}

const pairsSql = `
CREATE TABLE replacement_pairs (
  replacement_id uuid NOT NULL REFERENCES replacements,
  old_image_id uuid NOT NULL REFERENCES images,
  new_image_id uuid NOT NULL REFERENCES images,
  deprecated_old_image boolean NOT NULL DEFAULT false,
  restored_new_image boolean NOT NULL DEFAULT false,
  -- Why the new image had been deprecated, until this roll-back restored it.
  restored_reason text,
  PRIMARY KEY (replacement_id, old_image_id, new_image_id),
  CHECK (old_image_id <> new_image_id)
);
INSERT INTO replacement_pairs
  (replacement_id, old_image_id, new_image_id, deprecated_old_image, restored_new_image, restored_reason)
SELECT id, old_image_id, new_image_id, deprecated_old_image, restored_new_image, restored_reason
FROM replacements;
CREATE INDEX replacement_pairs_old ON replacement_pairs (old_image_id, replacement_id);
CREATE INDEX replacement_pairs_new ON replacement_pairs (new_image_id, replacement_id);
ALTER TABLE replacements
  DROP COLUMN old_image_id, DROP COLUMN new_image_id,
  DROP COLUMN deprecated_old_image, DROP COLUMN restored_new_image, DROP COLUMN restored_reason;
`;

const plansSql = `
ALTER TABLE replacements
  ADD COLUMN state text NOT NULL DEFAULT 'applied' CHECK (state IN ('planned', 'applied', 'cancelled')),
  ADD COLUMN version integer NOT NULL DEFAULT 1,
  -- What follows is of those that were planned before they were applied.
  ADD COLUMN planned_at timestamptz,
  ADD COLUMN planned_by text,
  ADD COLUMN expires_at timestamptz,
  -- What X-Revision was when it was planned.
  ADD COLUMN planned_revision text,
  -- What was asked for, and what it would have done then, object by object.
  ADD COLUMN wish jsonb,
  ADD COLUMN items jsonb,
  -- Of a roll-back: after it nothing was left to restore.
  ADD COLUMN completes boolean NOT NULL DEFAULT false,
  DROP CONSTRAINT replacements_rolls_back_id_key,
  ADD CHECK (state = 'applied' OR wish IS NOT NULL),
  ADD CHECK (num_nonnulls(planned_at, planned_by, expires_at, planned_revision, wish, items) IN (0, 6)),
  ADD CHECK (rolls_back_id IS NOT NULL OR NOT completes);
UPDATE replacements SET completes = true WHERE rolls_back_id IS NOT NULL;
UPDATE replacements SET version = 2
WHERE id IN (SELECT rolls_back_id FROM replacements WHERE completes);
CREATE INDEX replacements_rolls_back ON replacements (rolls_back_id) WHERE rolls_back_id IS NOT NULL;
CREATE UNIQUE INDEX replacements_rolled_back_once ON replacements (rolls_back_id) WHERE completes;
CREATE INDEX replacements_by ON replacements (by, at);
CREATE INDEX replacements_planned_by ON replacements (planned_by, at) WHERE planned_by IS NOT NULL;
-- What was carried out is listed and counted from it alone.
CREATE INDEX replacements_applied ON replacements (at, id) WHERE state = 'applied';
CREATE INDEX replacements_unapplied ON replacements (expires_at) WHERE state <> 'applied';
`;
