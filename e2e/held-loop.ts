import { expect } from '@playwright/test';
import pg from 'pg';

import { readHolder } from '../server/database/embedded/data-folder.ts';
import { electionLock } from '../server/fleet/election.ts';
import type { LoopName } from '../server/fleet/election.ts';

/**
 * Does something while a loop of the server under test does nothing, so that what it will change stays
 * as it is however long that takes. The loop is led from here, as by another server that is idle.
 */
export async function whileLoopRests(name: LoopName, work: () => Promise<void>): Promise<void> {
  const connectionString = (await readHolder(process.env.SLIPWAY_E2E_DATA ?? ''))?.databaseUrl;
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
    await expect
      .poll(async () => {
        await other.query(endLeader, electionLock(name));
        return isLed;
      })
      .toBe(true);
    await leading;
    await work();
  } finally {
    await Promise.all([leader.end(), other.end()]);
  }
}
