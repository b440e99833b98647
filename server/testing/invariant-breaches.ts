/**
 * For each invariant the statements that break it in the demo estate, once constraints are out of the
 * way: the proof that its query would notice.
 */
export const breaches: Record<string, string> = {
  'INV-01': `UPDATE roles SET account_id = 1 WHERE id = 1`,
  'INV-02': `UPDATE images SET account_id = 2 WHERE environment_id = 1`,
  'INV-03': `
    INSERT INTO images (name, scope, cloud_platform, cloud_location, cloud_image_id, os_id, architecture, created_by)
    SELECT name, scope, cloud_platform, cloud_location, cloud_image_id, os_id, architecture, created_by
    FROM images WHERE scope = 'scalr' AND deleted_at IS NULL LIMIT 1`,
  'INV-04': `
    UPDATE roles SET name = 'checkout-api' WHERE name = 'web-canary'`,
  'INV-05': `INSERT INTO role_images SELECT * FROM role_images LIMIT 1`,
  'INV-05b': `UPDATE role_images SET cloud_location = 'eu-south-1' WHERE (role_id, cloud_location) = (1, 'us-east-1')`,
  'INV-05c': `UPDATE images SET cloud_location = 'us-central1' WHERE cloud_platform = 'gce'`,
  'INV-06': `UPDATE images SET deleted_at = now() WHERE id = (SELECT image_id FROM role_images LIMIT 1)`,
  'INV-07': `
    UPDATE role_images SET image_id = (
      SELECT id FROM images WHERE scope = 'environment' AND cloud_location = 'us-east-1' LIMIT 1)
    WHERE (role_id, cloud_location) = (1, 'us-east-1')`,
  'INV-08': `UPDATE farm_roles SET role_id = (SELECT id FROM roles WHERE name = 'eu-edge') WHERE id = 1`,
  'INV-09': `
    INSERT INTO role_categories (id, name, scope, account_id) VALUES (99, 'Elsewhere', 'account', 2);
    UPDATE roles SET category_id = 99 WHERE id = 1`,
  'INV-09b': `
    UPDATE images SET deprecation_replacement_id = (SELECT id FROM images WHERE scope = 'environment' LIMIT 1)
    WHERE scope = 'scalr' AND deprecated_at IS NOT NULL`,
  'INV-09c': `
    UPDATE roles SET deprecated_at = now(), deprecation_replacement_id = (
      SELECT id FROM roles WHERE name = 'promo-service') WHERE name = 'promo-service-2'`,
  'INV-10': `UPDATE roles SET os_id = 'debian-12-x' WHERE id = 1`,
  'INV-11': `UPDATE roles SET use_scalr_agent = true WHERE id = 1`,
  'INV-12': `UPDATE images SET status = 'failed' WHERE id = (SELECT image_id FROM role_images LIMIT 1)`,
  'INV-13': logEntry(`'{"status": "active"}', '{"status": "failed"}'`),
  'INV-15': `
    UPDATE images SET deprecated_at = '2020-01-01' WHERE id = (
      SELECT ri.image_id FROM role_images ri WHERE NOT EXISTS (
        SELECT FROM role_image_history h WHERE h.old_image_id = ri.image_id) LIMIT 1)`,
  'INV-16': `UPDATE farm_roles SET added_at = now() WHERE role_id = (SELECT id FROM roles WHERE name = 'promo-service')`,
  'INV-17': `UPDATE replacement_roles SET role_id = (SELECT id FROM roles WHERE name = 'ledger-api')
    WHERE replacement_id = (SELECT id FROM replacements WHERE account_id = 1 LIMIT 1)`,
  'INV-17b': `UPDATE replacements SET reach = '{environment}' WHERE scope = 'scalr'`,
  'INV-17c': `DELETE FROM role_image_history WHERE role_id = 1`,
  'INV-17d': `
    UPDATE replacement_pairs SET new_image_id = (SELECT id FROM images LIMIT 1)
    WHERE replacement_id IN (SELECT id FROM replacements WHERE rolls_back_id IS NOT NULL)`,
  'INV-17e': `UPDATE replacements SET state = 'cancelled' WHERE id = (SELECT replacement_id FROM replacement_roles LIMIT 1)`,
  'INV-17f': `DELETE FROM replacement_pairs WHERE replacement_id = (SELECT id FROM replacements LIMIT 1)`,
  'INV-17g': `DELETE FROM images WHERE id = (SELECT old_image_id FROM replacement_roles LIMIT 1)`,
  'SET-01': `UPDATE image_sets SET name = 'another' WHERE id = (SELECT min(id) FROM image_sets)`,
  'SET-03': `UPDATE image_sets SET usable = NOT usable WHERE id = (SELECT min(id) FROM image_sets)`,
  'SET-02': `
    INSERT INTO image_sets (scope, os_id, name, added_at) VALUES ('scalr', 'fedora-coreos', 'empty-1', now())`,
  'INV-19': `DELETE FROM role_images WHERE (role_id, cloud_location) = (1, 'us-east-1')`,
  'INV-19b': `DELETE FROM role_image_history WHERE id = (
    SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY id) FROM role_image_history
    WHERE (role_id, cloud_location) = (1, 'us-east-1'))`,
  'INV-19c': `DELETE FROM roles WHERE id = 1`,
  'INV-20': logEntry(`NULL, NULL`, 7),
  'INV-20b': `UPDATE revisions SET revision = 5 WHERE chain = 'account:1'`,
  'INV-22': logEntry(`NULL, NULL`).replace(`'someone'`, `''`),
  'INV-23': `${logEntry(`NULL, NULL`)}; ${logEntry(`NULL, NULL`, 2).replace(`'someone'`, `'another'`)}`,
  'INV-26': `
    UPDATE users SET status = 'suspended' WHERE id = 2;
    INSERT INTO sessions (token_hash, user_id, expires_at) VALUES ('\\x01', 2, now() + interval '1 hour')`,
  'INV-26b': `UPDATE users SET status = 'suspended' WHERE email = 'corporate-admin@example.com'`,
  'INV-26c': `
    INSERT INTO sign_in_links (token_hash, user_id, expires_at, redeemed_at)
    VALUES ('\\x01', 2, now() - interval '1 minute', now())`,
  'SRV-01': `UPDATE servers SET image_id = NULL WHERE status = 'running'`,
  'SRV-02': `
    UPDATE servers SET image_id = (SELECT id FROM images WHERE deleted_at IS NOT NULL LIMIT 1)
    WHERE id = (SELECT id FROM servers WHERE status = 'suspended' LIMIT 1)`,
  'SRV-03': `
    UPDATE servers SET image_id = (SELECT id FROM images WHERE account_id = 2 LIMIT 1)
    WHERE id = (SELECT id FROM servers WHERE account_id = 1 LIMIT 1)`,
  'SRV-04': `UPDATE servers SET server_index = 1 WHERE farm_role_id = 2`,
  'SRV-05': `UPDATE farms SET status = 'suspended' WHERE id = (SELECT farm_id FROM servers WHERE status = 'running' LIMIT 1)`,
  'FRM-01': `
    INSERT INTO projects (id, name, cost_center_id, billing_code, lead_email, created_by, scope, account_id)
    VALUES ('00000000-0000-4000-8000-0000000000ff', 'Elsewhere', '00000000-0000-4000-8000-000000000001', '', '', '', 'account', 2);
    UPDATE farms SET project_id = '00000000-0000-4000-8000-0000000000ff' WHERE account_id = 1`,
  'FRM-02': `
    UPDATE environments SET cost_center_id = (SELECT id FROM cost_centers WHERE account_id = 1 LIMIT 1)
    WHERE account_id = 2`,
  'USE-01': `DELETE FROM image_uses`,
  'GRP-01': `UPDATE server_groups SET servers = servers + 1 WHERE farm_role_id = 2`,
  'GRP-02': `UPDATE server_groups SET stale = NOT stale WHERE farm_role_id = 2`,
  'BRN-01': `UPDATE burn_down_series SET servers = servers + 1`,
  'BRN-02': `DELETE FROM burn_down_changes`,
  'BRN-03': `UPDATE burn_down_state SET counted_at = '-infinity'`,
  'INV-27': `INSERT INTO answered_requests (user_id, key, request_hash) VALUES (1, 'key:a', 'a')`,
  'OUT-01': `UPDATE outbox SET done_at = now()`,
  'OUT-02': `UPDATE images SET status = 'active' WHERE status = 'pending_delete'`,
  'OUT-03': `UPDATE images SET status = 'pending_copy' WHERE status = 'failed'`,
  'OUT-04': `
    INSERT INTO outbox (kind, payload)
    SELECT 'image.copy', jsonb_build_object('imageId', id, 'sourceId', id) FROM images WHERE status = 'failed'`,
  'OUT-05': `UPDATE images SET cloud_image_id = NULL WHERE status = 'pending_delete'`,
};

/** One entry in the chain of account 1, with these members before and after. */
function logEntry(beforeAndAfter: string, revision = 1): string {
  return `
    INSERT INTO operations_log (chain, revision, at, request_id, operation, actor, credential, origin, scope,
      account_id, object, before, after, prev_hash, hash)
    VALUES ('account:1', ${revision}, now(), '00000000-0000-4000-8000-000000000001', 'imageUpdate', 'someone', '', '',
      'account', 1, 'image:1', ${beforeAndAfter}, '', '\\x0${revision}')`;
}
