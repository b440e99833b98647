import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { ApiError } from '#contract/errors.ts';

/** What is measured beyond requests; each is asked when somebody looks. */
export interface Measured {
  version: string;
  /** How many connections of the pool are in which state. */
  pool(): Readonly<Record<'max' | 'open' | 'idle' | 'waiting', number>>;
  /** Of the data folder's disk; undefined where there is none, or it does not tell. */
  freeBytes?(): number | undefined;
  /** When the own certificate ends; undefined where there is none. */
  certificateEnd?(): Date | undefined;
  /** When the newest backup was begun; undefined where this process makes none. */
  lastBackup?(): Promise<Date | undefined>;
  /** Where reads that feed no write went; undefined where there is no replica. */
  replica?: { reads: Readonly<Record<'replica' | 'primary', number>> } | undefined;
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
  addLoops(registry, measured);
  if (measured.replica) addReads(registry, measured.replica);
  addOptional(registry, {
    data_folder_free_bytes: [
      'Free space where the embedded database is.',
      () => measured.freeBytes?.(),
    ],
    tls_certificate_end_timestamp_seconds: [
      'When the own certificate ends.',
      async () => seconds(measured.certificateEnd?.()),
    ],
    last_backup_timestamp_seconds: [
      'When the newest backup in BACKUP_FOLDER was begun.',
      async () => seconds(await measured.lastBackup?.()),
    ],
  });
  return registry;
}

function addLoops(registry: Registry, measured: Measured): void {
  const registers = [registry];
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
        if (ranAt) this.set({ loop: name }, seconds(ranAt) ?? 0);
    },
  });
}

function addReads(registry: Registry, { reads }: NonNullable<Measured['replica']>): void {
  new Gauge({
    name: 'slipway_replica_reads',
    help: 'Reads that could go to the replica, by where they went since the start.',
    labelNames: ['to'],
    registers: [registry],
    collect() {
      for (const [to, count] of Object.entries(reads)) this.set({ to }, count);
    },
  });
}

type Look = () => number | undefined | Promise<number | undefined>;

/** What is there in some processes only, or at some times. */
function addOptional(registry: Registry, gauges: Record<string, [help: string, look: Look]>): void {
  for (const [name, [help, look]] of Object.entries(gauges))
    new Gauge({
      name: `slipway_${name}`,
      help,
      registers: [registry],
      async collect() {
        const value = await look();
        // Without a value there is no line: 0 would be one.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
}

function seconds(time: Date | undefined): number | undefined {
  return time && time.getTime() / 1000;
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

/** Who may read them. */
export interface MetricsSettings {
  /** What a reader must show; undefined means that anybody may. */
  metricsToken?: string | undefined;
}

/** Answers `/metrics`. */
export function serveMetrics(
  app: FastifyInstance,
  registry: Registry,
  { metricsToken }: MetricsSettings,
): void {
  app.get('/metrics', async ({ headers }, reply) => {
    void reply.header('cache-control', 'no-store');
    if (metricsToken !== undefined && !isBearer(headers.authorization, metricsToken)) {
      void reply.header('www-authenticate', 'Bearer');
      throw new ApiError(
        'BadAuthentication',
        'Metrics are read with the token that METRICS_TOKEN names: send Authorization: Bearer TOKEN.',
      );
    }
    return reply.header('content-type', registry.contentType).send(await registry.metrics());
  });
}

/** In a time that tells nothing of the token. */
function isBearer(header: string | undefined, token: string): boolean {
  const [, given = ''] = /^Bearer +(\S+) *$/i.exec(header ?? '') ?? [];
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(token));
}
