import { createHmac, randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildTestApp } from './app.ts';
import { listen } from './conformance/exchange.ts';
import { withDatabase } from './database.ts';
import { insertImage } from './factories.ts';
import { settleServers } from './fleet.ts';
import { createTenant, type Tenant } from './harness.ts';
import { createKey, type Key } from './signed-client.ts';

// What the Scalr driver of Test Kitchen asks for between `kitchen create` and `kitchen destroy`, sent as
// Ruby's rest-client sends it: with its headers, and a body of no bytes that is called a form.

const database = withDatabase();
let app: FastifyInstance;
let exchange: Awaited<ReturnType<typeof listen>>;
let t: Tenant;
let key: Key;

beforeAll(async () => {
  app = buildTestApp(database.db);
  exchange = await listen(app);
  t = await createTenant(database.db);
  key = await createKey(database.db, t.environmentAdmin.email);
});
afterAll(() => app.close());

interface Reply<Data> {
  data: Data;
  pagination?: { next: string | null };
}

/** It has no answer for a refusal, so one fails the test. */
async function request<Data>(method: string, url: string, data?: object): Promise<Reply<Data>> {
  const body = data === undefined ? '' : JSON.stringify(data);
  const [path = '', query = ''] = url.split('?');
  const date = `${new Date().toISOString().slice(0, 19)}Z+00:00`;
  const lines = [method, date, path, query.split('&').toSorted().join('&'), body];
  const mac = createHmac('sha256', key.secret).update(lines.join('\n')).digest('base64');
  const { status, text } = await exchange({
    method,
    url,
    body,
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip;q=1.0,deflate;q=0.6,identity;q=0.3',
      'user-agent': 'rest-client/2.1.0 (linux x86_64) ruby/2.7.8p225',
      'x-scalr-key-id': key.id,
      'x-scalr-signature': `V1-HMAC-SHA256 ${mac}`,
      'x-scalr-date': date,
      'x-scalr-debug': '1',
      'content-type': body === '' ? 'application/x-www-form-urlencoded' : 'application/json',
    },
  });
  expect(status, `${method} ${url} answers ${text}`).toBeLessThan(300);
  return text === '' ? ({} as Reply<Data>) : JSON.parse(text);
}

async function list<Item>(url: string): Promise<Item[]> {
  const items: Item[] = [];
  for (let next: string | null | undefined = url; next;) {
    const page: Reply<Item[]> = await request('GET', next);
    items.push(...page.data);
    next = page.pagination?.next;
  }
  return items;
}

const post = async <Data>(url: string, data: object) =>
  (await request<Data>('POST', url, data)).data;

type Id<Value = number> = { id: Value };
interface Image extends Id<string> {
  os: Id<string>;
  cloudPlatform: string;
  cloudLocation: string;
}
interface Server extends Id<string> {
  status: string;
  publicIp: string[];
  privateIp: string[];
}

/** Of the driver up to 0.2.4, and of the one after it. */
const farmRoles: [string, (image: Image) => object][] = [
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
    const project = await t.environmentAdmin.call('projectCreate', t.environment, {
      body: {
        name: `Tests ${name}`,
        costCenter: '00000000-0000-4000-8000-000000000001',
        billingCode: 'T-1',
        leadEmail: 'lead@example.com',
      },
    });
    const base = `/api/v1beta0/user/${t.environment.environmentId}`;
    const uuid = randomUUID();

    const farm = await post<Id>(`${base}/farms/`, {
      name: `KITCHEN_FARM_default-ubuntu-2404_${uuid}`,
      description: 'Test Kitchen Farm',
      project: { id: project.data.id },
    });
    const [image] = await list<Image>(`${base}/images/?name=${name}`);
    if (!image) throw new Error('The image is not found by its name');
    const role = await post<Id>(`${base}/roles/`, {
      builtinAutomation: ['base'],
      category: { id: 1 },
      deprecated: false,
      description: 'test kitchen role',
      name: `KITCHEN-ROLE-${uuid}`,
      os: { id: image.os.id },
      quickStart: false,
      useScalrAgent: true,
    });
    expect(await list<Id>(`${base}/roles/?name=KITCHEN-ROLE-${uuid}`)).toMatchObject([role]);
    await post(`${base}/roles/${role.id}/images/`, {
      image: { id: image.id },
      role: { id: role.id },
    });
    const farmRole = await post<Id>(`${base}/farms/${farm.id}/farm-roles/`, {
      alias: `KITCHEN-ROLE-${uuid}`,
      role: { id: role.id },
      ...placeOf(image),
    });
    await post(`${base}/farms/${farm.id}/actions/launch/`, {});
    await settleServers(database.db);

    const servers = () => list<Server>(`${base}/farms/${farm.id}/servers/`);
    const address = expect.stringMatching(/^(?:\d{1,3}\.){3}\d{1,3}$/);
    expect(await servers()).toMatchObject([
      { status: 'running', publicIp: [address], privateIp: [address] },
    ]);

    await post(`${base}/farms/${farm.id}/actions/terminate/`, {});
    await settleServers(database.db);
    expect((await servers()).map(({ status }) => status)).toEqual(['terminated']);
    for (const url of [`farm-roles/${farmRole.id}`, `roles/${role.id}`, `farms/${farm.id}`])
      await request('DELETE', `${base}/${url}/`);
    expect(await list(`${base}/farms/?id=${farm.id}`)).toEqual([]);
    expect(await list(`${base}/roles/?id=${role.id}`)).toEqual([]);
  },
);
