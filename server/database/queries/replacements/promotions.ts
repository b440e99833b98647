import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Registration } from '../../../domain/roles/promotions.ts';
import type { RoleFacts } from '../../../domain/roles/role-images.ts';
import type { Db } from '../../connection/connection.ts';
import { otherDeprecations } from '../images/same-cloud-image.ts';
import { placeColumns } from '../records/operations-log.ts';
import { type ImageMerge, mergeRoleImages, mergeRows } from '../roles/role-images.ts';
import { isVisible } from '../organisation/visibility.ts';

/** Live rows with the same cloud image as these images, at the target scope and above it. */
export async function fetchRegistrations(
  tx: Db,
  imageIds: readonly string[],
  target: ScopeRef,
): Promise<Registration[]> {
  const { rows } = await sql<Registration>`
    SELECT moving.id AS of, i.id, i.name, i.scope, i.account_id, i.environment_id, i.status,
      i.deprecated_at, ${otherDeprecations('i', 'moving')} AS other_deprecations, i.scalr_agent_installed, i.cloud_init_installed,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation
    FROM images moving
    JOIN images i USING (cloud_image_id, cloud_platform, cloud_location)
    JOIN os ON os.id = i.os_id
    WHERE moving.id = ANY(${[...imageIds]}::uuid[]) AND i.id <> moving.id AND i.deleted_at IS NULL
      AND ${isVisible('i', target)}`.execute(tx);
  return rows;
}

/** The roles, wherever they are, that hold one of these images. */
export async function fetchHolders(
  tx: Db,
  imageIds: readonly string[],
): Promise<(RoleFacts & { image_id: string })[]> {
  if (imageIds.length === 0) return [];
  const { rows } = await sql<RoleFacts & { image_id: string }>`
    SELECT ri.image_id, r.id, r.name, r.scope, r.account_id, r.environment_id, r.use_scalr_agent,
      os.name AS os_name, os.family AS os_family, os.generation AS os_generation
    FROM role_images ri JOIN roles r ON r.id = ri.role_id JOIN os ON os.id = r.os_id
    WHERE ri.image_id = ANY(${[...imageIds]}::uuid[]) ORDER BY r.id`.execute(tx);
  return rows;
}

/** Who will newly see what moves from one scope to the one above. */
export async function countAudience(
  tx: Db,
  from: ScopeRef,
): Promise<{ accounts: number; environments: number }> {
  if (from.scope === 'scalr') return { accounts: 0, environments: 0 };
  const counts =
    from.scope === 'environment'
      ? sql`1 AS accounts, (SELECT count(*) FROM environments
          WHERE account_id = ${from.accountId} AND id <> ${from.environmentId}) AS environments`
      : sql`(SELECT count(*) FROM accounts WHERE id <> ${from.accountId}) AS accounts,
          (SELECT count(*) FROM environments WHERE account_id <> ${from.accountId}) AS environments`;
  const { rows } = await sql<{ accounts: number; environments: number }>`SELECT ${counts}`.execute(
    tx,
  );
  return rows[0] ?? { accounts: 0, environments: 0 };
}

/** Moves images to another scope; their ids stay. */
export async function moveImages(tx: Db, ids: readonly string[], to: ScopeRef): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('images')
    .set({ ...placeColumns(to), version: sql`version + 1` })
    .where('id', 'in', ids)
    .execute();
}

/** Moves a role to another scope, onto a category that is visible there; its id stays. */
export async function moveRole(
  tx: Db,
  id: number,
  to: ScopeRef,
  categoryId: number,
): Promise<void> {
  await tx
    .updateTable('roles')
    .set({ ...placeColumns(to), category_id: categoryId, version: sql`version + 1` })
    .where('id', '=', id)
    .execute();
}

/**
 * Lets everything refer to the surviving rows of merged images, and makes tombstones of the others.
 * A replacement of one by the other keeps both: it could not name the same image twice.
 */
export async function mergeImages(tx: Db, merges: readonly ImageMerge[], at: Date): Promise<void> {
  if (merges.length === 0) return;
  const merge = mergeRows(merges);
  await mergeRoleImages(tx, merges);
  await sql`
    UPDATE servers s SET image_id = m.into_id FROM ${merge} m WHERE s.image_id = m.from_id`.execute(
    tx,
  );
  for (const table of ['replacement_pairs', 'replacement_roles']) {
    await sql`
      UPDATE ${sql.table(table)} p SET
        old_image_id = coalesce((SELECT into_id FROM ${merge} m WHERE from_id = p.old_image_id), p.old_image_id),
        new_image_id = coalesce((SELECT into_id FROM ${merge} m WHERE from_id = p.new_image_id), p.new_image_id)
      WHERE (EXISTS (SELECT FROM ${merge} m WHERE from_id = p.old_image_id AND into_id <> p.new_image_id)
        OR EXISTS (SELECT FROM ${merge} m WHERE from_id = p.new_image_id AND into_id <> p.old_image_id))`.execute(
      tx,
    );
  }
  await sql`
    UPDATE images i SET deprecation_replacement_id = m.into_id, version = version + 1
    FROM ${merge} m WHERE i.deprecation_replacement_id = m.from_id AND i.id <> m.into_id`.execute(
    tx,
  );
  await sql`
    UPDATE images i SET last_used_at = greatest(i.last_used_at, gone.last_used_at)
    FROM ${merge} m JOIN images gone ON gone.id = m.from_id WHERE i.id = m.into_id`.execute(tx);
  await sql`
    INSERT INTO image_uses AS known (image_id, account_id, environment_id, at)
    SELECT m.into_id, u.account_id, u.environment_id, max(u.at)
    FROM ${merge} m JOIN image_uses u ON u.image_id = m.from_id GROUP BY 1, 2, 3
    ON CONFLICT (image_id, account_id, environment_id)
      DO UPDATE SET at = greatest(known.at, EXCLUDED.at)`.execute(tx);
  await sql`
    UPDATE images i SET deleted_at = ${at}, version = version + 1
    FROM ${merge} m WHERE i.id = m.from_id`.execute(tx);
}
