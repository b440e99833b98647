import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyCompress from '@fastify/compress';
import fastifyCookie from '@fastify/cookie';
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyHttpOptions,
} from 'fastify';
import type { Registry } from 'prom-client';
import { ApiError } from '#contract/errors.ts';
import type { Channels, Clouds, PasskeySite, Replica, SignInWays } from './perform.ts';
import { Provider } from './auth/provider.ts';
import type { SecretBox } from './auth/secret-box.ts';
import type { Db } from './database/connection/connection.ts';
import type { Env } from './env.ts';
import { alwaysServing, type Health } from './health.ts';
import { renewPath } from './http/address.ts';
import { Admission } from './http/admission.ts';
import { Exports } from './http/exports.ts';
import { belowBase } from './http/base-path.ts';
import { notJson, sendClientError, sendError } from './http/errors.ts';
import { addEvents } from './http/events.ts';
import { checkBase, checkHost, checkUrl, isWithoutBody } from './http/guards.ts';
import { logSettings } from './http/log.ts';
import { measureRequests, serveMetrics } from './http/metrics.ts';
import { addProviderRoutes } from './http/provider-routes.ts';
import { addProbes, checkPhase, isProbe, isUnderAddress } from './http/probes.ts';
import { addRoutes } from './http/routes.ts';
import { limitStrangers } from './http/strangers.ts';
import { securityHeaders } from './http/security-headers.ts';
import { addSpecifications } from './http/specifications.ts';
import { addSpa } from './http/spa.ts';
import { Live, type LiveOptions } from './live/live.ts';
import { providerEntrance } from './provider-entrance.ts';

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
  /** Its connections are for exports alone; the others' by default. */
  exportsDb?: Db;
  env: Pick<
    Env,
    | 'addressLimitPerMinute'
    | 'allowedHosts'
    | 'basePath'
    | 'databaseConnections'
    | 'isReadable'
    | 'logLevel'
    | 'metricsListen'
    | 'metricsToken'
    | 'passkeys'
    | 'passwords'
    | 'probesListen'
    | 'provider'
    | 'publicUrl'
    | 'rateLimitPerMinute'
    | 'secureCookies'
    | 'sessions'
    | 'trustProxy'
  >;
  /** Without it no signature can be checked: no key for secrets was given. */
  secrets?: SecretBox | undefined;
  /** How owners of farms can be written to; not at all without it. */
  channels?: Channels | undefined;
  /** What there is to know of clouds. */
  clouds?: Clouds | undefined;
  health?: Health;
  /** Takes the measurements of requests; `/metrics` exists only with it, and is elsewhere with `metricsListen`. */
  metrics?: Registry;
  /** Where what feeds no write may be read; with `db` where there is none. */
  replica?: Replica | undefined;
  /** How pages are told what changes. */
  live?: LiveOptions;
  /** The own certificate and its key, as PEM; plain HTTP without. */
  tls?: { cert: string; key: string } | undefined;
}

/** The whole server but for the process around it: tests build it without listening. */
export function buildApp(options: AppOptions): FastifyInstance {
  const { env, health = alwaysServing(), metrics, tls } = options;
  const app = Fastify(serverOptions(env, tls));
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    addHeaders(request, reply, env);
    // A body of zero bytes has no type, whatever is said of it: clients in Ruby call it a form.
    if (isWithoutBody(request.headers)) delete request.headers['content-type'];
    if (isProbe(request.url) && !env.probesListen) return;
    if (request.url !== '/metrics' || !isUnderAddress(request)) checkHost(request, env);
    checkUrl(request.url);
    if (request.url === '/metrics') return;
    checkBase(request, env.basePath);
    checkPhase(health, reply);
  });
  takeBodies(app);
  void app.register(fastifyCompress, { global: true, encodings: ['gzip'] });
  void app.register(fastifyCookie);
  if (metrics) measureRequests(app, metrics);
  if (metrics && !env.metricsListen) serveMetrics(app, metrics, env);
  if (!env.probesListen) addProbes(app, health);
  addApi(app, options);
  addPages(app, env);
  return app;
}

/** What programs and pages ask for. */
function addApi(app: FastifyInstance, options: AppOptions): void {
  const { db, exportsDb = db, env, secrets, channels, live: liveOptions } = options;
  const { clouds, replica } = options;
  const limits = limitStrangers(env.addressLimitPerMinute);
  void app.register(async (routes) => addSpecifications(routes, { ...env, ...limits }));
  const provider = env.provider && new Provider(env.provider);
  const settings = {
    ...env,
    db,
    replica,
    secrets,
    channels,
    clouds,
    limits,
    admission: new Admission(db, env.databaseConnections),
    exports: new Exports(exportsDb),
    ways: (site: PasskeySite | undefined) => waysOf(env, channels, provider, site),
  };
  void app.register(async (routes) => addRoutes(routes, settings));
  const entrance = providerEntrance(db, env.provider, secrets);
  void app.register(async (routes) =>
    addProviderRoutes(routes, { ...env, db, secrets, limits, provider, entrance }),
  );
  const live = new Live(db, { ...env.sessions, ...liveOptions });
  void app.register(async (routes) => addEvents(routes, { db, live, ...env }));
}

/** The built page, or a word on how to build it. */
function addPages(app: FastifyInstance, env: AppOptions['env']): void {
  if (existsSync(join(distFolder, 'index.html'))) addSpa(app, distFolder, env);
  else
    app.setNotFoundHandler((request) => {
      throw new ApiError(
        'EndpointNotFound',
        `There is nothing at ${request.url.split('?')[0]}. The page has not been built: run npm run build.`,
      );
    });
}

/** Which ways there are to sign in, as the sign-in page offers them. */
function waysOf(
  { passwords, passkeys }: AppOptions['env'],
  channels: Channels | undefined,
  provider: Provider | undefined,
  site: PasskeySite | undefined,
): SignInWays {
  return {
    password: passwords,
    passkey: passkeys !== 'off' && site !== undefined,
    passkeyDemanded: passkeys === 'demanded',
    mail: channels?.mail ?? false,
    provider: provider ? { label: provider.settings.label, signsOut: provider.signsOut } : null,
  };
}

/** What every answer carries, also one that Fastify gives before any hook runs. */
function addHeaders(request: FastifyRequest, reply: FastifyReply, env: AppOptions['env']): void {
  reply.headers({ 'x-request-id': request.id, ...securityHeaders(request, env) });
  if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
}

/** Bodies are only taken in here: who sends one is checked before anything is made of it (http/routes.ts). */
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

function serverOptions(env: AppOptions['env'], tls: AppOptions['tls']) {
  const http = {
    headersTimeout: headersTimeoutMs,
    connectionsCheckingInterval: 2_000,
    // Node would answer without a word; checkHost refuses it with a sentence.
    requireHostHeader: false,
  };
  return {
    logger: logSettings(env.logLevel),
    genReqId: () => randomUUID(),
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    connectionTimeout: requestTimeoutMs,
    // A server with TLS is used as one without.
    ...((tls ? { https: { ...http, ...tls } } : { http }) as { http: typeof http }),
    trustProxy: env.trustProxy,
    rewriteUrl: ({ url = '/' }) => renewPath(belowBase(url, env.basePath) ?? url),
    routerOptions: {
      ignoreTrailingSlash: true,
      maxParamLength: 300,
      // The query is parsed by http/input.ts, which refuses what stands twice.
      querystringParser: () => ({}),
    },
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      addHeaders(request, reply, env);
      sendError(error, request, reply);
    },
    clientErrorHandler: sendClientError,
    return503OnClosing: true,
  } satisfies FastifyHttpOptions<Server>;
}
