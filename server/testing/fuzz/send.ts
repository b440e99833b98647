import type { LightMyRequestResponse } from 'fastify';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import type { Browser } from '../app.ts';
import { askers, type Estate, signInAgain } from './estate.ts';
import type { PoolIds } from './pool-ids.ts';
import type { Hole } from './pools.ts';
import type { FuzzRequest } from './requests.ts';

export interface Exchange {
  answer: LightMyRequestResponse;
  /** What was sent, to read. */
  sent: string;
}

/** Sends a request, and lets later ones meet what came of it. */
export async function send(estate: Estate, request: FuzzRequest): Promise<Exchange> {
  const { pools } = estate;
  const { method } = operations[request.id];
  const body =
    request.body === undefined
      ? undefined
      : (JSON.stringify(pools.filled(request.body, false)) ?? '');
  const url = urlOf(request, pools);
  const headers: Record<string, string> =
    request.ifMatch === undefined ? {} : { 'if-match': request.ifMatch };
  const browser = estate.browsers[request.who] as Browser;
  const answer = await browser.send(method, url, body, headers);
  // Its session was ended, by this or by an earlier request.
  const isOut = answer.statusCode === 401 || /^session(?:Delete|End)$/.test(request.id);
  if (isOut) await signInAgain(estate, request.who);
  learn(request, answer, pools);
  const sent = `${askers[request.who]}: ${request.id} ${method} ${url} ${body ?? ''}`;
  return { answer, sent: sent.slice(0, 600) };
}

function urlOf(request: FuzzRequest, pools: PoolIds): string {
  const spec: OperationSpec = operations[request.id];
  const part = (value: Hole | string) =>
    typeof value === 'string' ? value : encodeURIComponent(pools.textOf(value));
  const base = {
    global: '/global',
    account: `/account/${part(request.scope)}`,
    user: `/user/${part(request.scope)}`,
    self: '/self',
  }[request.level];
  const path = spec.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    part(request.params[name] ?? '1'),
  );
  const query = request.query
    .map(([name, value]) => [name, pools.filled(unwrapped(value), true)])
    .map(
      ([name, value]) => `${encodeURIComponent(String(name))}=${encodeURIComponent(String(value))}`,
    );
  return base + path + (query.length > 0 ? `?${query.join('&')}` : '');
}

/** A query has no `{id}`: the id itself. */
function unwrapped(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}

/** Ids and cursors join the pools, so that later requests meet what earlier ones made. */
function learn({ id }: FuzzRequest, answer: LightMyRequestResponse, pools: PoolIds): void {
  if (answer.statusCode >= 300 || operations[id].kind === 'csv') return;
  const { data, meta, pagination } = answer.json();
  if (answer.statusCode === 201) {
    if (id === 'imageCreate') pools.add('image', data.id);
    if (id === 'roleCreate' || id === 'roleClone') pools.add('role', String(data.id));
    if (id === 'accountCreate') pools.add('account', String(data.id));
    if (id === 'environmentCreate') pools.add('environment', String(data.id));
  }
  if (meta.replacement) pools.add('replacement', meta.replacement.id);
  for (const link of [pagination?.next, pagination?.prev]) {
    const cursor = link && new URL(link, 'http://slipway').searchParams.get('cursor');
    if (cursor) pools.add('cursor', cursor);
  }
}
