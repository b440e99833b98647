import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTestApp } from './app.ts';
import { type Exchange, listen } from './conformance/exchange.ts';
import { withDatabase } from './database.ts';
import { insertImage } from './factories.ts';
import { settleServers } from './fleet.ts';
import { createTenant, type Tenant } from './harness.ts';
import { type KitchenImage, kitchenProject, runKitchen } from './kitchen.ts';
import { createKey, type Key } from './signed-client.ts';

// Test Kitchen on the simulated cloud, which does what it is asked for at once.

const database = withDatabase();
let app: FastifyInstance;
let exchange: Exchange;
let t: Tenant;
let key: Key;

beforeAll(async () => {
  app = buildTestApp(database.db);
  exchange = await listen(app);
  t = await createTenant(database.db);
  key = await createKey(database.db, t.environmentAdmin.email);
});
afterAll(() => app.close());

/** Of the driver up to 0.2.4, and of the one after it. */
const farmRoles: [string, (image: KitchenImage) => object][] = [
  [
    'in the first spelling',
    ({ cloudPlatform, cloudLocation }) => ({
      placement: {
        placementConfigurationType: 'AwsClassicPlacementConfiguration',
        region: cloudLocation,
      },
      instance: {
        instanceConfigurationType: 'AwsInstanceConfiguration',
        instanceType: { id: 'm5.large' },
      },
      platform: cloudPlatform,
      scaling: {
        considerSuspendedServers: 'running',
        enabled: true,
        maxInstances: 1,
        minInstances: 1,
        scalingBehavior: 'launch-terminate',
        rules: [],
      },
    }),
  ],
  [
    'in the later spelling',
    ({ cloudPlatform, cloudLocation }) => ({
      cloudPlatform,
      cloudLocation,
      instanceType: { id: 'm5.large' },
      scaling: { enabled: true },
    }),
  ],
];

it.each(farmRoles)(
  'Test Kitchen makes a machine %s, reaches it, and leaves nothing behind',
  async (_, placeOf) => {
    const { name } = await insertImage(database.db, t.account);
    const { data: project } = await t.environmentAdmin.call('projectCreate', t.environment, {
      body: kitchenProject(name),
    });
    const settle = () => settleServers(database.db);
    const { environmentId } = t.environment;
    const kitchen = { exchange, key, environmentId, imageName: name, projectId: project.id };
    await runKitchen({ ...kitchen, placeOf, settle }, [
      expect.stringMatching(/^(?:\d{1,3}\.){3}\d{1,3}$/),
    ]);
  },
);
