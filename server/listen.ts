import { createServer } from 'node:net';
import { StartError } from './database/embedded/start-error.ts';
import type { Env } from './env.ts';

/**
 * Fails early when the address cannot be had, before a database is started for it.
 *
 * @throws StartError as `listenError` words it
 */
export async function checkAddress(host: string, port: number): Promise<void> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', (error) => reject(listenError(error, host, port)));
    probe.listen(port, host, () => probe.close(() => resolve()));
  });
}

/** One sentence for the ways in which listening fails; anything else is returned as it is. */
export function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return new StartError(
        `Port ${port} on ${host} is in use. Stop what uses it, or choose another with --port.`,
        { cause: error },
      );
    case 'EACCES':
      return new StartError(
        `Port ${port} is reserved for the system. Choose one from 1024 up with --port.`,
        { cause: error },
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(
        `${host} is not an address of this machine. Choose another with --host.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/** What to type into a browser; one cannot browse to "everywhere", but this machine is there too. */
export function addressOf({ host, tls }: Pick<Env, 'host' | 'tls'>, port: number): string {
  const scheme = tls ? 'https' : 'http';
  if (host === '0.0.0.0' || host === '::') return `${scheme}://localhost:${port}`;
  return host.includes(':') ? `${scheme}://[${host}]:${port}` : `${scheme}://${host}:${port}`;
}

/**
 * What people send must stay on this machine or go over TLS, unless it is said that it need not.
 * @throws StartError saying what can be done about it
 */
export function checkPrivacy({ host, isReadable, allowsPlainHttp }: Env): void {
  if (!isReadable || allowsPlainHttp) return;
  throw new StartError(
    `Slipway would listen on ${host} without TLS, so that sessions and sign-in links could be read on the way. ` +
      'Set TLS_CERT_FILE and TLS_KEY_FILE, or put a proxy with TLS before it and set PUBLIC_URL to its https:// address. ' +
      'To do it all the same, set ALLOW_PLAIN_HTTP=true.',
  );
}
