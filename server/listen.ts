import { createServer } from 'node:net';
import { StartError } from './database/embedded/start-error.ts';

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
export function addressOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://localhost:${port}`;
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`;
}

/** Whether what people send stays on this machine, or goes over TLS, as far as the settings say. */
export function isPrivate(host: string, address: string): boolean {
  const isLoopback = host === 'localhost' || host === '::1' || host.startsWith('127.');
  return isLoopback || address.startsWith('https://');
}
