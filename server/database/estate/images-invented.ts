import type { Place } from './fcos-images.ts';
import type { ScopeName } from './organisation.ts';

/** A second OS family, with cloud ids that nobody can take for real ones. */
interface InventedSet {
  scope: ScopeName;
  name: string;
  osId: 'ubuntu-16-04' | 'ubuntu-22-04' | 'ubuntu-24-04';
  places: Place[];
  daysAgo: number;
  about: string;
  /** Whether agent and cloud-init are in the image; true unless told. */
  agent?: boolean;
  source?: 'BundleTask';
}

const databases = ['us-east-1', 'us-west-2', 'eu-west-1', 'eu-central-1'];

export const inventedSets: InventedSet[] = [
  {
    scope: 'corporate',
    name: 'postgresql-16-6',
    osId: 'ubuntu-24-04',
    places: databases,
    daysAgo: 19,
    about: 'PostgreSQL 16.6 with the backup agent.',
  },
  {
    scope: 'corporate',
    name: 'postgresql-16-4',
    osId: 'ubuntu-24-04',
    places: databases,
    daysAgo: 82,
    about: 'PostgreSQL 16.4 with the backup agent.',
  },
  {
    scope: 'corporate',
    name: 'mysql-8-4-3',
    osId: 'ubuntu-24-04',
    places: databases,
    daysAgo: 80,
    about: 'MySQL 8.4.3.',
  },
  {
    scope: 'corporate',
    name: 'hardened-base-2026-06',
    osId: 'ubuntu-22-04',
    places: databases,
    daysAgo: 78,
    about: 'Base system, hardened, June 2026.',
  },
  {
    scope: 'corporate',
    name: 'gorouter-0-330',
    osId: 'ubuntu-22-04',
    places: ['us-east-1', 'eu-west-1'],
    daysAgo: 75,
    about: 'Cloud Foundry router 0.330.',
  },
  {
    scope: 'storefront',
    name: 'ubuntu-16-04-1',
    osId: 'ubuntu-16-04',
    places: ['us-east-1', 'eu-west-1'],
    daysAgo: 70,
    about: 'Base system for the publishing pipeline.',
  },
  {
    scope: 'storefront',
    name: 'mysql-8-0-40',
    osId: 'ubuntu-22-04',
    places: ['us-east-1', 'eu-west-1', 'eu-central-1'],
    daysAgo: 68,
    about: 'MySQL 8.0.40 for orders.',
  },
  {
    scope: 'storefront',
    name: 'node-24-minimal',
    osId: 'ubuntu-24-04',
    places: ['us-east-1'],
    daysAgo: 21,
    about: 'Node.js 24, without agent and without cloud-init.',
    agent: false,
  },
  {
    scope: 'payments',
    name: 'postgresql-15-8',
    osId: 'ubuntu-22-04',
    places: ['us-east-1', 'us-west-2', 'eu-central-1'],
    daysAgo: 69,
    about: 'PostgreSQL 15.8 for the ledger.',
  },
  {
    scope: 'payments',
    name: 'grafana-11-2',
    osId: 'ubuntu-22-04',
    places: ['us-east-1'],
    daysAgo: 60,
    about: 'Grafana 11.2. Nobody has used it so far.',
  },
  {
    scope: 'analytics',
    name: 'clickhouse-24-8',
    osId: 'ubuntu-22-04',
    places: ['us-east-1', 'us-west-2', 'eu-west-1'],
    daysAgo: 66,
    about: 'ClickHouse 24.8.',
  },
  {
    scope: 'analytics/production',
    name: 'reports-4-2',
    osId: 'ubuntu-22-04',
    places: ['us-east-1'],
    daysAgo: 67,
    about: 'The report generator, version 4.2.',
  },
  {
    scope: 'storefront/staging',
    name: 'nginx-1-27-snapshot',
    osId: 'ubuntu-24-04',
    places: ['us-east-1'],
    daysAgo: 33,
    about: 'Taken from a server while its configuration was tried out.',
    source: 'BundleTask',
  },
  {
    scope: 'corporate',
    name: 'ubuntu-16-04-minimal',
    osId: 'ubuntu-16-04',
    places: databases,
    daysAgo: 72,
    about: 'What publishing pipelines start their builds from.',
  },
];
