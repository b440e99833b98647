import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { readHolder } from '../database/embedded/data-folder.ts';
import { electionLock, type LoopName } from '../fleet/election.ts';

const askEveryMs = 50;

/**
 * Does something while a loop of the server on a data folder does nothing, so that what it will change
 * stays as it is however long that takes. The loop is led from here, as by another server that is idle.
 */
export async function whileLoopRests(
  name: LoopName,
  dataFolder: string,
  work: () => Promise<void>,
): Promise<void> {
  const connectionString = (await readHolder(dataFolder))?.databaseUrl;
  const [leader, other] = [
    new pg.Client({ connectionString }),
    new pg.Client({ connectionString }),
  ];
  await Promise.all([leader.connect(), other.connect()]);
  try {
    let isLed = false;
    // Shared: several tests may do this at once.
    const lock = 'SELECT pg_advisory_lock_shared($1, $2)';
    const leading = leader.query(lock, electionLock(name)).then(() => (isLed = true));
    // The lock goes to whoever waits for it, before the server asks for it again.
    const endLeader = `SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND (classid, objid) = ($1, $2) AND application_name = 'slipway'`;
    for (; !isLed; await sleep(askEveryMs)) await other.query(endLeader, electionLock(name));
    await leading;
    await work();
  } finally {
    await Promise.all([leader.end(), other.end()]);
  }
}
