import { type Kysely, sql } from 'kysely';

/**
 * Texts of before are composed as texts are kept now (docs/domain.md, "Text"), so that what is typed finds
 * them. A name that would then be the same as another one stays as it is: either is still found by its id.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql.raw(composeSql).execute(db);
}

const composeSql = `
DO $$
DECLARE
  text_of record;
  written record;
BEGIN
  FOR text_of IN SELECT * FROM (VALUES
    ('accounts', 'name'), ('environments', 'name'), ('users', 'name'), ('api_keys', 'name'),
    ('farms', 'name'), ('farms', 'description'), ('farm_roles', 'alias'), ('role_categories', 'name'),
    ('cost_centers', 'name'), ('cost_centers', 'description'), ('projects', 'name'), ('projects', 'description'),
    ('images', 'description'), ('images', 'deprecation_reason'),
    ('roles', 'description'), ('roles', 'deprecation_reason'),
    ('replacements', 'reason'), ('replacement_pairs', 'restored_reason')) AS kept (tbl, col)
  LOOP
    FOR written IN EXECUTE
      format('SELECT ctid AS place FROM %1$I WHERE %2$I IS NOT NFC NORMALIZED', text_of.tbl, text_of.col)
    LOOP
      BEGIN
        EXECUTE format('UPDATE %1$I SET %2$I = normalize(%2$I, NFC) WHERE ctid = $1', text_of.tbl, text_of.col)
          USING written.place;
      EXCEPTION WHEN unique_violation THEN NULL;
      END;
    END LOOP;
  END LOOP;
END $$`;
