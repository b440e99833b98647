import Fastify, { type FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { sendError } from './errors.ts';
import { checkHost } from './guards.ts';
import { isUnderAddress } from './probes.ts';
import { headersOfData } from './security-headers.ts';

/** What is measured beyond requests; each is asked when somebody looks. */
export interface Measured {
  version: string;
  /** How many connections of the pool are in which state. */
  pool(): Readonly<Record<'max' | 'open' | 'idle' | 'waiting', number>>;
  /** Of the data folder's disk; undefined where there is none, or it does not tell. */
  freeBytes?(): number | undefined;
  loops(): { name: string; isLeader: boolean; ranAt: Date | undefined }[];
}

/** Metrics in the words of Prometheus, on this process alone. Labels hold no name, id or address. */
export function createMetrics(measured: Measured): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'slipway_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: measured.version, node: process.version }, 1);
  new Gauge({
    name: 'slipway_database_connections',
    help: 'Connections of the pool, and requests that wait for one.',
    labelNames: ['state'],
    registers,
    collect() {
      for (const [state, count] of Object.entries(measured.pool())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'slipway_data_folder_free_bytes',
    help: 'Free space where the embedded database is.',
    registers,
    collect() {
      const free = measured.freeBytes?.();
      if (free !== undefined) this.set(free);
    },
  });
  new Gauge({
    name: 'slipway_loop_leader',
    help: '1 where this process is the one that runs the loop.',
    labelNames: ['loop'],
    registers,
    collect() {
      for (const { name, isLeader } of measured.loops()) this.set({ loop: name }, Number(isLeader));
    },
  });
  new Gauge({
    name: 'slipway_loop_last_run_timestamp_seconds',
    help: 'When the loop last looked for work in this process.',
    labelNames: ['loop'],
    registers,
    collect() {
      for (const { name, ranAt } of measured.loops())
        if (ranAt) this.set({ loop: name }, ranAt.getTime() / 1000);
    },
  });
  return registry;
}

/** Measures every request. */
export function measureRequests(app: FastifyInstance, registry: Registry): void {
  const durations = new Histogram({
    name: 'slipway_http_request_duration_seconds',
    help: 'From the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const served = new Set<string>();
  app.addHook('onRoute', ({ url }) => {
    if (url.startsWith('/api/')) served.add(url);
  });
  app.addHook('onResponse', async (request, reply) => {
    // A stream takes as long as somebody listens.
    if (reply.getHeader('content-type') === 'text/event-stream') return;
    const { url = '' } = request.routeOptions;
    // The pattern of the path: there are as many as operations. The rest counts as one, in whatever words.
    const isServed = served.has(url);
    const [method, route] = isServed ? [request.method, url] : ['any', 'other'];
    const labels = { method, route, status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1000);
  });
}

/** A server of its own for `/metrics`, on another address than people use. */
export function buildMetricsApp(
  registry: Registry,
  settings: Parameters<typeof checkHost>[1],
): FastifyInstance {
  const app = Fastify();
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOfData);
    if (!isUnderAddress(request)) checkHost(request, settings);
  });
  serveMetrics(app, registry);
  return app;
}

/** Answers `/metrics`. */
export function serveMetrics(app: FastifyInstance, registry: Registry): void {
  app.get('/metrics', async (_request, reply) =>
    reply
      .headers({ 'content-type': registry.contentType, 'cache-control': 'no-store' })
      .send(await registry.metrics()),
  );
}
