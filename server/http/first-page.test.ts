import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyCookie from '@fastify/cookie';
import Fastify, { type FastifyInstance } from 'fastify';
import { build, type Manifest } from 'vite';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { addSpa } from './spa.ts';

const projectFolder = fileURLToPath(new URL('../..', import.meta.url));
/** What a first visit may load of JavaScript and CSS, compressed. */
const budgetBytes = 200_000;
/** What everybody fetches ahead once the page rests: `fetchWhenIdle` in src/util/lazy-part.ts. */
const fetchedAhead = [
  'src/pages/images/ImagePage.tsx',
  'src/components/actions/ActionMenuItems.tsx',
];
const aheadBytes = 60_000;

let folder: string;
let app: FastifyInstance;
let manifest: Manifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-first-page-'));
  process.env.NODE_ENV = 'production';
  await build({
    root: projectFolder,
    logLevel: 'error',
    build: { outDir: folder, emptyOutDir: true, manifest: true },
  });
  process.env.NODE_ENV = 'test';
  manifest = JSON.parse(await readFile(join(folder, '.vite/manifest.json'), 'utf8')) as Manifest;
  app = Fastify();
  void app.register(fastifyCookie);
  addSpa(app, folder, { secureCookies: false, basePath: '', trustProxy: false });
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

/** A module of the page with all that it cannot run without: scripts and their styles. */
function neededBy(...modules: string[]): Set<string> {
  const needed = new Set<string>();
  for (const module of modules) {
    const chunk = manifest[module];
    if (chunk === undefined) throw new Error(`The build has no ${module}.`);
    if (needed.has(chunk.file)) continue;
    const below = neededBy(...(chunk.imports ?? []));
    for (const file of [chunk.file, ...(chunk.css ?? []), ...below]) needed.add(file);
  }
  return needed;
}

/** The first page's script with what it needs, and the one file of styles. */
const neededFirst = () => neededBy('index.html', 'style.css');

/** How many bytes the server sends for a file to a browser that takes this encoding. */
async function sentBytes(file: string, encoding: string): Promise<number> {
  const answer = await app.inject({ url: `/${file}`, headers: { 'accept-encoding': encoding } });
  expect(answer.statusCode, file).toBe(200);
  expect(answer.headers['content-encoding'], file).toBe(encoding);
  expect(answer.headers['cache-control'], file).toContain('immutable');
  return answer.rawPayload.length;
}

describe('the first visit to the list of images', () => {
  it.each(['br', 'gzip'])('loads under 200 kB of scripts and styles as %s', async (encoding) => {
    const files = neededFirst();
    expect(files.size).toBeLessThan(8);
    const sizes = await Promise.all([...files].map((file) => sentBytes(file, encoding)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThan(budgetBytes);
  });

  it.each(['br', 'gzip'])('is followed by under 60 kB fetched ahead as %s', async (encoding) => {
    const first = neededFirst();
    const files = [...neededBy(...fetchedAhead)].filter((file) => !first.has(file));
    expect(files.length).toBeGreaterThan(1);
    const sizes = await Promise.all(files.map((file) => sentBytes(file, encoding)));
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(aheadBytes);
  });

  it('loads nothing before it that is not needed', async () => {
    const page = await app.inject('/accounts/1/images');
    const linked = [...page.body.matchAll(/(?:href|src)="\/(assets\/[^"]+\.(?:js|css))"/g)].map(
      ([, at]) => at,
    );
    expect(linked.length).toBeGreaterThan(0);
    const needed = neededFirst();
    for (const file of linked) expect(needed).toContain(file);
  });

  it('paints its frame out of the page itself, and names an icon that is kept', async () => {
    const { body } = await app.inject('/accounts/1/images');
    const beforeFrame = body.slice(0, body.indexOf('class="frame-main"'));
    expect(beforeFrame).toContain('--sw-surface: #fff');
    // What has to come first would hold the painting up.
    expect(beforeFrame).not.toMatch(/rel="stylesheet"|<script src/);
    const [, icon = ''] = /rel="icon" href="\/(assets\/[^"]+\.svg)"/.exec(body) ?? [];
    const answer = await app.inject(`/${icon}`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['cache-control']).toContain('immutable');
  });
});

test('no script needs one that needs it, so that whichever page comes first can run', () => {
  const importsOf = (name: string) => manifest[name]?.imports ?? [];
  /** Names that are left once those that need nothing else are taken away, again and again. */
  let left = Object.keys(manifest);
  expect(left.length).toBeGreaterThan(50);
  for (let before = Infinity; left.length < before;) {
    before = left.length;
    const there = new Set(left);
    left = left.filter((name) => importsOf(name).some((needed) => there.has(needed)));
  }
  expect(left).toEqual([]);
});
