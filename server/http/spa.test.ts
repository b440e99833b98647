import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendError } from './errors.ts';
import { securityHeaders } from './security-headers.ts';
import { addSpa } from './spa.ts';

const settings = { secureCookies: false, basePath: '', trustProxy: false } as const;
let folder: string;
let app: FastifyInstance;

/** A build as Vite leaves it: a page that names its assets, which carry a hash. */
async function build(hash: string): Promise<void> {
  await rm(join(folder, 'assets'), { recursive: true, force: true });
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', `index-${hash}.js`), `// ${hash}`);
  await writeFile(join(folder, 'robots.txt'), 'none');
  const base = '<meta name="slipway-base" content="" />';
  await writeFile(
    join(folder, 'index.html'),
    `${base}<script>paint('${hash}')</script><script src="./assets/index-${hash}.js"></script>`,
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-spa-'));
  await build('one');
  app = Fastify();
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(request, settings));
  });
  void app.register(fastifyCookie);
  addSpa(app, folder, settings);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

describe('the built page', () => {
  it('has what its first page asks for fetched ahead, for whoever is signed in', async () => {
    const linkOf = async (url: string, cookie?: string) =>
      (await app.inject({ url, headers: cookie === undefined ? {} : { cookie } })).headers.link;
    const cookie = 'slipway=token';
    expect(await linkOf('/environments/7/images', cookie)).toContain('/user/7/image-sets/?');
    expect(await linkOf('/accounts/7/images', cookie)).toContain('/account/7/scope/?');
    expect(await linkOf('/corporate/images', cookie)).toContain('/global/image-sets/?');
    expect(await linkOf('/corporate/images')).toBeUndefined();
    expect(await linkOf('/corporate/images?query=x', cookie)).toBeUndefined();
    expect(await linkOf('/corporate/roles', cookie)).toBeUndefined();
  });

  it('names whole paths, below the one that people see', async () => {
    const below = Fastify();
    void below.register(fastifyCookie);
    addSpa(below, folder, { secureCookies: false, basePath: '/slipway', trustProxy: false });
    const headers = { cookie: 'slipway=token' };
    const page = await below.inject({ url: '/accounts/7/images', headers });
    expect(page.body).toContain('src="/slipway/assets/index-one.js"');
    expect(page.body).toContain('<meta name="slipway-base" content="/slipway" />');
    expect(page.headers.link).toContain('</slipway/api/v1beta0/account/7/scope/?');
    await below.close();
  });

  it('answers every address of a page, and keeps only hashed assets', async () => {
    for (const url of ['/', '/corporate/images?query=x', '/accounts/1/roles/2']) {
      const page = await app.inject(url);
      expect(page.statusCode).toBe(200);
      expect(page.body).toContain('/assets/index-one.js');
      expect(page.headers['cache-control']).toBe('no-cache');
    }
    const plain = await app.inject('/robots.txt');
    expect(plain.body).toBe('none');
    expect(plain.headers['cache-control']).toBe('no-cache');
    const asset = await app.inject('/assets/index-one.js');
    expect(asset.body).toBe('// one');
    expect(asset.headers['cache-control']).toContain('immutable');
  });

  it.each([
    ['an asset that is not there', 'GET', '/assets/index-none.js'],
    ['an unknown path of the API', 'GET', '/api/v1beta0/nothing/'],
    ['a change of a page', 'POST', '/corporate/images'],
  ] as const)('does not stand in for %s', async (_name, method, url) => {
    const answer = await app.inject({ method, url });
    expect(answer.statusCode).toBeGreaterThanOrEqual(400);
    expect(answer.body).not.toContain('<script');
  });

  it('may run the scripts that stand in it, and no others', async () => {
    const hashOf = (script: string) => createHash('sha256').update(script).digest('base64');
    const { headers } = await app.inject('/corporate/images');
    const [sources] = /script-src [^;]*/.exec(String(headers['content-security-policy'])) ?? [];
    expect(sources).toBe(`script-src 'self' 'sha256-${hashOf("paint('one')")}'`);
  });

  it('sends its assets without the headers that only protect pages', async () => {
    const { headers } = await app.inject('/assets/index-one.js');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBeUndefined();
    const bytes = Object.entries(headers).reduce(
      (sum, [name, value]) => sum + `${name}: ${String(value)}\r\n`.length,
      0,
    );
    expect(bytes).toBeLessThan(500);
  });

  it('follows a new build without a restart', async () => {
    await build('two');
    expect((await app.inject('/')).body).toContain('/assets/index-two.js');
    expect((await app.inject('/assets/index-two.js')).body).toBe('// two');
    expect((await app.inject('/assets/index-one.js')).statusCode).toBe(404);
  });
});
