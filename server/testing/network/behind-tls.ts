import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readHolder } from '../../database/embedded/data-folder.ts';
import { launch } from '../launched.ts';
import { startReverseProxy } from './reverse-proxy.ts';

const askEveryMs = 100;

/**
 * One more server on the database of another, behind a proxy with TLS that tells it nothing.
 * @param dataFolder of the server that runs
 * @param basePath such as `/slipway`
 * @returns where people reach it, with the path
 */
export async function startBehindTls(
  dataFolder: string,
  basePath: string,
): Promise<{ url: string; close: () => Promise<void> }> {
  const port = await freePort();
  const target = `http://127.0.0.1:${port}`;
  const proxy = await startReverseProxy({ target, tls: makeCertificate() });
  const url = proxy.origin + basePath;
  const server = launch('start', ['--port', String(port)], {
    DATABASE_URL: (await readHolder(dataFolder))?.databaseUrl ?? '',
    // Without it, it would not start beside API keys that other tests have made.
    SECRETS_KEY_FILE: join(dataFolder, 'secrets.key'),
    PUBLIC_URL: `${url}/`,
  });
  while (!(await isReady(target))) {
    if (server.child.exitCode !== null) throw new Error(server.output());
    await sleep(askEveryMs);
  }
  return {
    url,
    close: async () => {
      proxy.close();
      server.child.kill();
      await server.ended;
    },
  };
}

function isReady(target: string): Promise<boolean> {
  return fetch(`${target}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** For localhost, signed by nobody. */
function makeCertificate(): { key: string; cert: string } {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-tls-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost'.split(' ');
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  const read = { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  rmSync(folder, { recursive: true });
  return read;
}
