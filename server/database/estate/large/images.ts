import { administratorOf } from './organisation.ts';
import {
  BIG_ACCOUNT,
  BIG_ENVIRONMENT,
  type LargePlan,
  SHARED_IMAGES,
  SHARED_RELEASES,
} from './shape.ts';
import { daysBefore, dealt, pick, uuidOf } from './sql-text.ts';

/** Where sets of images stand, in this order: a set of four takes the first four. */
export const places = [
  'us-east-1',
  'eu-west-1',
  'us-west-2',
  'gce',
  'eu-central-1',
  'us-east-2',
  'ap-southeast-1',
  'ap-northeast-1',
  'ca-central-1',
  'eu-north-1',
  'sa-east-1',
  'us-west-1',
] as const;
const GCE = places.indexOf('gce');

/** What images and roles are for; "web" is in many names on purpose. */
export const software = [
  'web-frontend',
  'postgresql-16',
  'checkout-api',
  'redis-7',
  'web-gateway',
  'order-queue',
  'catalog-api',
  'kafka-3',
  'web-worker',
  'mysql-8',
  'search-node',
  'haproxy-3',
  'billing-api',
  'rabbitmq-4',
  'web-cache',
  'batch-runner',
  'nginx-1-27',
  'session-store',
  'report-engine',
  'memcached-1',
  'partner-feed',
  'web-admin',
  'image-resizer',
  'fraud-check',
] as const;

/** From this release on (0 is the newest of a line) images are deprecated. */
const FIRST_DEPRECATED = 4;
/** Releases are spread over this many days. */
const HISTORY_DAYS = 730;

/**
 * Images come from pools, one or two per scope. In a pool the nth image is, counting from 0, the place
 * `n % places` of the release `n / places % releases` of the line `n / (places * releases)`.
 */
export function imagePoolsSql({
  images,
  accounts,
  environments,
  bigEnvironments,
}: LargePlan): string[] {
  const { big } = images;
  const otherAccounts = accounts - 1;
  const otherEnvironments = environments - bigEnvironments;
  return [
    `CREATE TEMP TABLE estate_image_pools ON COMMIT DROP AS
    SELECT pool::int, kind, scope, account_id, environment_id, images, places, releases,
      -- Lines with at least one whole release.
      images / (places * releases) + (images % (places * releases) >= places)::int AS lines
    FROM (
      SELECT 1 AS pool, 'sets' AS kind, 'scalr' AS scope, NULL::int AS account_id, NULL::int AS environment_id,
        ${images.corporate} AS images, 12 AS places, 8 AS releases
      UNION ALL VALUES
        (2, 'shared', 'account', ${BIG_ACCOUNT}, NULL, ${SHARED_IMAGES}, 1, ${SHARED_RELEASES}),
        (3, 'builds', 'account', ${BIG_ACCOUNT}, NULL, ${big.builds}, 1, 1),
        (4, 'builds', 'environment', ${BIG_ACCOUNT}, ${BIG_ENVIRONMENT}, ${big.environmentBuilds}, 1, 1),
        (5, 'sets', 'account', ${BIG_ACCOUNT}, NULL, ${big.sets}, 12, 8),
        (6, 'sets', 'environment', ${BIG_ACCOUNT}, ${BIG_ENVIRONMENT}, ${big.environmentSets}, 12, 8)
      UNION ALL
      SELECT 1000 + id, 'sets', 'account', id, NULL, ${dealt(images.otherAccounts, `id - ${BIG_ACCOUNT}`, otherAccounts)}, 4, 5
      FROM accounts WHERE id <> ${BIG_ACCOUNT}
      UNION ALL
      SELECT 100000 + id, 'sets', 'environment', account_id, id,
        CASE WHEN account_id = ${BIG_ACCOUNT} THEN ${dealt(big.otherEnvironments, `id - ${BIG_ENVIRONMENT}`, bigEnvironments - 1)}
          ELSE ${dealt(images.otherEnvironments, `id - ${bigEnvironments}`, otherEnvironments)} END, 2, 3
      FROM environments WHERE id <> ${BIG_ENVIRONMENT}) pools`,
    `CREATE UNIQUE INDEX ON estate_image_pools (pool)`,
    `ANALYZE estate_image_pools`,
  ];
}

/** SQL: the id of the nth image of a pool. */
export function imageId(pool: string, n: string): string {
  return uuidOf(`'image ' || ${pool} || ' ' || ${n}`);
}

/** SQL: n of an image, from its line, release and place; `p` is the pool. */
export function imageNumber(line: string, release: string, place: string): string {
  return `((${line}) * p.places * p.releases + (${release}) * p.places + (${place}))`;
}

/** SQL: how many days ago a release of a line was registered; `p` is the pool. The newest is days old, not hours. */
export function registeredDays(line: string, release: string): string {
  return `((${release} + 0.1 + ((p.pool * 31 + ${line} * 17) % 97) / 194.0) * ${HISTORY_DAYS}.0 / p.releases)`;
}

/** SQL: platform and location of a place, as images have them. */
export const platformOf = (place: string): string =>
  `CASE WHEN ${place} = ${GCE} THEN 'gce' ELSE 'ec2' END`;
export const imageLocationOf = (place: string): string =>
  `CASE WHEN ${place} = ${GCE} THEN '' ELSE ${pick(places, place)} END`;
export const serverLocationOf = (place: string): string =>
  `CASE WHEN ${place} = ${GCE} THEN 'us-central1' ELSE ${pick(places, place)} END`;

const osIds = ['fedora-coreos', 'ubuntu-24-04', 'amazon-2023', 'debian-12-x'];
const stems = ['', 'ubuntu-24-04', 'al2023', 'debian-12'];

/** SQL: the operating system of a line; `p` is the pool. */
export function osOf(line: string): string {
  return pick(osIds, systemOf(line));
}

/** Pipelines and shared lines build on Fedora CoreOS alone: one place of theirs is one long picker. */
function systemOf(line: string): string {
  return `CASE WHEN p.kind = 'sets' THEN ${line} ELSE 0 END`;
}

/** Every image, without its last use. */
export function imagesSql(now: Date): string {
  const isCoreOs = `${systemOf('line')} % ${osIds.length} = 0`;
  const days = `CASE p.kind WHEN 'builds' THEN ${HISTORY_DAYS}.0 * (n + 0.5) / p.images ELSE ${registeredDays('line', 'release')} END`;
  const stream = `CASE p.scope WHEN 'scalr' THEN 3 WHEN 'account' THEN 2 ELSE 1 END`;
  return `
    INSERT INTO images (id, name, description, scope, account_id, environment_id, cloud_platform, cloud_location,
      cloud_image_id, os_id, architecture, size_gb, type, status, status_error, scalr_agent_installed,
      cloud_init_installed, deprecated_at, deprecated_by, deprecation_reason, deprecation_replacement_id,
      created_by, added_at)
    SELECT ${imageId('p.pool', 'n')}, name, 'Invented for a large demonstration: no cloud has an image with this id.',
      p.scope, p.account_id, p.environment_id, ${platformOf('place')}, ${imageLocationOf('place')},
      CASE WHEN place = ${GCE} THEN 'invented-for-demo/' || name || '-' || p.pool
        ELSE 'ami-0' || substr(md5('cloud image ' || p.pool || ' ' || n), 1, 16) END,
      ${osOf('line')}, CASE WHEN p.kind = 'sets' AND line % 5 = 4 THEN 'aarch64' ELSE 'x86_64' END,
      8 + (line * 7 + p.pool) % 5 * 8, CASE WHEN place <> ${GCE} THEN 'ebs-hvm' END,
      CASE WHEN failed THEN 'failed' ELSE 'active' END,
      CASE WHEN failed THEN 'EC2 refused to deregister the image: a launch template still refers to it.' END,
      NOT ${isCoreOs}, NOT ${isCoreOs},
      CASE WHEN old THEN ${daysBefore(now, `${registeredDays('line', '(release - 2)')} - 2`)} END,
      CASE WHEN old THEN created_by END, CASE WHEN old THEN 'Two releases behind: no more updates.' END,
      CASE WHEN old THEN ${imageId('p.pool', imageNumber('line', '0', 'place'))} END,
      created_by, ${daysBefore(now, days)} + place * interval '1 minute'
    FROM estate_image_pools p,
      LATERAL generate_series(0, p.images - 1) n,
      LATERAL (SELECT n % p.places AS place, n / p.places % p.releases AS release, n / (p.places * p.releases) AS line) at,
      LATERAL (SELECT ${administratorOf('p.account_id')} AS created_by, p.kind <> 'builds' AND release >= ${FIRST_DEPRECATED} AS old,
        p.kind = 'builds' AND p.scope = 'account' AND n % 997 = 996 AS failed,
        to_char(${daysBefore(now, days)} AT TIME ZONE 'UTC', 'YYYYMMDD') AS day) facts,
      LATERAL (SELECT CASE WHEN ${isCoreOs} THEN 'fcos-' || 44 - release / 2 || '-' || day || '-' || ${stream} || '-1' ELSE ${pick(stems, 'line')} END
        || CASE WHEN p.kind = 'builds' THEN '-' || ${pick(software, 'n')} || '-b' || lpad(n::text, 5, '0')
          WHEN line = 0 THEN '' ELSE '-' || ${pick(software, 'line + p.pool')} END
        || CASE WHEN ${isCoreOs} THEN '' ELSE '-' || day || '-1' END
        -- One small set that everybody sees: a search that finds almost nothing.
        || CASE WHEN p.pool = 1 AND line = 1 AND release = 0 AND place < 3 THEN '-quokka' ELSE '' END AS name) named`;
}
