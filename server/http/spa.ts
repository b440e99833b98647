import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { ApiError } from '#contract/errors.ts';

const yearSeconds = 31_536_000;

/** Serves the built page. Its assets carry their hash in their name and are kept for a year. */
export function addSpa(app: FastifyInstance, folder: string): void {
  // Not awaited: outside of a plugin that would wait for the start of the app, which waits for this.
  void app.register(fastifyStatic, {
    root: folder,
    index: false,
    wildcard: false,
    cacheControl: false,
    // The build leaves `x.js.br` beside `x.js`.
    preCompressed: true,
    setHeaders: (reply, path) => {
      const hashed = path.includes('/assets/');
      reply.header(
        'cache-control',
        hashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache',
      );
    },
  });
  const page = readFileSync(join(folder, 'index.html'));
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      (request.method === 'GET' || request.method === 'HEAD') &&
      !request.url.startsWith('/api/') &&
      !request.url.startsWith('/assets/');
    if (!isPage)
      throw new ApiError(
        'EndpointNotFound',
        `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
      );
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(page);
  });
}
