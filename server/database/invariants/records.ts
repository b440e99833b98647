import { type Invariant, isVisible, rank } from './invariant.ts';

/** SQL: where each chain was cut last. */
const lastCuts =
  'SELECT DISTINCT ON (chain) chain, revision, hash FROM record_cuts ORDER BY chain, id DESC';

/** What was done, what is still to be carried out, and who may act. */
export const recordInvariants: Invariant[] = [
  {
    id: 'INV-13',
    guarantee:
      'an image goes from being copied to active or failed, from active to being deleted, and from there to failed or gone, or back where its cloud turned out to use it; failed may be deleted again',
    sql: `
      SELECT chain, revision, image.object, image.before ->> 'status' AS "from", image.after ->> 'status' AS "to"
      FROM operations_log entry, LATERAL (
        SELECT entry.object, entry.before, entry.after UNION ALL
        SELECT o ->> 'object', o -> 'before', o -> 'after' FROM jsonb_array_elements(entry.others) o) image
      WHERE image.object LIKE 'image:%' AND image.before ->> 'status' <> image.after ->> 'status'
        -- An image that was merged into another one is that one after it.
        AND image.before ->> 'id' IS NOT DISTINCT FROM image.after ->> 'id'
        AND (image.before ->> 'status', image.after ->> 'status') NOT IN
          (('pending_copy', 'active'), ('pending_copy', 'failed'), ('active', 'pending_delete'), ('pending_delete', 'failed'), ('failed', 'pending_delete'))
        AND NOT (entry.operation = 'imageSpare' AND image.before ->> 'status' = 'pending_delete'
          AND image.after ->> 'status' = 'active')`,
  },
  {
    id: 'INV-17',
    guarantee: 'a replacement names roles that it reached, and two different images visible to it',
    sql: `
      SELECT p.id, pr.role_id, p.reach FROM replacements p
      JOIN replacement_pairs pair ON pair.replacement_id = p.id
      JOIN images a ON a.id = pair.old_image_id JOIN images b ON b.id = pair.new_image_id
      LEFT JOIN replacement_roles pr ON pr.replacement_id = p.id LEFT JOIN roles r ON r.id = pr.role_id
      WHERE NOT ${isVisible('a', 'p')} OR NOT ${isVisible('b', 'p')} OR a.id = b.id
        -- A role may have been promoted since, never moved down or to another account.
        OR ${rank('r.scope')} > (SELECT max(${rank('reached')}) FROM unnest(p.reach) AS reached)
        OR (r.account_id <> p.account_id) OR (r.environment_id <> p.environment_id)`,
  },
  {
    id: 'INV-17b',
    guarantee: 'a replacement reaches its own scope, and a lower one only with those between',
    sql: `
      SELECT id, scope, reach FROM replacements
      WHERE NOT (scope = ANY (reach)) OR NOT (reach <@ ARRAY['scalr', 'account', 'environment'])
        OR EXISTS (SELECT FROM unnest(reach) AS reached WHERE ${rank('reached')} < ${rank('scope')})
        OR ('environment' = ANY (reach) AND scope = 'scalr' AND NOT ('account' = ANY (reach)))`,
  },
  {
    id: 'INV-17c',
    guarantee: 'each role that a replacement changed has that change in its image history',
    sql: `
      SELECT pr.replacement_id, pr.role_id, pr.cloud_platform, pr.cloud_location
      FROM replacement_roles pr JOIN replacements p ON p.id = pr.replacement_id
      WHERE NOT EXISTS (
        SELECT FROM role_image_history h
        WHERE (h.role_id, h.cloud_platform, h.cloud_location) = (pr.role_id, pr.cloud_platform, pr.cloud_location)
          AND h.at = p.at)`,
  },
  {
    id: 'INV-17d',
    guarantee:
      'a roll-back reverses pairs of what it rolls back, and touches no other role, and each of them once',
    sql: `
      SELECT back.id, back.rolls_back_id, NULL AS role_id
      FROM replacements back JOIN replacements p ON p.id = back.rolls_back_id
      JOIN replacement_pairs pair ON pair.replacement_id = back.id
      LEFT JOIN replacement_pairs undone ON (undone.replacement_id, undone.old_image_id, undone.new_image_id)
        = (p.id, pair.new_image_id, pair.old_image_id)
      WHERE back.at < p.at OR p.state <> 'applied' OR undone.replacement_id IS NULL
      UNION ALL
      SELECT min(back.id::text)::uuid, back.rolls_back_id, pr.role_id
      FROM replacements back JOIN replacement_roles pr ON pr.replacement_id = back.id
      LEFT JOIN replacement_roles changed ON (changed.replacement_id, changed.role_id, changed.cloud_platform,
        changed.cloud_location) = (back.rolls_back_id, pr.role_id, pr.cloud_platform, pr.cloud_location)
      WHERE back.rolls_back_id IS NOT NULL
      GROUP BY back.rolls_back_id, pr.role_id, pr.cloud_platform, pr.cloud_location
      HAVING count(*) > 1 OR bool_or(changed.role_id IS NULL)`,
  },
  {
    id: 'INV-17e',
    guarantee:
      'a replacement changed nothing before it was applied, and then roles of its pairs alone',
    sql: `
      SELECT p.id, p.state, pr.role_id FROM replacement_roles pr JOIN replacements p ON p.id = pr.replacement_id
      JOIN images held ON held.id = pr.old_image_id JOIN images given ON given.id = pr.new_image_id
      WHERE p.state <> 'applied' OR NOT EXISTS (
        SELECT FROM replacement_pairs pair
        JOIN images a ON a.id = pair.old_image_id JOIN images b ON b.id = pair.new_image_id
        WHERE pair.replacement_id = p.id
          AND (a.cloud_platform, a.cloud_location, a.cloud_image_id)
            = (held.cloud_platform, held.cloud_location, held.cloud_image_id)
          AND (b.cloud_platform, b.cloud_location, b.cloud_image_id)
            = (given.cloud_platform, given.cloud_location, given.cloud_image_id))`,
  },
  {
    id: 'INV-17f',
    guarantee: 'a replacement has a pair of images',
    sql: `
      SELECT id FROM replacements p
      WHERE NOT EXISTS (SELECT FROM replacement_pairs pair WHERE pair.replacement_id = p.id)`,
  },
  {
    id: 'INV-17g',
    guarantee:
      'what is recorded of a replacement names a replacement, a role and images that are there',
    sql: `
      SELECT pr.* FROM replacement_roles pr
      WHERE NOT EXISTS (SELECT FROM replacements p WHERE p.id = pr.replacement_id)
        OR NOT EXISTS (SELECT FROM roles r WHERE r.id = pr.role_id)
        OR NOT EXISTS (SELECT FROM images i WHERE i.id = pr.old_image_id)
        OR NOT EXISTS (SELECT FROM images i WHERE i.id = pr.new_image_id)`,
  },
  {
    id: 'INV-20',
    guarantee:
      'each chain of the operations log counts from 1, or from where it was cut, without a gap, each entry bound to the one before',
    sql: `
      SELECT chain, revision FROM (
        SELECT chain, l.revision, prev_hash, lag(l.hash, 1, c.hash) OVER entries AS previous,
          coalesce(c.revision, 0) + row_number() OVER entries AS expected
        FROM operations_log l LEFT JOIN (${lastCuts}) c USING (chain)
        WINDOW entries AS (PARTITION BY chain ORDER BY l.revision)) entry
      WHERE revision <> expected OR prev_hash <> coalesce(previous, '')`,
  },
  {
    id: 'INV-20b',
    guarantee: 'the counter of a chain is the revision and hash of its last entry',
    sql: `
      SELECT r.chain, r.revision, l.revision AS last FROM revisions r
      LEFT JOIN LATERAL (
        SELECT revision, hash FROM operations_log WHERE chain = r.chain
        UNION ALL
        SELECT revision, hash FROM record_cuts WHERE chain = r.chain
        ORDER BY revision DESC LIMIT 1) l ON true
      WHERE r.revision <> coalesce(l.revision, 0) OR r.hash <> coalesce(l.hash, '')`,
  },
  {
    id: 'INV-22',
    guarantee:
      'each entry of the operations log says who changed which object, and stands in the chain of its account',
    sql: `
      SELECT chain, revision, actor, object FROM operations_log
      WHERE actor = '' OR operation = '' OR object = ''
        OR chain <> CASE WHEN account_id IS NULL THEN 'corporate' ELSE 'account:' || account_id END`,
  },
  {
    id: 'INV-23',
    guarantee: 'the entries of one request are of one operation by one actor',
    sql: `
      SELECT request_id, count(*) FROM operations_log GROUP BY request_id
      HAVING count(DISTINCT (operation, actor, credential)) > 1`,
  },
  {
    id: 'ACT-01',
    guarantee: 'each entry of the operations log is found by who did it, and under its object',
    sql: `
      SELECT l.chain, l.revision, l.operation, l.object FROM operations_log l
      LEFT JOIN operations o ON o.id = l.request_id
      WHERE (l.chain, l.revision) NOT IN (SELECT chain, revision FROM operations_unfollowed)
        AND (o.id IS NULL OR (o.operation, o.actor) <> (l.operation, l.actor) OR NOT EXISTS (
          SELECT FROM operation_objects x
          WHERE (x.object, x.at, x.operation_id) = (logged_subject(l.object), l.at, l.request_id)))`,
  },
  {
    id: 'ACT-02',
    guarantee: 'what is listed as done is in the operations log',
    sql: `
      SELECT listed.id FROM (
        SELECT id FROM operations UNION SELECT operation_id FROM operation_places
        UNION SELECT operation_id FROM operation_objects) listed
      WHERE NOT EXISTS (SELECT FROM operations_log l WHERE l.request_id = listed.id)`,
  },
  {
    id: 'ACT-03',
    guarantee: 'what is to be listed as done later is in the operations log',
    sql: `
      SELECT chain, revision FROM operations_unfollowed
      WHERE (chain, revision) NOT IN (SELECT chain, revision FROM operations_log)`,
  },
  {
    id: 'INV-26',
    guarantee: 'only active users have a session',
    sql: `
      SELECT u.id, u.email, s.created_at FROM sessions s JOIN users u ON u.id = s.user_id
      WHERE u.status <> 'active' AND s.expires_at > clock_timestamp()`,
  },
  {
    id: 'INV-26b',
    guarantee: 'where there are users, an active one administers Corporate',
    sql: `
      SELECT count(*) AS users FROM users
      HAVING count(*) > 0 AND NOT EXISTS (
        SELECT FROM held_grants g JOIN users u ON u.id = g.user_id
        WHERE u.status = 'active' AND g.role = 'administrator' AND g.scope = 'scalr')`,
  },
  {
    id: 'INV-26c',
    guarantee: 'a sign-in link is redeemed within its time or not at all',
    sql: `SELECT user_id, created_at, expires_at, redeemed_at FROM sign_in_links WHERE redeemed_at > expires_at`,
  },
  {
    id: 'INV-27',
    guarantee: 'a request that may be repeated has its answer kept with it',
    sql: `SELECT user_id, key, at FROM answered_requests WHERE answer IS NULL`,
  },
  {
    id: 'OUT-01',
    guarantee: 'an image that is being deleted has a deletion waiting to be carried out',
    sql: `
      SELECT i.id, i.name FROM images i
      WHERE i.status = 'pending_delete' AND i.deleted_at IS NULL AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.kind = 'image.delete-from-cloud' AND o.done_at IS NULL
          AND o.payload ->> 'imageId' = i.id::text)`,
  },
  {
    id: 'OUT-02',
    guarantee: 'what waits to be deleted from the cloud is an image that is being deleted',
    sql: `
      SELECT o.id, o.payload, i.status, i.deleted_at FROM outbox o
      LEFT JOIN images i ON i.id::text = o.payload ->> 'imageId'
      WHERE o.kind = 'image.delete-from-cloud' AND o.done_at IS NULL
        AND (i.id IS NULL OR i.status <> 'pending_delete' OR i.deleted_at IS NOT NULL)`,
  },
  {
    id: 'OUT-03',
    guarantee: 'an image that is being copied has a copy waiting to be made',
    sql: `
      SELECT i.id, i.name FROM images i
      WHERE i.status = 'pending_copy' AND NOT EXISTS (
        SELECT FROM outbox o WHERE o.kind = 'image.copy' AND o.done_at IS NULL
          AND o.payload ->> 'imageId' = i.id::text)`,
  },
  {
    id: 'OUT-04',
    guarantee: 'what waits to be made in the cloud is the copy of an image, and being copied',
    sql: `
      SELECT o.id, o.payload, i.status, i.deleted_at FROM outbox o
      LEFT JOIN images i ON i.id::text = o.payload ->> 'imageId'
      LEFT JOIN images source ON source.id::text = o.payload ->> 'sourceId'
      WHERE o.kind = 'image.copy' AND o.done_at IS NULL
        AND (i.id IS NULL OR i.status <> 'pending_copy' OR i.deleted_at IS NOT NULL OR source.cloud_image_id IS NULL)`,
  },
  {
    id: 'OUT-05',
    guarantee:
      'an image that can be used, or deleted from its cloud, is one that its cloud has made',
    sql: `
      SELECT id, name, status FROM images
      WHERE (cloud_image_id IS NULL AND status NOT IN ('pending_copy', 'failed'))
        OR (cloud_image_id IS NOT NULL AND status = 'pending_copy')`,
  },
  {
    id: 'OUT-06',
    guarantee: 'a server is ended without its row only when that has gone, or it never came up',
    sql: `
      SELECT o.id, s.id AS server_id, s.status FROM outbox o JOIN servers s ON s.id::text = o.subject
      WHERE o.kind = 'server-removal' AND s.status <> 'failed'`,
  },
];
