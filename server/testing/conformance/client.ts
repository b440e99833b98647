import type { FastifyInstance } from 'fastify';
import { expect } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { Key } from '../signed-client.ts';
import { type Dialect, dialects, signatureOf } from './dialects.ts';
import { listen, type Received, type Sent } from './exchange.ts';
import {
  type Described,
  type Level,
  readSpecification,
  type Specification,
} from './specification.ts';
import type { Json } from './strict-schemas.ts';

/** What fills an operation: values of its path, its query and its body. */
export interface Input {
  params?: Record<string, string | number>;
  query?: Record<string, string>;
  body?: unknown;
}

export interface Answer<Data = unknown> {
  status: number;
  headers: Received['headers'];
  meta: Json;
  data: Data;
  warnings: { code: string; message: string }[];
  pagination: {
    first: string | null;
    last: string | null;
    prev: string | null;
    next: string | null;
  };
  errors?: [{ code: string; message: string; field?: string; blockers?: Json[] }];
}

/** A client that knows of the server only what its specifications say, and holds every answer to them. */
export interface ConformanceClient {
  spec: Specification;
  /** Sends an operation, signed; fails the test when the answer is not as specified. */
  send<Data = unknown>(
    key: Key | undefined,
    level: Level,
    id: OperationId,
    input?: Input,
    headers?: Record<string, string>,
  ): Promise<Answer<Data>>;
  /** Follows a link of `pagination`, signed; held against the same operation. */
  follow<Data = unknown>(
    key: Key,
    level: Level,
    id: OperationId,
    url: string,
  ): Promise<Answer<Data>>;
  /** Sends as told, without looking at the answer. */
  exchange(sent: Sent): Promise<Received>;
}

export async function openConformanceClient(app: FastifyInstance): Promise<ConformanceClient> {
  const exchange = await listen(app);
  const spec = await readSpecification(async (url) => {
    const { status, text } = await exchange({ method: 'GET', url });
    expect(status, url).toBe(200);
    return text;
  });
  const checked = async (level: Level, id: OperationId, sent: Sent): Promise<Answer<never>> =>
    held(spec, level, id, sent, await exchange(sent));
  return {
    spec,
    exchange,
    send: async (key, level, id, { params = {}, query = {}, body } = {}, headers = {}) => {
      const { method, path } = spec.openApi(level, id);
      const sent = signed(key, { method, path: fill(path, params), query, body });
      return checked(level, id, { ...sent, headers: { ...sent.headers, ...headers } });
    },
    follow: async (key, level, id, url) => {
      const { pathname, searchParams } = new URL(url, 'http://localhost');
      const query = Object.fromEntries(searchParams);
      return checked(level, id, signed(key, { method: 'GET', path: pathname, query }));
    },
  };
}

function fill(path: string, params: Record<string, string | number>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
    const value = params[name];
    if (value === undefined) throw new Error(`${path} needs ${name}`);
    return encodeURIComponent(value);
  });
}

interface Unsigned {
  method: string;
  path: string;
  query?: Record<string, string>;
  /** As JSON; bytes and text go as they are. Left out, it is `{}`, as programs send it. */
  body?: unknown;
}

// No two alike: what is signed in the same second and says the same is one request, sent again.
let turn = 0;
const nextDate = () => new Date(Date.now() - (turn++ % 250) * 1000);

/** A request as a client in use signs it. Without a key it is not signed. */
export function signed(
  key: Key | undefined,
  { method, path, query = {}, body = {} }: Unsigned,
  dialect: Dialect = dialects['scalr-ctl'],
): Sent {
  const pairs = Object.entries(query);
  const text = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const url = pairs.length === 0 ? path : `${path}?${dialect.send(pairs)}`;
  const headers = { 'content-type': 'application/json; charset=utf-8' };
  if (!key) return { method, url, body: text, headers };
  const at = dialect.date(nextDate());
  const signature = {
    'x-scalr-key-id': key.id,
    'x-scalr-date': at,
    'x-scalr-signature': signatureOf(key.secret, [method, at, path, dialect.sign(pairs), text]),
  };
  return { method, url, body: text, headers: { ...headers, ...signature } };
}

/** Holds an answer against both specifications. */
function held(
  spec: Specification,
  level: Level,
  id: OperationId,
  sent: Sent,
  received: Received,
): Answer<never> {
  const shown = `${sent.method} ${sent.url} answers ${received.status} ${received.text.slice(0, 600)}`;
  const isCsv = (operations[id] as OperationSpec).kind === 'csv' && received.status === 200;
  expect(received.headers['content-type'], shown).toBe(
    isCsv ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8',
  );
  const body = isCsv ? received.text : (JSON.parse(received.text) as Json);
  for (const described of [spec.openApi(level, id), spec.swagger(level, id)])
    if (described) expect(problemOf(described, received.status, body), shown).toBeUndefined();
  if (typeof body !== 'string') {
    const replayed = received.headers['idempotency-replayed'] !== undefined;
    const { requestId } = body['meta'] as { requestId: string };
    if (!replayed) expect(received.headers['x-request-id'], shown).toBe(requestId);
  }
  const { status, headers } = received;
  return { status, headers, ...(isCsv ? { data: body } : (body as Json)) } as Answer<never>;
}

function problemOf({ answers }: Described, status: number, body: unknown): string | undefined {
  const check = answers.get(String(status)) ?? (status >= 400 ? answers.get('default') : undefined);
  return check ? check(body) : `status ${status} is not documented`;
}
