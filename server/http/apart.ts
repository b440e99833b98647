import type { Server } from 'node:http';
import Fastify, { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Health } from '../health.ts';
import { sendError } from './errors.ts';
import { checkHost } from './guards.ts';
import { type MetricsSettings, serveMetrics } from './metrics.ts';
import { addProbes, isProbe, isUnderAddress } from './probes.ts';
import { headersOfData } from './security-headers.ts';

/** What is on an address of its own, away from what people use. */
export interface Apart {
  metrics?: Registry;
  health?: Health;
}

/**
 * A server of its own for `/metrics`, for the probes, or for both.
 * @param tls its certificate and key, as PEM; plain HTTP without
 */
export function buildAppApart(
  { metrics, health }: Apart,
  settings: Parameters<typeof checkHost>[1] & MetricsSettings,
  tls?: { cert: string; key: string },
): FastifyInstance {
  const app = Fastify({ ...(tls && { https: tls }) } as FastifyHttpOptions<Server>);
  app.setErrorHandler(sendError);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headersOfData);
    if (!isProbe(request.url) && !isUnderAddress(request)) checkHost(request, settings);
  });
  if (metrics) serveMetrics(app, metrics, settings);
  if (health) addProbes(app, health);
  return app;
}
