import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { emitOpenApi } from '#contract/specification/openapi.ts';

const levels = ['user', 'account', 'global'] as const;
const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/**
 * What the API is, for programs and people, without a signature: `/api/<level>.v1beta0.yml` for
 * `scalr-ctl`, `/api/openapi.json` for everything else, and `/api/docs` to read it.
 */
export function addSpecifications(app: FastifyInstance, basePath: string): void {
  for (const level of levels) {
    const name = `${level}.v1beta0.yml`;
    const file = fileURLToPath(new URL(`../../contract/swagger/${name}`, import.meta.url));
    const text = readFileSync(file, 'utf8').replace(/^basePath: "/m, `$&${basePath}`);
    app.get(`/api/${name}`, (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(text),
    );
  }
  // Made when somebody asks for it first, which is rarely.
  let openApi: string | undefined;
  app.get('/api/openapi.json', (_request, reply) => {
    openApi ??= JSON.stringify({
      ...emitOpenApi(),
      servers: [{ url: basePath === '' ? '/' : basePath }],
    });
    return reply.type('application/json; charset=utf-8').send(openApi);
  });
  app.get('/api/docs', (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page(basePath)),
  );
  app.get('/api/docs/start.js', (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(script(basePath)),
  );
  void app.register(fastifyStatic, {
    root: viewer,
    prefix: '/api/docs/',
    decorateReply: false,
    index: false,
    allowedPath: (path) => ['/swagger-ui.css', '/swagger-ui-bundle.js'].includes(path),
  });
}

const page = (base: string) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Slipway API</title>
    <link rel="icon" href="${base}/favicon.svg" />
    <link rel="stylesheet" href="${base}/api/docs/swagger-ui.css" />
  </head>
  <body>
    <main id="api"></main>
    <script src="${base}/api/docs/swagger-ui-bundle.js"></script>
    <script src="${base}/api/docs/start.js"></script>
  </body>
</html>
`;

const script = (base: string) => `SwaggerUIBundle({
  url: '${base}/api/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
});
`;
