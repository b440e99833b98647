import {
  imageId,
  imageLocationOf,
  imageNumber,
  osOf,
  platformOf,
  registeredDays,
  software,
} from './images.ts';
import { administratorOf } from './organisation.ts';
import { BIG_ACCOUNT, BIG_ENVIRONMENT, type LargePlan } from './shape.ts';
import { daysBefore, dealt, pick, uuidOf } from './sql-text.ts';

/** Corporate and small roles follow their line this many releases at most. */
const DEPTH = 4;
/** The release of Corporate's first line that half of its roles, and the popular servers, are on: a deprecated one. */
export const POPULAR_RELEASE = 4;

/**
 * Roles, in pools like images. Each holds one line of the nearest image pool in its first places, `lag`
 * releases behind; before that it held the `depth - 1` releases before.
 */
export function rolePoolsSql({
  roles,
  accounts,
  environments,
  bigEnvironments,
}: LargePlan): string[] {
  const { big } = roles;
  const otherAccounts = accounts - 1;
  const otherEnvironments = environments - bigEnvironments;
  return [
    `CREATE TEMP TABLE estate_role_pools ON COMMIT DROP AS
    SELECT *, (sum(roles) OVER (ORDER BY pool) - roles)::int AS before FROM (
      VALUES (1, 'own', 'scalr', NULL::int, NULL::int, ${roles.corporate}),
        (2, 'most', 'account', ${BIG_ACCOUNT}, NULL, ${big.most}),
        (3, 'half', 'account', ${BIG_ACCOUNT}, NULL, ${big.half}),
        (4, 'own', 'account', ${BIG_ACCOUNT}, NULL, ${big.account}),
        (5, 'own', 'environment', ${BIG_ACCOUNT}, ${BIG_ENVIRONMENT}, ${big.environment})
      UNION ALL
      SELECT 1000 + id, 'own', 'account', id, NULL, ${dealt(roles.otherAccounts, `id - ${BIG_ACCOUNT}`, otherAccounts)}
      FROM accounts WHERE id <> ${BIG_ACCOUNT}
      UNION ALL
      SELECT 100000 + id, 'own', 'environment', account_id, id,
        CASE WHEN account_id = ${BIG_ACCOUNT} THEN ${dealt(big.otherEnvironments, `id - ${BIG_ENVIRONMENT}`, bigEnvironments - 1)}
          ELSE ${dealt(roles.otherEnvironments, `id - ${bigEnvironments}`, otherEnvironments)} END
      FROM environments WHERE id <> ${BIG_ENVIRONMENT}) pools (pool, kind, scope, account_id, environment_id, roles)`,
    `CREATE TEMP TABLE estate_roles ON COMMIT DROP AS
    SELECT q.before + i + 1 AS id, i, q.kind, q.scope, q.account_id, q.environment_id, q.pool AS role_pool, p.pool, line, lag,
      least(${DEPTH}, whole - lag) AS depth,
      CASE WHEN q.kind <> 'own' THEN 1 WHEN i % 4 = 0 THEN p.places ELSE 1 + i % p.places END AS places
    FROM estate_role_pools q,
      LATERAL generate_series(0, q.roles - 1) i,
      LATERAL (
        SELECT * FROM estate_image_pools p
        WHERE p.lines > 0 AND p.kind = CASE q.kind WHEN 'own' THEN 'sets' ELSE 'shared' END
          AND (p.scope = 'scalr' OR (p.account_id = q.account_id AND (p.environment_id IS NULL OR p.environment_id = q.environment_id)))
          -- Every third role of a scope uses what a scope above publishes.
          AND (p.scope <> q.scope OR i % 3 <> 2 OR q.scope = 'scalr' OR q.kind <> 'own')
        ORDER BY p.environment_id NULLS LAST, p.account_id NULLS LAST LIMIT 1) p,
      LATERAL (SELECT CASE q.kind WHEN 'most' THEN 0 WHEN 'half' THEN 1
        ELSE CASE WHEN p.scope <> 'scalr' OR p.lines = 1 THEN i % p.lines
          -- Corporate's first line is that of the popular servers, and nobody else's.
          WHEN q.scope = 'scalr' AND i % 2 = 0 THEN 0 ELSE 1 + i % (p.lines - 1) END END AS line) l,
      LATERAL (SELECT least(p.releases, (p.images - line * p.places * p.releases) / p.places) AS whole) w,
      LATERAL (SELECT least(whole - 1, CASE WHEN q.kind <> 'own' THEN 1 WHEN p.scope = 'scalr' AND line = 0 THEN ${POPULAR_RELEASE}
        WHEN i = 0 THEN 0 ELSE (ARRAY[0, 1, 1, 2])[1 + (i + q.pool) % 4] END) AS lag) b`,
    `CREATE UNIQUE INDEX ON estate_roles (id)`,
    `ANALYZE estate_role_pools, estate_roles`,
  ];
}

/** A role changes to a release a day after it was registered. */
export const changedDays = (line: string, release: string): string =>
  `(${registeredDays(line, release)} - 1)`;

/** The roles themselves, without their last use. */
export function rolesSql(now: Date): string {
  const isCoreOs = `${osOf('r.line')} = 'fedora-coreos'`;
  return `
    INSERT INTO roles (id, name, description, scope, account_id, environment_id, category_id, os_id, quick_start,
      use_scalr_agent, builtin_automation, deprecated_at, deprecated_by, deprecation_reason, created_by, added_at)
    SELECT r.id, ${pick(software, 'r.i + r.role_pool')} || '-' || lpad(r.id::text, 5, '0'), 'Invented for a large demonstration.',
      r.scope, r.account_id, r.environment_id, 1 + r.i % 8, ${osOf('r.line')}, r.i % 20 = 0, NOT ${isCoreOs},
      CASE WHEN ${isCoreOs} THEN '{}' ELSE '{base}' END::text[],
      CASE WHEN retired THEN ${daysBefore(now, '1 + r.id % 6')} END, CASE WHEN retired THEN created_by END,
      CASE WHEN retired THEN 'Rewritten: use the next edition.' END,
      created_by, ${daysBefore(now, `${changedDays('r.line', '(r.lag + r.depth - 1)')} + 0.01`)}
    FROM estate_roles r JOIN estate_image_pools p USING (pool),
      LATERAL (SELECT ${administratorOf('r.account_id')} AS created_by, r.kind = 'own' AND r.i % 40 = 39 AS retired) by`;
}

/** What each role has now, and in `role_image_history` how it came to that. */
export function roleImagesSql(now: Date): string[] {
  const at = (release: string) => daysBefore(now, changedDays('r.line', release));
  const image = (release: string) => imageId('p.pool', imageNumber('r.line', release, 'place'));
  const from = `estate_roles r JOIN estate_image_pools p USING (pool), LATERAL generate_series(0, r.places - 1) place`;
  return [
    `INSERT INTO role_images (role_id, cloud_platform, cloud_location, image_id, added_at, added_by)
    SELECT r.id, ${platformOf('place')}, ${imageLocationOf('place')}, ${image('r.lag')}, ${at('r.lag')}, ${administratorOf('r.account_id')}
    FROM ${from}`,
    `INSERT INTO role_image_history (role_id, cloud_platform, cloud_location, old_image_id, new_image_id, at, by)
    SELECT r.id, ${platformOf('place')}, ${imageLocationOf('place')},
      CASE WHEN age < r.depth - 1 THEN ${image('(r.lag + age + 1)')} END, ${image('(r.lag + age)')}, ${at('(r.lag + age)')},
      ${administratorOf('r.account_id')}
    FROM ${from}, LATERAL generate_series(0, r.depth - 1) age
    ORDER BY 6, 1, 3`,
  ];
}

/** The latest change of each role was a replacement: by the account for all its environments, where it could be. */
export const replacementsSql: string[] = [
  `CREATE TEMP TABLE estate_changes ON COMMIT DROP AS
  SELECT ri.role_id, ri.cloud_platform, ri.cloud_location, h.old_image_id, h.new_image_id, h.at, h.by,
    place.scope, place.account_id, place.environment_id,
    ${uuidOf(`concat_ws(' ', 'replacement', h.old_image_id, h.new_image_id, place.scope, place.account_id, place.environment_id)`)} AS id
  FROM role_images ri
  JOIN role_image_history h ON (h.role_id, h.cloud_platform, h.cloud_location, h.new_image_id)
    = (ri.role_id, ri.cloud_platform, ri.cloud_location, ri.image_id) AND h.old_image_id IS NOT NULL
  JOIN roles r ON r.id = ri.role_id
  JOIN images i ON i.id = ri.image_id,
    LATERAL (SELECT CASE WHEN r.scope = 'environment' AND i.scope <> 'environment' THEN 'account' ELSE r.scope END AS scope,
      r.account_id, CASE WHEN i.scope = 'environment' THEN r.environment_id END AS environment_id) place`,
  `INSERT INTO replacements (id, scope, account_id, environment_id, reach, at, by, reason)
  SELECT DISTINCT id, scope, account_id, environment_id,
    CASE scope WHEN 'account' THEN ARRAY['account', 'environment'] ELSE ARRAY[scope] END, at, by, 'Regular update.'
  FROM estate_changes`,
  `INSERT INTO replacement_pairs (replacement_id, old_image_id, new_image_id)
  SELECT DISTINCT id, old_image_id, new_image_id FROM estate_changes`,
  `INSERT INTO replacement_roles (replacement_id, role_id, cloud_platform, cloud_location, old_image_id, new_image_id)
  SELECT id, role_id, cloud_platform, cloud_location, old_image_id, new_image_id FROM estate_changes`,
];
