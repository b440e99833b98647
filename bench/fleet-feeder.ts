import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, openDatabase } from '#server/database/connection/connection.ts';
import { takeFarmLock } from '#server/database/connection/locks.ts';
import { fetchLaunchingFarmRoles } from '#server/database/queries/farms/farm-role-writes.ts';
import { fetchOldestServers } from '#server/database/queries/farms/keeping.ts';
import { launchServers, setServerStatus } from '#server/database/queries/farms/server-writes.ts';

// A process of its own, as another process of Slipway would be: it moves servers as the fleet's own steps do.

/** How much is to happen in fleets. */
export interface Feed {
  databaseUrl: string;
  /** Launches and terminations, each one event. */
  perSecond: number;
  durationMs: number;
}

export interface Fed {
  events: number;
  tookMs: number;
  /** How long each transaction took, in ms. */
  steps: number[];
}

/** In one transaction of a farm: so many servers end, and as many are launched in their place. */
const batch = 10;
const atOnce = 8;
const actor = 'system:feeder';

interface Place {
  id: number;
  farmId: number;
}

/** Farm roles that have enough servers, in an order that goes through all accounts. */
async function findPlaces(db: Db): Promise<Place[]> {
  const { rows } = await sql<Place>`
    SELECT fr.id, fr.farm_id AS "farmId" FROM farm_roles fr JOIN farms f ON f.id = fr.farm_id
    JOIN (SELECT farm_role_id FROM server_groups GROUP BY 1 HAVING sum(servers) >= ${batch}) full_ones
      ON full_ones.farm_role_id = fr.id
    WHERE f.status = 'running' ORDER BY md5(fr.id::text)`.execute(db);
  return rows;
}

/** @returns how many servers ended and were launched */
async function turnOver(db: Db, { id, farmId }: Place): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const at = await takeFarmLock(tx, farmId);
    const stamp = { at, actor, reason: 'A measurement' };
    const [farmRole] = await fetchLaunchingFarmRoles(tx, { farmRoleId: id });
    const oldest = await fetchOldestServers(tx, id, batch);
    await setServerStatus(tx, oldest, 'pending_terminate', stamp);
    const first = Math.max(0, ...(farmRole?.indexes ?? [])) + 1;
    const launches = oldest.map((_, nth) => ({ farmRoleId: id, index: first + nth }));
    const launched = await launchServers(tx, launches, { ...stamp, launchedBy: null });
    return oldest.length + launched.length;
  });
}

/** Begins what is due by the clock, as far as connections are free: what is late is made up for. */
async function feed({ databaseUrl, perSecond, durationMs }: Feed): Promise<Fed> {
  const db = openDatabase(databaseUrl, { maxConnections: atOnce });
  const places = await findPlaces(db);
  const fed: Fed = { events: 0, tookMs: 0, steps: [] };
  const started = performance.now();
  const now = () => performance.now() - started;
  let [begun, asked] = [0, 0];
  const work = async () => {
    while (now() < durationMs) {
      const place = places[begun++ % places.length];
      if (!place) throw new Error('The estate has no farm role with enough servers.');
      const due = (asked * 1_000) / perSecond;
      asked += 2 * batch;
      await sleep(Math.max(0, due - now()));
      const since = performance.now();
      const events = await turnOver(db, place);
      fed.steps.push(performance.now() - since);
      fed.events += events;
      // A farm role with fewer servers than it had: others make up for it.
      asked -= 2 * batch - events;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  fed.tookMs = now();
  await db.destroy();
  return fed;
}

process.send?.(await feed(JSON.parse(process.argv[2] ?? '') as Feed));
process.disconnect();
