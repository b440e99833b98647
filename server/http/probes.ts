import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import type { Health } from '../health.ts';

const probePaths = ['/livez', '/readyz'];
const noStore = { 'cache-control': 'no-store' };

/** Asked by machines that know this process by its address, whatever name people use. */
export function isProbe(url: string): boolean {
  return probePaths.includes(url.split('?', 1)[0] ?? '');
}

/**
 * `/livez`: the process can answer, and says nothing of the database, so that an outage there
 * restarts nothing here. `/readyz`: it should get requests, or why not.
 */
export function addProbes(app: FastifyInstance, health: Health): void {
  app.get('/livez', async (_request, reply) => reply.headers(noStore).send('ok\n'));
  app.get('/readyz', async (_request, reply) => {
    const problem = await health.findProblem();
    void reply.headers(noStore).status(problem === undefined ? 200 : 503);
    return reply.send(`${problem ?? health.readiness}\n`);
  });
}

/** Before it is ready, there is nothing to see; on its way out, no connection is kept. @throws ApiError */
export function checkPhase(health: Health, reply: FastifyReply): void {
  if (health.phase === 'stopping') reply.header('connection', 'close');
  else if (health.phase !== 'serving')
    throw new ApiError(
      'ServiceUnavailable',
      `Slipway is ${health.phase}. Try again in a few seconds.`,
    );
}

/** A page under a foreign name that leads here (DNS rebinding) never comes under an address. */
export function isUnderAddress(request: FastifyRequest): boolean {
  return isIP(request.hostname.replace(/^\[(.*)\]$/, '$1')) !== 0;
}
