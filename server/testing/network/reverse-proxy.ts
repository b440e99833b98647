import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface ReverseProxy {
  /** Of the proxy: `http://localhost:PORT`, or with `https:`. */
  origin: string;
  close(): void;
}

interface Options {
  /** Where the server is, without a path. */
  target: string;
  /** Speaks TLS with these. */
  tls?: { key: string; cert: string };
  /** Takes this off the paths, as some proxies are set up to. */
  strip?: string;
  /** What it adds to each request, by the address that it comes from. */
  headers?: (from: string) => Record<string, string>;
  /** Asked with each answer: one that is lost ends the connection to whoever waits for it. */
  loses?: () => boolean;
}

/** A reverse proxy as people put before Slipway. It passes the Host on. */
export async function startReverseProxy(options: Options): Promise<ReverseProxy> {
  const { target, tls, strip = '', headers = () => ({}), loses } = options;
  const pass = (from: IncomingMessage, to: ServerResponse) => {
    const { method, headers: sent, socket } = from;
    const path = from.url?.startsWith(strip) ? from.url.slice(strip.length) : from.url;
    const passed = request(target, {
      method,
      path: path ?? '/',
      headers: { ...sent, ...headers(socket.remoteAddress ?? '') },
    });
    passed.on('response', (answer) => {
      if (loses?.() === true) return void to.destroy();
      to.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    to.on('close', () => passed.destroy());
    from.pipe(passed);
  };
  const server = tls === undefined ? createServer(pass) : createTlsServer(tls, pass);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? 'http' : 'https'}://localhost:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
