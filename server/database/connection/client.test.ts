import { expect, test } from 'vitest';
import { withDatabase } from '#server/testing/database.ts';
import { withClient } from './client.ts';

const database = withDatabase();

test('a connection that is lost while nothing is asked is told by the next statement', async () => {
  const work = withClient(database.url, async (client) => {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    await withClient(database.url, (other) =>
      other.query('SELECT pg_terminate_backend($1)', [rows[0]?.pid]),
    );
    await lost;
    await client.query('SELECT 1');
  });
  await expect(work).rejects.toThrow(/connection/i);
});
