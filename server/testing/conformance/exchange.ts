import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';

const agent = new Agent({ keepAlive: true });

export interface Sent {
  method: string;
  /** Path and query, byte for byte as they go over the wire. */
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

export interface Received {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends requests over a real connection: `inject` would tidy up their addresses on the way. */
export async function listen(app: FastifyInstance): Promise<Exchange> {
  return exchangeWith(await app.listen({ port: 0, host: '127.0.0.1' }));
}

export type Exchange = (sent: Sent) => Promise<Received>;

/** The same to a server that runs already. @param address such as `http://127.0.0.1:4400` */
export function exchangeWith(address: string): Exchange {
  const { port } = new URL(address);
  return ({ method, url, headers, body }) =>
    new Promise((resolve, reject) => {
      const options = { agent, host: '127.0.0.1', port, method, path: url };
      const own = { host: 'localhost', ...(body !== undefined && lengthOf(body)), ...headers };
      const sending = request({ ...options, headers: own }, (answer) => {
        const { statusCode: status = 0, headers: answered } = answer;
        const isZipped = answered['content-encoding'] === 'gzip';
        text(isZipped ? answer.pipe(createGunzip()) : answer).then(
          (received) => resolve({ status, headers: answered, text: received }),
          reject,
        );
      });
      sending.on('error', reject).end(body);
    });
}

const lengthOf = (body: string | Buffer) => ({ 'content-length': String(Buffer.byteLength(body)) });
