import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { emitOpenApi } from '#contract/specification/openapi.ts';
import type { AddressLimit } from './address-limit.ts';
import { Document } from './document.ts';

const levels = ['user', 'account', 'global'] as const;
const viewer = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/**
 * What the API is, for programs and people, without a signature: `/api/<level>.v1beta0.yml` for
 * `scalr-ctl`, `/api/openapi.json` for everything else, and `/api/docs` to read it.
 */
export function addSpecifications(
  app: FastifyInstance,
  { basePath, documents }: { basePath: string; documents: AddressLimit },
): void {
  for (const [path, document] of Object.entries(documentsBelow(basePath)))
    app.get(`/api/${path}`, { compress: false }, async (request, reply) => {
      documents.take(request.ip);
      return document.send(request, reply);
    });
}

/** By path below `/api/`. */
function documentsBelow(basePath: string): Record<string, Document> {
  const swagger = levels.map((level) => {
    const name = `${level}.v1beta0.yml`;
    const file = fileURLToPath(new URL(`../../contract/swagger/${name}`, import.meta.url));
    const make = async () =>
      (await readFile(file, 'utf8')).replace(/^basePath: "/m, `$&${basePath}`);
    return [name, new Document('text/plain', make)] as const;
  });
  const servers = basePath === '' ? {} : { servers: [{ url: basePath }] };
  const ofViewer = (name: string) => () => readFile(join(viewer, name), 'utf8');
  const javascript = 'text/javascript';
  return {
    ...Object.fromEntries(swagger),
    'openapi.json': new Document('application/json', () =>
      JSON.stringify({ ...emitOpenApi(), ...servers }),
    ),
    docs: new Document('text/html', () => page(basePath)),
    'docs/start.js': new Document(javascript, () => script(basePath)),
    'docs/swagger-ui-bundle.js': new Document(javascript, ofViewer('swagger-ui-bundle.js')),
    'docs/swagger-ui.css': new Document('text/css', ofViewer('swagger-ui.css')),
  };
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
