import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { imagesSql } from './images.ts';
import { findLandmarks } from './landmarks.ts';
import { BIG_ACCOUNT } from './shape.ts';

/** An environment of the big account that nothing else in the estate is measured in. */
const PICKER_ENVIRONMENT = 2;
const PICKER_POOL = 7;

/**
 * Registers builds in an environment until it sees so many possible replacements for `pickerImage`. An
 * estate `l` as it is loaded cannot have 24,559: no environment of it sees more than 23,000 images.
 * @param total images that may take the place of `pickerImage`, with those that it sees already
 * @returns the environment to look from
 */
export async function addCandidates(
  db: Db,
  total: number,
  now: Date,
): Promise<ScopeRef & { scope: 'environment' }> {
  const { pickerImage } = await findLandmarks(db);
  await db.transaction().execute(async (tx) => {
    await sql`SET LOCAL statement_timeout = 0`.execute(tx);
    await sql`
      CREATE TEMP TABLE estate_image_pools ON COMMIT DROP AS
      SELECT ${sql.lit(PICKER_POOL)} AS pool, 'builds' AS kind, 'environment' AS scope,
        ${sql.lit(BIG_ACCOUNT)} AS account_id, ${sql.lit(PICKER_ENVIRONMENT)} AS environment_id,
        greatest(0, ${sql.lit(total)} - count(*))::int AS images, 1 AS places, 1 AS releases
      FROM images i JOIN images picked USING (cloud_platform, cloud_location, os_id, architecture)
      WHERE picked.id = ${sql.lit(pickerImage)} AND i.id <> picked.id
        AND i.status = 'active' AND i.deprecated_at IS NULL AND i.deleted_at IS NULL
        AND (i.scope = 'scalr' OR (i.account_id = ${sql.lit(BIG_ACCOUNT)}
          AND (i.scope = 'account' OR i.environment_id = ${sql.lit(PICKER_ENVIRONMENT)})))`.execute(
      tx,
    );
    await sql.raw(imagesSql(now)).execute(tx);
    await sql`ANALYZE images`.execute(tx);
  });
  return { scope: 'environment', accountId: BIG_ACCOUNT, environmentId: PICKER_ENVIRONMENT };
}
