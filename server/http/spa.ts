import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { type CookieSettings, isOverTls, readSessionCookie } from './cookies.ts';
import { firstRequests } from './first-requests.ts';

const yearSeconds = 31_536_000;
const policyHeader = 'content-security-policy';

/**
 * Lets the scripts run that stand in the page itself, by what they say: they paint its frame before any
 * file has come. A new build beside a running server has others.
 */
function allowScriptsOf(page: string, reply: FastifyReply): void {
  const hashes = [...page.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const policy = String(reply.getHeader(policyHeader) ?? '');
  reply.header(
    policyHeader,
    policy.replace(/script-src [^;]*/, `$& ${hashes.join(' ')}`.trimEnd()),
  );
}

function keepForGood(reply: FastifyReply): void {
  reply.header('cache-control', `public, max-age=${yearSeconds}, immutable`);
  reply.removeHeader('x-request-id');
}

/** Stands above every page while people send what others can read: without a script, and whatever becomes of those. */
const warning = `<section aria-label="No encryption" class="plain-http" style="padding:.375rem 1rem;background:#8f1d1d;color:#fff;font-size:.875rem">
  This Slipway is reached without encryption: what you send, passwords and sessions too, can be read on the way.
</section>`;

interface PageSettings extends CookieSettings {
  /** People come without TLS over a network. */
  isReadable?: boolean;
}

/** Serves the built page. Its assets carry their hash in their name and are kept for a year. */
export function addSpa(app: FastifyInstance, folder: string, settings: PageSettings): void {
  const { basePath, isReadable = false } = settings;
  // Not awaited: outside of a plugin that would wait for the start of the app, which waits for this.
  void app.register(fastifyStatic, {
    // Looked up at each request: a new build beside a running server brings new assets.
    root: join(folder, 'assets'),
    prefix: '/assets/',
    index: false,
    cacheControl: false,
    // The build leaves `x.js.br` beside `x.js`.
    preCompressed: true,
    setHeaders: keepForGood,
  });
  void app.register(fastifyStatic, {
    root: folder,
    wildcard: false,
    globIgnore: ['assets/**', 'index.html*'],
    index: false,
    cacheControl: false,
    preCompressed: true,
    decorateReply: false,
    setHeaders: (reply) => {
      reply.header('cache-control', 'no-cache');
    },
  });
  app.setNotFoundHandler(async (request, reply) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/');
    if (!isPage)
      throw new ApiError(
        'EndpointNotFound',
        `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
      );
    // Read each time: a new build beside a running server takes the old assets away.
    const built = toPage(await readFile(join(folder, 'index.html'), 'utf8'), basePath);
    const isWarned = isReadable && !isOverTls(request, settings);
    const page = isWarned ? built.replace(/<body[^>]*>/, `$&${warning}`) : built;
    allowScriptsOf(page, reply);
    // Whoever is not signed in would only be refused.
    const ahead =
      readSessionCookie(request, settings) === undefined ? [] : firstRequests(request.url);
    if (ahead.length > 0)
      reply.header(
        'link',
        ahead.map((path) => `<${basePath}${path}>; rel=preload; as=fetch; crossorigin`).join(', '),
      );
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  });
}

/** The build names its files relatively; the page, which has many addresses, needs whole paths. */
function toPage(built: string, basePath: string): string {
  return built
    .replaceAll('="./', `="${basePath}/`)
    .replace('name="slipway-base" content=""', `name="slipway-base" content="${basePath}"`);
}
