import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import fastifyHelmet from '@fastify/helmet';
import Fastify, {
  type FastifyInstance,
  type FastifyRequest,
  type FastifyHttpOptions,
} from 'fastify';
import type { Registry } from 'prom-client';
import { ApiError } from '#contract/errors.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import type { Env } from './env.ts';
import { alwaysServing, type Health } from './health.ts';
import { renewPath } from './http/address.ts';
import { notJson, sendClientError, sendError } from './http/errors.ts';
import { checkHost, checkUrl, isWithoutBody } from './http/guards.ts';
import { addMetrics } from './http/metrics.ts';
import { addProbes, checkPhase, isProbe, isUnderAddress } from './http/probes.ts';
import { addRoutes } from './http/routes.ts';
import { addSpecifications } from './http/specifications.ts';
import { addSpa } from './http/spa.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The bytes of the body as sent, which signatures are over. */
    rawBody: Buffer | undefined;
  }
}

const bodyLimitBytes = 1_048_576;
const requestTimeoutMs = 30_000;
const headersTimeoutMs = 10_000;
const distFolder = fileURLToPath(new URL('../dist/', import.meta.url));

export interface AppOptions {
  db: Db;
  env: Pick<
    Env,
    'allowedHosts' | 'secureCookies' | 'trustProxy' | 'logLevel' | 'rateLimitPerMinute'
  >;
  /** Without it no signature can be checked: no key for secrets was given. */
  secrets?: SecretBox | undefined;
  health?: Health;
  /** Takes the measurements of requests; `/metrics` exists only with it. */
  metrics?: Registry;
}

/** The whole server but for the process around it: tests build it without listening. */
export function buildApp({
  db,
  env,
  secrets,
  health = alwaysServing(),
  metrics,
}: AppOptions): FastifyInstance {
  const app = Fastify(serverOptions(env));
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // A body of zero bytes has no type, whatever is said of it: clients in Ruby call it a form.
    if (isWithoutBody(request.headers)) delete request.headers['content-type'];
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (isProbe(request.url)) return;
    if (request.url !== '/metrics' || !isUnderAddress(request))
      checkHost(request, env.allowedHosts);
    checkUrl(request.url);
    if (request.url !== '/metrics') checkPhase(health, reply);
  });
  takeBodies(app);
  void app.register(fastifyHelmet, {
    contentSecurityPolicy: { directives: securityPolicy },
    hsts: env.secureCookies,
  });
  void app.register(fastifyCompress, { global: true, encodings: ['gzip'] });
  void app.register(fastifyCookie);
  if (metrics) addMetrics(app, metrics);
  addProbes(app, health);
  void app.register(async (routes) => addSpecifications(routes));
  void app.register(async (routes) => addRoutes(routes, { db, secrets, ...env }));
  if (existsSync(join(distFolder, 'index.html'))) addSpa(app, distFolder, env);
  else
    app.setNotFoundHandler((request) => {
      throw new ApiError(
        'EndpointNotFound',
        `There is nothing at ${request.url.split('?')[0]}. The page has not been built: run npm run build.`,
      );
    });
  return app;
}

/** Takes bodies in as they are; what they mean is read once it is known who sends them (http/routes.ts). */
function takeBodies(app: FastifyInstance): void {
  // Programs send and sign a body with every request, GET and DELETE too.
  for (const method of ['GET', 'HEAD'])
    app.addHttpMethod(method, { hasBody: true, overrideExisting: true });
  app.decorateRequest('rawBody', undefined);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      request.rawBody = body;
    },
  );
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: FastifyRequest, body: Buffer) => {
    if (body.length > 0) throw notJson();
  });
}

function serverOptions(env: AppOptions['env']) {
  return {
    logger: { level: env.logLevel, redact: ['req.headers.cookie', 'req.headers.authorization'] },
    genReqId: () => randomUUID(),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: requestTimeoutMs,
    http: { headersTimeout: headersTimeoutMs, connectionsCheckingInterval: 2_000 },
    trustProxy: env.trustProxy,
    rewriteUrl: ({ url = '/' }) => renewPath(url),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 300,
      // The query is parsed by http/input.ts, which refuses what stands twice.
      querystringParser: () => ({}),
    },
    frameworkErrors: sendError,
    clientErrorHandler: sendClientError,
    return503OnClosing: true,
  } satisfies FastifyHttpOptions<Server>;
}

/** Scripts from here alone. Styles may be inline, since components position what floats that way. */
const securityPolicy = {
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  frameAncestors: ["'none'"],
  formAction: ["'self'"],
  upgradeInsecureRequests: null,
};
