import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import type { Listen } from '../env/network.ts';
import type { Health } from '../health.ts';
import { type Apart, buildAppApart } from '../http/apart.ts';

interface Parts {
  metrics: Registry;
  health: Health;
  tls: { cert: string; key: string } | undefined;
}

/**
 * Opens the ports that METRICS_LISTEN and PROBES_LISTEN name: one for both where they name the same.
 * @returns what listens there
 * @throws StartError naming the setting whose port cannot be had
 */
export async function listenApart(env: Env, parts: Parts): Promise<FastifyInstance[]> {
  const { metricsListen, probesListen } = env;
  const isOne =
    metricsListen?.port === probesListen?.port && metricsListen?.host === probesListen?.host;
  const ports: [string, Listen | undefined, Apart][] = isOne
    ? [['METRICS_LISTEN', metricsListen, { metrics: parts.metrics, health: parts.health }]]
    : [
        ['METRICS_LISTEN', metricsListen, { metrics: parts.metrics }],
        ['PROBES_LISTEN', probesListen, { health: parts.health }],
      ];
  const apps: FastifyInstance[] = [];
  for (const [setting, listen, apart] of ports) {
    if (!listen) continue;
    const app = buildAppApart(apart, env, parts.tls);
    apps.push(app);
    await app.listen(listen).catch((error: unknown) => {
      throw new StartError(
        `${setting} cannot be had: ${error instanceof Error ? error.message : String(error)}. Choose another address or port.`,
        { cause: error },
      );
    });
  }
  return apps;
}
