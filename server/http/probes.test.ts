import { describe, expect, test } from 'vitest';
import { buildTestApp } from '../testing/app.ts';
import { poolOf } from '../database/connection/connection.ts';
import { Health } from '../health.ts';
import { openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { buildAppApart } from './apart.ts';
import { createMetrics } from './metrics.ts';

const database = withDatabase();
const env = { allowedHosts: ['slipway.example.com'] };

function build(problem?: string) {
  const health = new Health({ check: async () => problem });
  const metrics = createMetrics({
    version: '1.2.3',
    pool: () => poolOf(database.db).counts(),
    loops: () => [{ name: 'a-loop', isLeader: true, ranAt: new Date(5_000) }],
  });
  return { health, app: buildTestApp(database.db, { env, health, metrics }) };
}

describe('the probes', () => {
  test('answer under every name and address, to anybody', async () => {
    const { app, health } = build();
    health.phase = 'serving';
    for (const host of ['10.1.2.3:4400', 'pod-7.internal', '[fd00::1]:4400']) {
      const live = await app.inject({ url: '/livez', headers: { host } });
      expect([live.statusCode, live.body]).toEqual([200, 'ok\n']);
      const ready = await app.inject({ url: '/readyz', headers: { host } });
      expect([ready.statusCode, ready.body]).toEqual([200, 'ready\n']);
      expect(ready.headers['cache-control']).toBe('no-store');
    }
  });

  test.each([
    ['starting', '503 starting'],
    ['migrating the database', '503 migrating the database'],
    ['stopping', '503 stopping'],
    ['serving', '503 the database does not answer'],
  ] as const)('say that it lives and why it is not ready: %s', async (phase, said) => {
    const { app, health } = build('the database does not answer');
    health.phase = phase;
    const ready = await app.inject('/readyz');
    expect(`${ready.statusCode} ${ready.body.trim()}`).toBe(said);
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });
});

test('before it is ready, everything but the probes is told to come back', async () => {
  const { app, health } = build();
  health.phase = 'migrating the database';
  const headers = { host: 'slipway.example.com' };
  for (const url of ['/', '/api/v1beta0/self/session/']) {
    const answer = await app.inject({ url, headers });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.body).toContain('Slipway is migrating the database.');
  }
});

test('on its way out it still answers, and keeps no connection', async () => {
  const { app, health } = build();
  health.phase = 'stopping';
  const headers = { host: 'slipway.example.com' };
  const answer = await app.inject({ url: '/api/v1beta0/self/session/', headers });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers.connection).toBe('close');
});

describe('the metrics', () => {
  async function metricsOf(host: string) {
    const { app, health } = build();
    health.phase = 'serving';
    const { accountAdmin, account } = await createTenant(database.db);
    const browser = await openBrowser(app, database.db, accountAdmin.email);
    const path = `/account/${account.accountId}/images/`;
    const own = { host: 'slipway.example.com' };
    await browser.send('GET', path, undefined, own);
    await browser.send('GET', `${path}00000000-0000-0000-0000-000000000000/`, undefined, own);
    await app.inject({ method: 'POST', url: '/nothing/here', headers: own });
    return {
      answer: await app.inject({ url: '/metrics', headers: { host } }),
      secrets: [accountAdmin.email, `account/${account.accountId}/`, '00000000-0000', 'nothing'],
    };
  }

  test('count requests by pattern and status, and tell of pool, loops and version', async () => {
    const { answer, secrets } = await metricsOf('10.1.2.3:4400');
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toContain('text/plain; version=0.0.4');
    const count = 'slipway_http_request_duration_seconds_count{method="GET",route=';
    const images = '"/api/v1beta0/account/:accountId/images';
    for (const line of [
      `${count}${images}/",status="200"} 1`,
      `${count}${images}/:imageId/",status="404"} 1`,
      `${count.replace('GET', 'any')}"other",status="404"} 1`,
      'slipway_database_connections{state="max"} 16',
      'slipway_database_connections{state="waiting"} 0',
      'slipway_loop_leader{loop="a-loop"} 1',
      'slipway_loop_last_run_timestamp_seconds{loop="a-loop"} 5',
      `slipway_build_info{version="1.2.3",node="${process.version}"} 1`,
    ])
      expect(answer.body).toContain(line);
    expect(answer.body).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    expect(answer.body).toMatch(/^process_resident_memory_bytes \d/m);
    for (const secret of secrets) expect(answer.body).not.toContain(secret);
  });

  test.each([
    ['slipway.example.com', 200],
    ['[::1]:4400', 200],
    ['rebound.example.net', 400],
  ])('are read under the address or a name of Slipway alone: %s', async (host, status) => {
    expect((await metricsOf(host)).answer.statusCode).toBe(status);
  });

  test('grow no further, whatever strangers ask for', async () => {
    const { app, health } = build();
    health.phase = 'serving';
    const ask = async (text: string) => {
      const headers = { host: 'slipway.example.com' };
      const paths = ['/', '/api/', '/api/v1beta0/', '/api/docs/', '/assets/'];
      for (const path of paths) await app.inject({ url: path + text, headers });
      await app.inject({ url: `/api/v1beta0/global/images/%zz${text}`, headers });
      await app.inject({ url: `/api/v1beta0/global/images/?query=${text}`, headers });
      await app.inject({ method: 'PROPFIND' as 'GET', url: `/${text}`, headers });
    };
    const seriesOf = async () => {
      const { body } = await app.inject({ url: '/metrics', headers: { host: '[::1]' } });
      expect(body).not.toContain('stranger');
      return body.split('\n').filter((line) => line.startsWith('slipway_http')).length;
    };
    await ask('stranger');
    // Asking for them is measured too.
    await seriesOf();
    const before = await seriesOf();
    for (let n = 0; n < 20; n++) await ask(`stranger-${n}`);
    expect(await seriesOf()).toBe(before);
  });

  test('have an address of their own where that is wanted, and are nowhere else then', async () => {
    const metricsListen = { host: '127.0.0.1', port: 9_100 };
    const metrics = createMetrics({
      version: '1.2.3',
      pool: () => poolOf(database.db).counts(),
      loops: () => [],
    });
    const app = buildTestApp(database.db, { env: { metricsListen }, metrics });
    const url = '/metrics';
    expect((await app.inject({ url, headers: { host: '[::1]' } })).body).not.toContain('slipway_');
    const own = buildAppApart({ metrics }, { ...env, trustProxy: false });
    expect((await own.inject({ url, headers: { host: '[::1]' } })).body).toContain('slipway_build');
    expect((await own.inject({ url, headers: { host: 'evil.example' } })).statusCode).toBe(400);
  });

  test('are for those alone who show the token, where there is one', async () => {
    const metrics = createMetrics({
      version: '1.2.3',
      pool: () => poolOf(database.db).counts(),
      loops: () => [],
    });
    const metricsToken = 'sixteen-characters-or-more';
    const app = buildTestApp(database.db, { env: { ...env, metricsToken }, metrics });
    const apart = buildAppApart({ metrics }, { ...env, trustProxy: false, metricsToken });
    const cases = [
      [undefined, 401],
      ['Bearer', 401],
      ['Bearer sixteen-characters-or-mor', 401],
      ['Bearer sixteen-characters-or-more-', 401],
      [`Basic ${metricsToken}`, 401],
      [`Bearer ${metricsToken}`, 200],
      [`bearer  ${metricsToken}`, 200],
    ] as const;
    for (const [authorization, status] of cases)
      for (const one of [app, apart]) {
        const headers = { host: '[::1]', ...(authorization !== undefined && { authorization }) };
        const answer = await one.inject({ url: '/metrics', headers });
        expect(answer.statusCode, authorization).toBe(status);
        expect(answer.body.includes('slipway_build_info')).toBe(status === 200);
        if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer');
      }
  });
});

test('the probes have an address of their own where that is wanted, and are nowhere else then', async () => {
  const { health } = build('the database does not answer');
  health.phase = 'serving';
  const probesListen = { host: '127.0.0.1', port: 9_101 };
  const app = buildTestApp(database.db, { env: { ...env, probesListen }, health });
  const headers = { host: 'slipway.example.com' };
  for (const url of ['/livez', '/readyz']) {
    const { body } = await app.inject({ url, headers });
    expect(body).not.toMatch(/^ok|does not answer/);
    expect((await app.inject({ url, headers: { host: 'pod-7.internal' } })).statusCode).toBe(400);
  }
  const apart = buildAppApart({ health }, { ...env, trustProxy: false });
  const ready = await apart.inject({ url: '/readyz', headers: { host: 'pod-7.internal' } });
  expect([ready.statusCode, ready.body]).toEqual([503, 'the database does not answer\n']);
  expect((await apart.inject({ url: '/livez' })).body).toBe('ok\n');
  expect((await apart.inject({ url: '/metrics', headers: { host: '[::1]' } })).statusCode).toBe(
    404,
  );
});
