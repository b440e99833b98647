import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { sendCsv } from './csv.ts';
import { sendError } from './errors.ts';

/** An endless export on a real port, whose reader sees its first bytes and then does something. */
async function exportUntil(end: (leave: () => void, outOfTime: AbortController) => void) {
  const logged: string[] = [];
  const stream = new Writable({
    write: (line, _encoding, done) => {
      logged.push(String(line));
      done();
    },
  });
  const outOfTime = new AbortController();
  const closed = Promise.withResolvers<void>();
  async function* rows() {
    try {
      for (let n = 0; ; n++) yield [n, 'x'.repeat(1_000)];
    } finally {
      closed.resolve();
    }
  }
  const app = Fastify({ logger: { level: 'warn', stream } });
  app.setErrorHandler(sendError);
  app.get('/', async (_request, reply) => {
    await sendCsv(reply, rows(), { requestId: '' }, { name: 'x', signal: outOfTime.signal });
    return reply;
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  let tail = '';
  socket.on('error', () => undefined);
  socket.on('data', (bytes) => (tail = (tail + bytes.toString()).slice(-5)));
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await once(socket, 'data');
  end(() => socket.destroy(), outOfTime);
  socket.resume();
  await closed.promise;
  if (!socket.closed) await once(socket, 'close');
  await app.close();
  return { logged, tail };
}

it('an export whose reader leaves ends, and is no error', async () => {
  expect((await exportUntil((leave) => leave())).logged).toEqual([]);
});

it('an export that takes too long ends, and its reader can tell', async () => {
  const { logged, tail } = await exportUntil((_leave, outOfTime) => outOfTime.abort());
  expect(logged).toEqual([]);
  // A body that is whole ends in an empty chunk.
  expect(tail).not.toBe('0\r\n\r\n');
});

it('what cannot be read from the first row on is refused in words', async () => {
  const app = Fastify();
  app.setErrorHandler(sendError);
  app.get('/', async (_request, reply) => {
    async function* rows() {
      yield ['Name'];
      throw new ApiError('InvalidValue', '“from” is later than the end.', { field: 'from' });
    }
    const signal = new AbortController().signal;
    await sendCsv(reply, rows(), { requestId: '' }, { name: 'x', signal });
    return reply;
  });
  const answer = await app.inject('/');
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ errors: [{ code: 'InvalidValue', field: 'from' }] });
});

it('an export of no row, and one of two, are whole', async () => {
  const app = Fastify();
  app.get('/:rows', async (request, reply) => {
    const count = Number((request.params as { rows: string }).rows);
    async function* rows() {
      yield ['N'];
      for (let n = 0; n < count; n += 1) yield [n];
    }
    const signal = new AbortController().signal;
    await sendCsv(reply, rows(), { requestId: '' }, { name: 'x', signal });
    return reply;
  });
  const read = async (rows: number) => (await app.inject(`/${rows}`)).body.replace('\uFEFF', '');
  expect(await read(0)).toBe('"N"\r\n');
  expect(await read(2)).toBe('"N"\r\n0\r\n1\r\n');
});
