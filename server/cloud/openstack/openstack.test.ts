import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demandCapability } from '../port.ts';
import { createOpenstackCloud } from './openstack.ts';

// What a real OpenStack cannot be told to do; npm run test:clouds drives a real one.

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: unknown;
}
type Said = (method: string, path: string, body: string) => Answer | undefined;

const place = { cloudPlatform: 'openstack', cloudLocation: 'here' };
const image = { ...place, cloudImageId: 'i' };
let url = '';
let logins = 0;
let asked: string[] = [];
let answer: Said = () => undefined;
let lifeMs = 3_600_000;

const server = createServer((request, response) => {
  void say(request).then(({ status, headers = {}, body = '' }) => {
    response.writeHead(status, headers);
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
});

async function say(request: IncomingMessage): Promise<Answer> {
  const { method = '', url: path = '' } = request;
  const body = await text(request);
  asked.push(`${method} ${path}`);
  const said = answer(method, path, body);
  if (said) return said;
  if (path !== '/v3/auth/tokens') return { status: 404, body: {} };
  logins += 1;
  const now = Date.now();
  const endpoint = { interface: 'public', region_id: 'here' };
  const catalog = [
    { type: 'image', endpoints: [{ ...endpoint, url: `${url}/glance` }] },
    { type: 'compute', endpoints: [{ ...endpoint, url: `${url}/nova/v2.1` }] },
  ];
  const named = { id: 'x', name: 'x' };
  const times = { issued_at: new Date(now), expires_at: new Date(now + lifeMs) };
  const token = { ...times, user: named, project: named, roles: [named], catalog };
  return { status: 201, headers: { 'x-subject-token': `token-${logins}` }, body: { token } };
}

beforeEach(async () => {
  [logins, asked, lifeMs] = [0, [], 3_600_000];
  answer = () => undefined;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const connect = () =>
  createOpenstackCloud({
    cloudPlatform: 'openstack',
    keystoneUrl: url,
    login: { userName: 'u', password: 'p', domainName: 'Default', projectName: 'x' },
    region: undefined,
    networkId: undefined,
    sslVerification: true,
    allowsPrivate: true,
  });
const inTime = () => ({ signal: AbortSignal.timeout(10_000) });
const find = (cloud = connect()) => demandCapability(cloud, 'images').find(image, inTime());

test.each([
  [
    { architecture: 'aarch64', virtual_size: 3 * 2 ** 30 + 1 },
    { architecture: 'aarch64', sizeGb: 4 },
  ],
  [{ hw_architecture: 'x86_64' }, { architecture: 'x86_64' }],
  // Who wrote that may have meant anything, and the file of an image is smaller than its disk.
  [{ architecture: 'any', virtual_size: null, size: 2 ** 30 }, {}],
])(
  'of an image that Glance describes as %j, no more is said than Glance knows',
  async (given, facts) => {
    const times = { created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' };
    const body = { id: 'i', name: 'web', status: 'active', ...times, ...given };
    answer = (_, path) => (path.startsWith('/glance') ? { status: 200, body } : undefined);
    const known = { ...image, name: 'web', isReady: true, isDeprecated: false };
    expect(await find()).toEqual({ ...known, ...facts });
  },
);

describe('a token', () => {
  test('is asked for once, by many callers at once, too', async () => {
    const cloud = connect();
    await Promise.all([find(cloud), find(cloud), find(cloud)]);
    expect(await find(cloud)).toBeUndefined();
    expect(logins).toBe(1);
  });

  test('that has nearly ended is replaced before it is used', async () => {
    lifeMs = 0;
    const cloud = connect();
    await find(cloud);
    await find(cloud);
    expect(logins).toBe(2);
  });

  test('that a service no longer takes is replaced once', async () => {
    answer = (_, path) => (path.startsWith('/glance') && logins < 2 ? { status: 401 } : undefined);
    expect(await find()).toBeUndefined();
    expect(logins).toBe(2);
    answer = (_, path) => (path.startsWith('/glance') ? { status: 401 } : undefined);
    await expect(find()).rejects.toMatchObject({ willPass: false, status: 401 });
    expect(logins).toBe(4);
  });

  test('that Keystone does not give is asked for again by the next call', async () => {
    answer = () => ({ status: 503 });
    const cloud = connect();
    await expect(find(cloud)).rejects.toMatchObject({ willPass: true });
    answer = () => undefined;
    expect(await find(cloud)).toBeUndefined();
  });
});

const html = (words: string) =>
  `<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1>${words}<br /><br /></body></html>`;

describe('an answer', () => {
  test.each([
    ['403 of Glance', 403, html('Not &quot;yours&quot;.'), 'Glance says: Not "yours".', {}],
    [
      '400 of Nova',
      400,
      { badRequest: { message: 'No such flavor' } },
      'Glance says: No such flavor.',
      {},
    ],
    ['413 that is too large', 413, {}, 'Glance says: HTTP 413.', {}],
    ['501', 501, '', 'Glance says: HTTP 501.', {}],
    [
      '409 that will end',
      409,
      { conflictingRequest: { message: 'Cannot while it is in task_state x' } },
      'Glance says: Cannot while it is in task_state x.',
      { willPass: true },
    ],
    ['502 of a proxy', 502, html('Bad gateway'), 'Glance says: Bad gateway.', { willPass: true }],
    ['429', 429, '', 'Glance says: HTTP 429.', { willPass: true, isThrottled: true }],
    ['half an answer', 200, '{"id":', undefined, { willPass: true }],
  ])(
    '%s is told in its own words, and whether it will pass',
    async (_, status, body, message, more) => {
      answer = (__, path) => (path.startsWith('/glance') ? { status, body } : undefined);
      await expect(find()).rejects.toMatchObject({
        willPass: false,
        isThrottled: false,
        ...(message !== undefined && { message }),
        ...more,
      });
    },
  );

  test('413 of an old Nova that was asked too often is throttling', async () => {
    const over: Answer = { status: 413, headers: { 'retry-after': '5' }, body: {} };
    answer = (_, path) => (path.startsWith('/glance') ? over : undefined);
    await expect(find()).rejects.toMatchObject({ isThrottled: true });
  });
});

test('of two servers that were launched with one token at once the elder stays', async () => {
  const there = ['b', 'a'].map((id, index) => ({
    id,
    status: 'BUILD',
    created: new Date(index),
    metadata: { 'slipway.token': 't' },
  }));
  answer = (method, path) => {
    if (path.startsWith('/nova/v2.1/servers/detail'))
      return { status: 200, body: { servers: there } };
    return method === 'DELETE' ? { status: 204 } : undefined;
  };
  const launch = {
    ...place,
    token: 't',
    cloudImageId: 'i',
    instanceType: 'x',
    hostname: 'h',
    tags: {},
  };
  const launched = await demandCapability(connect(), 'servers').launch(launch, inTime());
  expect(launched).toMatchObject({ cloudServerId: 'b', state: 'pending', token: 't' });
  expect(asked.filter((one) => !one.startsWith('GET') && !one.includes('/v3/'))).toEqual([
    'DELETE /nova/v2.1/servers/a',
  ]);
});

test('a copy that Glance could not fetch is refused for good, and nothing is left of it', async () => {
  const times = { created_at: new Date(0), updated_at: new Date(0) };
  const left = { id: 't', status: 'queued', os_glance_importing_to_stores: 'file', ...times };
  answer = (method, path) => {
    if (!path.startsWith('/glance')) return undefined;
    return method === 'DELETE' ? { status: 204 } : { status: 200, body: left };
  };
  const copy = { ...place, token: 't', name: 'a copy', source: image };
  const asking = demandCapability(connect(), 'images').copy(copy, inTime());
  await expect(asking).rejects.toMatchObject({ willPass: false });
  expect(asked.at(-1)).toMatch(/^DELETE \/glance\/v2\/images\//);
});

test('an image that somebody else deletes at the same moment is absent, and another refusal stays one', async () => {
  const times = { created_at: new Date(0), updated_at: new Date(0) };
  const row = { id: 'i', status: 'active', ...times };
  const words = 'Image status transition from deleted to deleted is not allowed';
  let isThere = true;
  const images = demandCapability(connect(), 'images');
  answer = (method, path) => {
    if (path !== '/glance/v2/images/i') return undefined;
    if (method === 'GET') return isThere ? { status: 200, body: row } : { status: 404 };
    isThere = false;
    return { status: 400, body: { message: words } };
  };
  expect(await images.delete({ ...image, token: 't' }, inTime())).toBe('absent');
  answer = (method, path) => {
    if (path !== '/glance/v2/images/i') return undefined;
    return method === 'GET'
      ? { status: 200, body: row }
      : { status: 400, body: { message: 'In use' } };
  };
  await expect(images.delete({ ...image, token: 't' }, inTime())).rejects.toThrow('In use');
});
