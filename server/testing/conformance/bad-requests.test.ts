import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FastifyInstance } from 'fastify';
import { errorEnvelopeSchema } from '#contract/envelope.ts';
import { buildTestApp } from '../app.ts';
import { withDatabase } from '../database.ts';
import { listen, type Received, type Sent } from './exchange.ts';

// What no client of ours sends, over the wire: refused in the envelope, before anything is made of it.

const database = withDatabase();
let app: FastifyInstance;
let exchange: (sent: Sent) => Promise<Received>;

beforeAll(async () => {
  app = buildTestApp(database.db);
  exchange = await listen(app);
});
afterAll(() => app.close());

const os = '/api/v1beta0/global/os/';

it.each([
  ['20,000 parameters', `${os}?${'a=1&'.repeat(20_000)}`, 400],
  ['an address of 9,000 characters', `${os}?${'&'.repeat(9_000)}`, 400],
  ['4,000 parameters', `${os}?${'a&'.repeat(4_000)}`, 401],
  ['bytes that are not ASCII', `${os}\u00e9/`, 400],
  ['an encoded NUL', `${os}%00/`, 401],
  ['broken percent-encoding', `${os}?a=%zz`, 401],
  ['a whole address', `http://localhost${os}`, 400],
  ['// and %2f', '/api/v1beta0//global%2fos/', 400],
])('%s is refused in the envelope', async (_, url, status) => {
  const answer = await exchange({ method: 'GET', url });
  expect(answer.status).toBe(status);
  expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  expect(errorEnvelopeSchema.safeParse(JSON.parse(answer.text)).success).toBe(true);
});
