import { Agent, request } from 'node:http';

export interface Answered {
  status: number;
  /** Bytes on the wire. */
  bytes: number;
  body: Buffer;
}

/** Sends requests as a page would: one kept-open connection, a session's cookie, gzip accepted. */
export interface HttpClient {
  send(method: string, path: string, body?: unknown): Promise<Answered>;
  close(): void;
}

/** @param token of a session; without one, requests are anonymous */
export function openClient(address: string, token?: string): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = {
    origin: address,
    'accept-encoding': 'gzip',
    ...(token !== undefined && { cookie: `slipway=${token}` }),
  };
  return {
    send: (method, path, body) =>
      new Promise((resolve, reject) => {
        const payload = body === undefined ? undefined : JSON.stringify(body);
        const call = request(
          `${address}${path}`,
          {
            method,
            agent,
            headers: {
              ...headers,
              ...(payload !== undefined && {
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(payload),
              }),
            },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.once('error', reject);
            response.once('end', () => {
              const whole = Buffer.concat(chunks);
              resolve({ status: response.statusCode ?? 0, bytes: whole.length, body: whole });
            });
          },
        );
        call.once('error', reject);
        call.end(payload);
      }),
    close: () => agent.destroy(),
  };
}
