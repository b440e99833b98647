import { imageId, imageNumber, platformOf, serverLocationOf } from './images.ts';
import { ownerOf } from './organisation.ts';
import { changedDays } from './roles.ts';
import {
  BIG_ACCOUNT,
  BIG_ENVIRONMENT,
  FARM_ROLES_PER_FARM,
  type LargePlan,
  POPULAR_SERVERS,
} from './shape.ts';
import { daysBefore, numberOf, pick, uuidOf } from './sql-text.ts';

const undertakings = [
  'shop',
  'search',
  'orders',
  'media',
  'partners',
  'vouchers',
  'reports',
  'billing',
  'mobile',
  'edge',
  'data',
  'identity',
];

/** The farms of the big environment come first, then those of its account, then all others in turn. */
export function farmsSql(plan: LargePlan, now: Date): string {
  const { farms, environments, bigEnvironments } = plan;
  return `
    INSERT INTO farms (id, account_id, environment_id, name, description, owner_id, status, added_at, launched_at)
    SELECT f, e.account_id, e.id, ${pick(undertakings, 'f')} || '-' || lpad(f::text, 5, '0'), 'Invented for a large demonstration.',
      ${ownerOf(plan, 'e.account_id', 'f / 3')}, 'running', ${daysBefore(now, '760 + f % 200')}, ${daysBefore(now, '760 + f % 200')}
    FROM generate_series(1, ${farms.all}) f JOIN environments e ON e.id = CASE
      WHEN f <= ${farms.bigEnvironment} THEN 1
      WHEN f <= ${farms.big} THEN 2 + f % ${bigEnvironments - 1}
      ELSE ${bigEnvironments} + 1 + f % ${environments - bigEnvironments} END`;
}

/**
 * Three farm roles to a farm: of a Corporate role, one of the account and one of the environment, where
 * there are such. The first of every so many farms is popular: it runs Corporate's first role.
 */
export function farmRolesSql(plan: LargePlan, now: Date): string[] {
  const { popularFarmRoles, others } = plan.servers;
  const everyFarms = Math.floor(plan.farms.all / popularFarmRoles);
  const isPopular = `(k % ${FARM_ROLES_PER_FARM * everyFarms} = 0 AND k < ${popularFarmRoles * FARM_ROLES_PER_FARM * everyFarms})`;
  return [
    `CREATE TEMP TABLE estate_farm_roles ON COMMIT DROP AS
    SELECT k + 1 AS id, f.id AS farm_id, f.account_id, f.environment_id, slot,
      CASE WHEN popular THEN 1 ELSE q.before + 1 + chosen END AS role_id, popular,
      -- Most run a few servers, some run many.
      CASE WHEN popular THEN 0 ELSE (ARRAY[1, 1, 2, 1, 6, 1, 2, 3])[1 + ${numberOf(`'size ' || k`, 8)}] END AS weight
    FROM generate_series(0, ${plan.farmRoles - 1}) k
    JOIN farms f ON f.id = k / ${FARM_ROLES_PER_FARM} + 1
    CROSS JOIN LATERAL (SELECT ${isPopular} AS popular) popular
    CROSS JOIN LATERAL (SELECT k % ${FARM_ROLES_PER_FARM} AS slot,
      CASE f.account_id WHEN ${BIG_ACCOUNT} THEN 2 + k / ${FARM_ROLES_PER_FARM} % 3 ELSE 1000 + f.account_id END AS of_account,
      CASE f.environment_id WHEN ${BIG_ENVIRONMENT} THEN 5 ELSE 100000 + f.environment_id END AS of_environment) pools
    LEFT JOIN estate_role_pools e ON slot = 2 AND e.pool = of_environment AND e.roles > 1
    LEFT JOIN estate_role_pools a ON slot > 0 AND a.pool = of_account AND a.roles > 1
    JOIN estate_role_pools q ON q.pool = coalesce(e.pool, a.pool, 1)
    -- Corporate's even roles are on the popular line: the servers of others would be too many there.
    CROSS JOIN LATERAL (SELECT CASE q.scope WHEN 'scalr' THEN 1 + 2 * ${numberOf(`'role ' || k`, 'q.roles / 2')}
      ELSE ${numberOf(`'role ' || k`, 'q.roles')} END AS chosen) chosen`,
    `CREATE TEMP TABLE estate_placements ON COMMIT DROP AS
    SELECT fr.*, r.line, r.lag, r.depth, r.pool, place,
      CASE WHEN popular THEN ${POPULAR_SERVERS}
        ELSE (${others}::numeric * upto / total)::bigint - (${others}::numeric * (upto - weight) / total)::bigint END::int AS servers
    FROM (SELECT *, sum(weight) OVER (ORDER BY id) AS upto, sum(weight) OVER () AS total FROM estate_farm_roles) fr
    JOIN estate_roles r ON r.id = fr.role_id,
      LATERAL (SELECT CASE WHEN popular THEN 0 ELSE ${numberOf(`'place ' || fr.id`, 'r.places')} END AS place) at`,
    `CREATE UNIQUE INDEX ON estate_placements (id)`,
    `ANALYZE estate_placements`,
    `INSERT INTO farm_roles (id, farm_id, account_id, environment_id, role_id, alias, cloud_platform, cloud_location,
      instance_type, launch_index, min_servers, max_servers, added_at)
    SELECT fr.id, fr.farm_id, fr.account_id, fr.environment_id, fr.role_id, r.name || '-' || fr.slot, ${platformOf('fr.place')},
      ${serverLocationOf('fr.place')}, ${instanceType}, fr.slot,
      -- In balance whether suspended servers are counted or not, so that nothing moves by itself.
      fr.servers / 2, fr.servers + greatest(1, fr.servers / 4),
      ${daysBefore(now, changedDays('fr.line', '(fr.lag + fr.depth - 1)'))} + interval '1 hour'
    FROM estate_placements fr JOIN estate_image_pools p USING (pool) JOIN roles r ON r.id = fr.role_id`,
  ];
}

const instanceType = `CASE WHEN fr.place = 3 THEN 'e2-standard-4' WHEN p.kind = 'sets' AND fr.line % 5 = 4 THEN 'm7g.large' ELSE 'm6i.large' END`;

/** How many statements insert the servers, each the same part of every farm role. */
export const SERVER_PARTS = 10;

/**
 * One part of the servers, in the order in which they were launched, as a fleet grows. Each runs the image
 * that its role had at that moment; a quarter of the farm roles relaunch after every replacement.
 */
export function serversSql(now: Date, part: number): string {
  const release = '(fr.lag + age)';
  const from = changedDays('fr.line', release);
  const until = `CASE WHEN age = 0 THEN 0 ELSE ${changedDays('fr.line', `(${release} - 1)`)} END`;
  return `
    INSERT INTO servers (id, farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform, cloud_location,
      cloud_server_id, instance_type, hostname, private_ip, server_index, status, launch_reason, launched_by, launched_at, terminated_at)
    SELECT ${uuidOf(`'server ' || key`)}, fr.farm_id, fr.id, fr.account_id, fr.environment_id,
      ${imageId('p.pool', imageNumber('fr.line', release, 'fr.place'))}, ${platformOf('fr.place')}, ${serverLocationOf('fr.place')},
      CASE WHEN fr.place = 3 THEN (10::bigint ^ 18 + key)::bigint::text ELSE 'i-0' || substr(md5('cloud server ' || key), 1, 16) END,
      ${instanceType}, 'node-' || j || '.farm-' || fr.farm_id || '.example.internal',
      CASE WHEN status <> 'terminated' THEN '10.0.0.1'::inet + key % 16777000 END, j, status,
      CASE WHEN j % 12 = 5 THEN 'Launched by hand' WHEN age = fr.depth - 1 THEN 'Farm launched' ELSE 'Scaling up' END,
      CASE WHEN j % 12 = 5 THEN 'owner-' || 1 + (fr.account_id - 1) * 10 || '@example.com' END, ${daysBefore(now, 'days')},
      CASE WHEN status = 'terminated' THEN ${daysBefore(now, 'days * 0.3')} END
    FROM estate_placements fr JOIN estate_image_pools p USING (pool),
      LATERAL generate_series(${part + 1}, fr.servers, ${SERVER_PARTS}) j,
      LATERAL (SELECT fr.id::bigint * 1000 + j AS key,
        CASE WHEN popular OR fr.id % 4 = 1 THEN 0 ELSE least(j % 4, fr.depth - 1) END AS age,
        CASE WHEN popular THEN 'running' WHEN j % 13 = 12 THEN 'terminated' WHEN j % 13 = 7 THEN 'suspended' ELSE 'running' END AS status) facts,
      LATERAL (SELECT ${from} - (0.05 + 0.9 * ${numberOf(`'launch ' || key`, 1000)} / 1000.0) * (${from} - ${until}) AS days) launched
    ORDER BY days DESC`;
}

/** An image and a role were last used when a server was last launched from them. */
export const lastUseSql: string[] = [
  `UPDATE images i SET last_used_at = used.at
  FROM (SELECT image_id, max(launched_at) AS at FROM servers GROUP BY image_id) used WHERE used.image_id = i.id`,
  `UPDATE roles r SET last_used_at = used.at
  FROM (SELECT fr.role_id, max(s.launched_at) AS at FROM servers s JOIN farm_roles fr ON fr.id = s.farm_role_id GROUP BY 1) used
  WHERE used.role_id = r.id`,
];
