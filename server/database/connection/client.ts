import type pg from 'pg';
import { Client } from './hosts.ts';

/**
 * Connects one client, works and ends it. When the connection is lost, the statement under way or the
 * next one says so: without a listener, a loss while nothing is asked would end the process.
 * @throws what connecting, `work` or ending throws
 */
export async function withClient<T>(
  config: string | pg.ClientConfig,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
