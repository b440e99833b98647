import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';
import { makeCertificate } from '../testing/network/make-certificate.ts';
import { endOf, type ServerProcess, startServerProcess } from '../testing/server-process.ts';

// A server with a certificate of its own, in a process of its own, on a real port.

const database = withDatabase();
let folder: string;
let files: { TLS_CERT_FILE: string; TLS_KEY_FILE: string };
let server: ServerProcess | undefined;

type Pair = Awaited<ReturnType<typeof makeCertificate>>;
let [first, second]: Pair[] = [];

beforeAll(async () => {
  [first, second] = await Promise.all([makeCertificate(), makeCertificate()]);
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tls-test-'));
  files = { TLS_CERT_FILE: join(folder, 'cert.pem'), TLS_KEY_FILE: join(folder, 'key.pem') };
  await put(first);
});

afterEach(async () => {
  server?.child.kill('SIGTERM');
  if (server) await endOf(server);
  server = undefined;
  await rm(folder, { recursive: true });
});

/** As a program that renews certificates does: the file is there at once. */
async function put({ cert, key }: Partial<Pair> = {}): Promise<void> {
  const { TLS_CERT_FILE, TLS_KEY_FILE } = files;
  for (const [file, content] of [
    [TLS_CERT_FILE, cert],
    [TLS_KEY_FILE, key],
  ] as const) {
    if (content === undefined) continue;
    await writeFile(`${file}.new`, content);
    await rename(`${file}.new`, file);
  }
}

async function start(environment: Record<string, string> = {}, args: string[] = []) {
  server = await startServerProcess(database.url, {
    environment: { ...files, ...environment },
    args,
  });
  return server;
}

/** Asks as somebody who trusts this certificate and no other. */
async function ask(
  url: string,
  { ca, ...options }: { ca: string | undefined; method?: string; headers?: object },
  body = '',
) {
  const sent = request(url, { ...options, headers: { ...options.headers }, ca, agent: false });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** The serial number of the certificate that new connections get. */
async function served({ address }: ServerProcess): Promise<string | undefined> {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

const serialOf = (pair: Pair | undefined) => new X509Certificate(pair?.cert ?? '').serialNumber;

describe('with a certificate of its own', () => {
  test('people sign in over TLS, with cookies that go no other way', async () => {
    const tenant = await createTenant(database.db);
    const { address } = await start();
    expect(address).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const link = await createSignInLink(database.db, {
      email: tenant.viewer.email,
      baseUrl: address,
    });
    const token = new URL(link.url).hash.replace('#token=', '');
    const headers = { 'content-type': 'application/json', origin: address };
    const url = `${address}/api/v1beta0/self/session/`;
    const options = { method: 'POST', headers, ca: first?.cert };
    const answer = await ask(url, options, JSON.stringify({ token }));
    expect(answer.status, answer.body).toBe(201);
    expect(String(answer.headers['set-cookie'])).toMatch(/^__Host-slipway=\S+; .*Secure/);
    expect(answer.headers['strict-transport-security']).toContain('max-age');
  });

  test('a browser at localhost is not told to come by TLS for a year', async () => {
    const { address } = await start();
    const answer = await ask(address.replace('127.0.0.1', 'localhost'), { ca: first?.cert });
    expect(answer.status).toBe(200);
    expect(answer.headers).not.toHaveProperty('strict-transport-security');
  });

  test('metrics and probes on ports of their own have it too', async () => {
    const [METRICS_LISTEN, PROBES_LISTEN] = ['127.0.0.1:45071', '127.0.0.1:45072'];
    await start({ METRICS_LISTEN, PROBES_LISTEN });
    const ca = first?.cert;
    const metrics = await ask(`https://${METRICS_LISTEN}/metrics`, { ca });
    expect(metrics.body).toMatch(/^slipway_tls_certificate_end_timestamp_seconds \d{10}/m);
    const ready = await ask(`https://${PROBES_LISTEN}/readyz`, { ca });
    expect([ready.status, ready.body]).toEqual([200, 'ready\n']);
  });

  test('a program that we did not write is content with it', async ({ skip }) => {
    const run = promisify(execFile);
    const hasCurl = await run('curl', ['--version']).catch(() => undefined);
    if (!hasCurl) skip('There is no curl.');
    const { address } = await start();
    const { stdout } = await run('curl', [
      '-sS',
      '--cacert',
      files.TLS_CERT_FILE,
      `${address}/livez`,
    ]);
    expect(stdout).toBe('ok\n');
    const old = run('curl', ['-sS', '--cacert', files.TLS_CERT_FILE, '--tls-max', '1.1', address]);
    await expect(old).rejects.toThrow(/TLS|SSL|alert|protocol/i);
  });
});

describe('a new certificate', () => {
  test('is taken when the files change, while connections go on', async () => {
    const running = await start();
    expect(await served(running)).toBe(serialOf(first));
    const { port } = new URL(running.address);
    const open = connect({ host: '127.0.0.1', port: Number(port), ca: first?.cert });
    await once(open, 'secureConnect');
    await put(second);
    await expect.poll(() => served(running), { timeout: 30_000 }).toBe(serialOf(second));
    expect(running.output()).toContain('A new certificate is in use, until ');
    open.write('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(open)).toMatch(/^HTTP\/1.1 200 OK[^]*ok\n$/);
  });

  test('is taken at once on SIGHUP, which ends nothing', async () => {
    const running = await start();
    await put(second);
    running.child.kill('SIGHUP');
    await expect.poll(() => served(running), { timeout: 4_000 }).toBe(serialOf(second));
    expect(running.child.exitCode).toBeNull();
  });

  test.each([
    [
      'with the key of another',
      () => ({ cert: second?.cert }),
      'the key belongs to another certificate',
    ],
    ['that is none', () => ({ cert: 'Dear diary' }), 'they are not PEM that can be read'],
    ['whose key is none', () => ({ key: '' }), 'they are not PEM that can be read'],
  ] as const)('%s is not taken, and the log says so', async (_name, pair, reason) => {
    const running = await start();
    await put(pair());
    running.child.kill('SIGHUP');
    const said = `cannot be used: ${reason}`;
    await expect.poll(() => running.errors()).toContain(said);
    expect(running.errors()).toContain('The certificate from before stays in use.');
    expect(running.errors()).not.toContain('Dear diary');
    expect(await served(running)).toBe(serialOf(first));
    await put(second);
    running.child.kill('SIGHUP');
    await expect.poll(() => served(running)).toBe(serialOf(second));
  });

  test('that is gone leaves the one from before in use', async () => {
    const running = await start();
    await rm(files.TLS_KEY_FILE);
    running.child.kill('SIGHUP');
    await expect.poll(() => running.errors()).toContain('TLS_KEY_FILE cannot be read');
    expect(await served(running)).toBe(serialOf(first));
  });
});

describe('it does not start', () => {
  async function refused(environment: Record<string, string>, args: string[] = []) {
    const own = { DATABASE_URL: database.url, LOG_LEVEL: 'silent', ...environment };
    const { code, stdout, stderr } = await launch('start', ['--port', '0', ...args], own).ended;
    expect(code).toBe(2);
    expect(stderr.trim().split('\n'), 'no stack').toHaveLength(1);
    return stdout + stderr;
  }

  test('with a key that belongs to another certificate, or half of a pair', async () => {
    await put({ cert: second?.cert ?? '' });
    expect(await refused(files)).toContain('the key belongs to another certificate');
    const { TLS_CERT_FILE } = files;
    expect(await refused({ TLS_CERT_FILE })).toContain('set TLS_KEY_FILE as well');
    const gone = { ...files, TLS_KEY_FILE: join(folder, 'nowhere') };
    expect(await refused(gone)).toContain('TLS_KEY_FILE cannot be read');
  });

  test('without TLS off loopback, unless that is on purpose', async () => {
    const said = await refused({}, ['--host', '0.0.0.0']);
    expect(said).toContain('would listen on 0.0.0.0 without TLS');
    expect(said).toContain('ALLOW_PLAIN_HTTP=true');
  });
});

test('plain HTTP on purpose says so above every page, and in the log', async () => {
  const args = ['--host', '0.0.0.0'];
  server = await startServerProcess(database.url, {
    environment: { ALLOW_PLAIN_HTTP: 'true' },
    args,
  });
  expect(server.errors()).toContain('as ALLOW_PLAIN_HTTP says');
  for (const path of ['/', '/sign-in', '/account/1/images']) {
    const page = await (await fetch(server.address + path)).text();
    expect(page, path).toMatch(
      /<body>\s*<section [^>]*>\s*This Slipway is reached without encryption/,
    );
  }
});

test('a certificate that ends soon, or has ended, is said at the start', async () => {
  await put(await makeCertificate({ days: 5 }));
  expect((await start()).errors()).toMatch(/The certificate in \S+ expires in \d days/);
});

test('without a certificate, SIGHUP ends no service either', async () => {
  server = await startServerProcess(database.url);
  server.child.kill('SIGHUP');
  for (let asked = 0; asked < 5; asked++)
    expect((await fetch(`${server.address}/livez`)).status).toBe(200);
  expect(server.child.exitCode).toBeNull();
});
