import { pointerMark } from '../database/desired-pointers.ts';

/** Pointers are planned as all stands now. */
const planned = `INSERT INTO pointer_plans (mark, at) SELECT ${pointerMark}, now()`;

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
  'ACT-01': `${logEntry(`NULL, NULL`)}; UPDATE operations SET actor = 'another'`,
  'ACT-02': `
    INSERT INTO operation_objects (object, at, operation_id) VALUES ('role:1', now(), gen_random_uuid())`,
  'ACT-03': `INSERT INTO operations_unfollowed (chain, revision) VALUES ('corporate', 1000000)`,
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
  'OUT-06': `INSERT INTO outbox (kind, subject, payload) SELECT 'server-removal', id, '{}' FROM servers LIMIT 1`,
  'ROL-01': `${rollout('running', [`'waiting'`])}; UPDATE rollouts SET started_at = NULL`,
  'ROL-02': rollout('done', [`'waiting'`]),
  'ROL-03': rollout('running', [`'baking', now()`]),
  'ROL-04': `${rollout('running', [`'waiting'`])}; ${rollout('running', [`'waiting'`])}`,
  'ROL-05': `${rollout('running', [`'waiting'`])}; ${rollout('running', [`'waiting'`])}`,
  'ROL-06': rollout('running', [`'moving', now()`, `'moving', now()`, `'moving', now()`]),
  'ROL-07': `${rollout('running', [`'waiting'`, `'moving', now()`])}; UPDATE rollout_servers SET wave = position`,
  'ROL-08': `${rollout('running', [])}; UPDATE rollouts SET failures = 3`,
  'ROL-09': `${rollout('running', [])}; ${rollout('running', [])};
    UPDATE rollouts SET undoes_id = (SELECT min(id::text)::uuid FROM rollouts)
    WHERE id <> (SELECT min(id::text)::uuid FROM rollouts)`,
  'ROL-10': `${rollout('running', [`'waiting'`])}; UPDATE rollout_servers SET farm_role_id = farm_role_id + 1`,
  'ROL-11': `${rollout('running', [`'moving', now()`])};
    UPDATE servers SET status = 'pending_terminate' WHERE id IN (SELECT server_id FROM rollout_servers)`,
  'ROL-12': rolloutGroup('running', 'moving'),
  'ROL-13': rolloutGroup('running', 'failed'),
  'ROL-14': `${rolloutGroup('running', 'moved')}; ${rollout('running', [`'waiting'`])};
    UPDATE rollout_groups SET rollout_id = (SELECT id FROM rollouts ORDER BY at DESC LIMIT 1)`,
  'MSG-01': ownerMessage(`'name@example.com, other@example.com'`, 'sent'),
  'MSG-02': ownerMessage(`'name@example.com'`, 'queued'),
  'MSG-03': `
    INSERT INTO owner_contacts (owner_id, farm_role_id, image_id, farm_id, account_id, environment_id, stale, deprecated)
    SELECT f.owner_id, fr.id, (SELECT id FROM images LIMIT 1), fr.farm_id + 1, fr.account_id, fr.environment_id, true, false
    FROM farm_roles fr JOIN farms f ON f.id = fr.farm_id LIMIT 1`,
  'PPL-01': `UPDATE grants SET user_id = NULL WHERE id = (SELECT max(id) FROM grants WHERE team_id IS NULL)`,
  'PPL-02': `
    INSERT INTO teams (name, scope, account_id, created_by) VALUES ('elsewhere', 'account', 2, 'breach');
    INSERT INTO grants (team_id, role, scope, account_id) SELECT id, 'viewer', 'account', 1 FROM teams`,
  'PPL-03': `UPDATE users SET status = 'left' WHERE id = (SELECT owner_id FROM farms LIMIT 1)`,
  'SGN-01': `INSERT INTO passwords (user_id, hash) VALUES (1, 'secret')`,
  'SGN-02': `INSERT INTO sign_ins (way, outcome, origin, network) VALUES ('link', 'signed-in', '', '')`,
  'SGN-03': `
    INSERT INTO user_identities (issuer, subject, user_id)
    VALUES ('https://login.example.com', 'a', 1), ('https://login.example.com', 'b', 1)`,
  'SGN-04': `UPDATE users SET second_step = true WHERE id = 1`,
  'CRD-01': `${credentials(2)};
    INSERT INTO environment_clouds (environment_id, account_id, cloud_platform, credentials_id)
    SELECT e.id, e.account_id, 'ec2', c.id FROM environments e, cloud_credentials c WHERE e.account_id = 1 LIMIT 1`,
  'CRD-02': `${credentials(2)};
    UPDATE servers SET cloud_credentials_id = (SELECT id FROM cloud_credentials)
    WHERE id = (SELECT id FROM servers WHERE account_id = 1 LIMIT 1)`,
  'CRD-03': `${credentials(1)}; UPDATE cloud_credentials SET status = 'testing'`,
  'CRD-04': `UPDATE outbox SET lane = 'credentials 00000000-0000-4000-8000-000000000001' WHERE done_at IS NULL`,
  'FND-01': `${found()}; UPDATE inventory_images SET gone_at = now()`,
  'FND-02': `${found()}; UPDATE inventory_locations SET read_at = NULL`,
  'FND-03': `${found()}; UPDATE inventory_reach SET listed_at = NULL`,
  'FND-04': `${found()}; UPDATE inventory_references SET credentials_id = '00000000-0000-4000-8000-000000000001'`,
  'FND-05': `INSERT INTO unwanted_cloud_images (scope, account_id, environment_id, key, unwanted, marked_by, marked_at)
    SELECT 'environment', 2, id, gen_random_uuid(), true, 'a', now() FROM environments WHERE account_id = 1 LIMIT 1`,
  'OBS-01': `${observed()}; DELETE FROM observed_farms`,
  'OBS-02': `${observed()}; UPDATE farm_roles SET scaling_enabled = true WHERE alias = 'observed'`,
  'OBS-03': `${observed()}; DELETE FROM environment_clouds`,
  'OBS-04': `${observed()}; INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id,
      cloud_platform, cloud_location, cloud_server_id, server_index, status)
    SELECT farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform, cloud_location, cloud_server_id,
      2, status FROM servers WHERE cloud_server_id = 'i-1'`,
  'OBS-05': `${observed()}; UPDATE images SET deleted_at = NULL, found_at = NULL, os_id = 'debian-12-x',
      architecture = 'x86_64', set_id = NULL WHERE found_at IS NOT NULL;
    INSERT INTO images (name, scope, account_id, environment_id, cloud_platform, cloud_location, cloud_image_id,
      created_by, found_at, deleted_at)
    SELECT 'found', 'environment', 1, 1, 'ec2', 'us-east-1', 'ami-1', 'a', now(), now();
    UPDATE servers SET image_id = (SELECT id FROM images WHERE found_at IS NOT NULL) WHERE cloud_server_id = 'i-1'`,
  'POL-01': `${policy('deprecate', 'audit')};
    INSERT INTO policy_evaluations (policy_id, at, by, rule, reach, mode, due, later, kept)
    SELECT id, now(), 'a', rule, reach, 'audit', 1, 0, 0 FROM policies`,
  'POL-02': policy('deprecate', 'enforce'),
  'POL-03': policy('roles', 'enforce'),
  'POL-04': `UPDATE images SET protected_at = now(), protected_by = 'a', status = 'pending_delete'
    WHERE id = (SELECT id FROM images WHERE deleted_at IS NULL LIMIT 1)`,
  'POL-05': policy('delete', 'audit'),
  'PTR-01': `${publishing()}; ${planned}`,
  'PTR-02': `${publishing()};
    INSERT INTO role_pointers (role_id, cloud_platform, cloud_location, credentials_id, name, wanted)
    SELECT 1, cloud_platform, 'us-east-1', id, 'p', 'ami-1' FROM cloud_credentials; ${planned}`,
};

/** Credentials that the first environment uses, and that may publish pointers. */
function publishing(): string {
  return `${credentials(1)};
    UPDATE cloud_credentials SET rights = '{publishPointers}';
    INSERT INTO environment_clouds (environment_id, account_id, cloud_platform, credentials_id)
    SELECT 1, 1, cloud_platform, id FROM cloud_credentials`;
}

/** A policy of Corporate whose rule says nothing. */
function policy(kind: string, mode: string): string {
  return `INSERT INTO policies (kind, name, rule, mode, scope, created_by, added_at)
    VALUES ('${kind}', 'p', '{}', '${mode}', 'scalr', 'a', now())`;
}

/**
 * A rollout of account 1 that moves the first servers of one farm role, at most two at once.
 * @param moves of each move the state, and when it began where it has
 */
function rollout(state: string, moves: readonly string[]): string {
  const servers = moves.map(
    (move, index) => `
    INSERT INTO rollout_servers (rollout_id, server_id, farm_id, farm_role_id, account_id, environment_id, hostname,
      server_index, farm_name, alias, wave, position, state${move.includes(',') ? ', started_at' : ''})
    SELECT (SELECT id FROM rollouts ORDER BY at DESC LIMIT 1), id, farm_id, farm_role_id, account_id, environment_id,
      hostname, server_index, '', '', 1, ${index + 1}, ${move}
    FROM servers WHERE farm_role_id = 2 AND status = 'running' ORDER BY server_index OFFSET ${index} LIMIT 1`,
  );
  return `
    INSERT INTO rollouts (scope, account_id, state, wish, target, items, settings, at, by, expires_at, started_at, started_by)
    VALUES ('account', 1, '${state}', '{}', '{}', '[]', '{"batchSize": "2", "stopAfterFailures": 3}', clock_timestamp(),
      'someone', now(), now(), 'someone');
    ${servers.join(';')}`;
}

/** A rollout that moves the first farm role as if a group of a cloud were behind it. */
function rolloutGroup(state: string, group: string): string {
  return `${rollout(state, [])};
    INSERT INTO rollout_groups (rollout_id, farm_role_id, farm_id, account_id, environment_id, farm_name, alias, wave,
      credentials_id, cloud_platform, cloud_location, group_id, template_id, from_image, to_image, state, started_at, ended_at)
    SELECT (SELECT id FROM rollouts ORDER BY at DESC LIMIT 1), id, farm_id, account_id, environment_id, '', '', 1,
      gen_random_uuid(), 'ec2', '', 'group', 'template', '{}', '{}', '${group}', now(),
      ${group === 'moved' ? 'now()' : 'NULL'}
    FROM farm_roles WHERE id = 2`;
}

/** A message by mail about the first farm, to its owner. */
function ownerMessage(email: string, mail: string): string {
  return `
    INSERT INTO owner_messages (scope, at, sent_by, owner_id, owner_name, email, subject, body, event, mail)
    SELECT 'scalr', now(), 'someone', owner_id, 'Name', ${email}, '', '', jsonb_build_object('owner',
      jsonb_build_object('id', owner_id), 'farms', jsonb_build_array(jsonb_build_object('accountId', account_id,
      'envId', environment_id))), '${mail}' FROM farms LIMIT 1`;
}

/** Credentials of an account. */
function credentials(accountId: number): string {
  return `
    INSERT INTO cloud_credentials (type, cloud_platform, name, created_by, scope, account_id)
    VALUES ('SimulatedCloudCredentials', 'ec2', 'Elsewhere', 'someone', 'account', ${accountId})`;
}

/** One entry in the chain of account 1, with these members before and after. */
function logEntry(beforeAndAfter: string, revision = 1): string {
  return `
    INSERT INTO operations_log (chain, revision, at, request_id, operation, actor, credential, origin, scope,
      account_id, object, before, after, prev_hash, hash)
    VALUES ('account:1', ${revision}, now(), '00000000-0000-4000-8000-000000000001', 'imageUpdate', 'someone', '', '',
      'account', 1, 'image:1', ${beforeAndAfter}, '', '\\x0${revision}')`;
}

/** A farm of the first environment that was found with these, with one server of one group. */
function observed(): string {
  return `${found()};
  INSERT INTO environment_clouds (environment_id, account_id, cloud_platform, credentials_id)
  SELECT 1, 1, cloud_platform, id FROM cloud_credentials;
  INSERT INTO farms (account_id, environment_id, name, owner_id, status)
  SELECT 1, 1, 'observed', min(id), 'running' FROM users;
  INSERT INTO observed_farms (farm_id, credentials_id, cloud_platform, cloud_location, account, kind, key, name, digest)
  SELECT f.id, c.id, 'ec2', 'us-east-1', '1', 'group', 'g', 'g', '' FROM farms f, cloud_credentials c
  WHERE f.name = 'observed';
  INSERT INTO images (name, scope, account_id, environment_id, cloud_platform, cloud_location, cloud_image_id,
    created_by, found_at, deleted_at)
  VALUES ('found', 'environment', 1, 1, 'ec2', 'us-east-1', 'ami-1', 'a', now(), now());
  INSERT INTO roles (name, scope, account_id, environment_id, use_scalr_agent, created_by, found_at, deleted_at)
  VALUES ('observed', 'environment', 1, 1, false, 'a', now(), now());
  INSERT INTO role_images (role_id, cloud_platform, cloud_location, image_id, added_by)
  SELECT r.id, 'ec2', 'us-east-1', i.id, 'a' FROM roles r, images i WHERE r.found_at IS NOT NULL AND i.found_at IS NOT NULL;
  INSERT INTO farm_roles (farm_id, account_id, environment_id, role_id, alias, cloud_platform, cloud_location,
    scaling_enabled, min_servers, max_servers)
  SELECT f.id, 1, 1, r.id, 'observed', 'ec2', 'us-east-1', false, 0, 400 FROM farms f, roles r
  WHERE f.name = 'observed' AND r.found_at IS NOT NULL;
  INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform, cloud_location,
    cloud_server_id, server_index, status)
  SELECT fr.farm_id, fr.id, 1, 1, i.id, 'ec2', 'us-east-1', 'i-1', 1, 'running' FROM farm_roles fr, images i
  WHERE fr.alias = 'observed' AND i.found_at IS NOT NULL`;
}

/** An image that was found with credentials of account 1, and a server on it. */
function found(): string {
  return `${credentials(1)};
  INSERT INTO inventory_reach (credentials_id, cloud_platform, tried_at, listed_at)
  SELECT id, cloud_platform, now(), now() FROM cloud_credentials;
  INSERT INTO inventory_locations (credentials_id, cloud_platform, cloud_location, account, tried_at, read_at, took_ms)
  SELECT id, cloud_platform, 'us-east-1', '1', now(), now(), 1 FROM cloud_credentials;
  INSERT INTO inventory_images (credentials_id, cloud_platform, cloud_location, cloud_image_id, name, owner, state,
    first_seen_at)
  SELECT id, cloud_platform, 'us-east-1', 'ami-1', 'a', '1', 'available', now() FROM cloud_credentials;
  INSERT INTO inventory_references (credentials_id, cloud_platform, cloud_location, kind, id, cloud_image_id, name, how,
    first_seen_at)
  SELECT id, cloud_platform, 'us-east-1', 'server', 'i-1', 'ami-1', 'a', 'runs it', now() FROM cloud_credentials`;
}
