import { defineConfig } from 'vitest/config';

const full = process.env.SLIPWAY_TEST_FULL === '1';

/** Tests without a database; every other test of the server gets a real PostgreSQL. */
const UNIT = [
  'contract/**/*.test.ts',
  'src/**/*.test.{ts,tsx}',
  'server/domain/**/*.test.ts',
  'server/env.test.ts',
  'scripts/**/*.test.mjs',
  'mutants/**/*.test.ts',
];

/** Driven by programs from elsewhere: npm run test:clients installs them and says where they are. */
const CLIENTS = 'server/testing/clients/**/*.test.ts';
const GUIDE = 'server/testing/automation/guide.test.ts';
/** With servers on a real cloud: npm run test:clouds starts one and says where it is. */
const CLOUDS = 'server/testing/clouds/**/*.test.ts';
const clouds = [
  ...(process.env.SLIPWAY_LXD_SOCKET === undefined ? [] : ['server/testing/clouds/lxd*.test.ts']),
  ...(process.env.SLIPWAY_MOTO_URL === undefined ? [] : ['server/testing/clouds/ec2*.test.ts']),
  ...(process.env.SLIPWAY_OPENSTACK === undefined
    ? []
    : ['server/testing/clouds/openstack*.test.ts']),
];
/** Loses servers of PostgreSQL under load: npm run try:failover. */
const FAILOVER = 'server/testing/failover/**/*.test.ts';
const hasClients = process.env.SLIPWAY_SCALR_CTL !== undefined;

/** Modules are loaded once by each worker, where no test leaves anything behind in them. */
const isolate = false;

export default defineConfig({
  test: {
    // On two cores, since some tests wait most of the time.
    maxWorkers: 3,
    // Against hanging: on a busy machine a process takes long to start, and a build longer.
    testTimeout: full ? 1_200_000 : 180_000,
    hookTimeout: 180_000,
    // As in the browser: what will be so on a busy machine too, only later.
    expect: { poll: { timeout: 10_000 } },
    projects: [
      { extends: true, test: { name: 'unit', include: UNIT, isolate } },
      {
        extends: true,
        test: {
          name: 'integration',
          isolate,
          include: ['server/**/*.test.ts'],
          exclude: [...UNIT, CLIENTS, CLOUDS, FAILOVER],
          globalSetup: 'server/testing/global-setup.ts',
        },
      },
      ...(hasClients
        ? [
            {
              extends: true as const,
              test: {
                name: 'clients',
                include: [CLIENTS, GUIDE],
                // Each test starts a program some times over.
                testTimeout: 300_000,
                globalSetup: 'server/testing/global-setup.ts',
              },
            },
          ]
        : []),
      ...(process.env.SLIPWAY_FAILOVER === '1'
        ? [{ extends: true as const, test: { name: 'failover', include: [FAILOVER] } }]
        : []),
      ...(clouds.length > 0
        ? [
            {
              extends: true as const,
              test: {
                name: 'clouds',
                include: clouds,
                globalSetup: 'server/testing/global-setup.ts',
              },
            },
          ]
        : []),
    ],
  },
});
