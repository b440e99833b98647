import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { demandCapability } from '../../cloud/port.ts';
import type { CloudServer } from '../../cloud/servers.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../database.ts';
import { FleetWatch } from '../fleet/fleet-watch.ts';
import { MovingFleet } from '../fleet/moving-fleet.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { lxd } from './lxd-setup.ts';

// Slipway is killed again and again while it moves real servers and launches others.

const database = withDatabase();
const kills = process.env.SLIPWAY_TEST_FULL === '1' ? 20 : 5;
const patience = { timeout: 150_000, interval: 200 };
let server: ServerProcess;

const startSlipway = async () =>
  startServerProcess(database.url, { environment: { CLOUD: 'lxd', LXD_SOCKET: lxd.socket } });

afterEach(async () => {
  server.child.kill('SIGKILL');
  await endOf(server);
});

/** What LXD itself has of a farm. */
async function listFarm(farmId: number): Promise<CloudServer[]> {
  const found: CloudServer[] = [];
  const of = { ...lxd.place, tag: { name: 'slipway-farm', value: String(farmId) } };
  const servers = demandCapability(lxd.connect(), 'servers');
  for await (const page of servers.list(of, { signal: AbortSignal.timeout(60_000) }))
    found.push(...page);
  return found;
}

const rowsOf = (farmId: number) =>
  database.db
    .selectFrom('servers')
    .where('farm_id', '=', farmId)
    .select(['id', 'status'])
    .execute();

async function countRunning(farmId: number): Promise<number | string> {
  const rows = await rowsOf(farmId);
  const running = rows.filter(({ status }) => status === 'running');
  const inLxd = await listFarm(farmId);
  const tokens = inLxd.map(({ token = '' }) => token).toSorted();
  const isSame = JSON.stringify(running.map(({ id }) => id).toSorted()) === JSON.stringify(tokens);
  if (isSame) return running.length;
  const states = inLxd.map(({ token, state, reason }) => ({ token, state, reason }));
  return `Slipway: ${JSON.stringify(rows)}, LXD: ${JSON.stringify(states)}`;
}

/** Looks at LXD for as long as it is let: for what is there twice, and for what has ended for Slipway. */
async function watchLxd(farmIds: readonly number[], signal: AbortSignal): Promise<string[]> {
  const breaches: string[] = [];
  while (!signal.aborted) {
    for (const farmId of farmIds) {
      // Read first: what has ended by then is gone from LXD.
      const ended = (await rowsOf(farmId)).filter(
        ({ status }) => status === 'terminated' || status === 'failed',
      );
      const tokens = (await listFarm(farmId)).map(({ token }) => token);
      const lost = ended.filter(({ id }) => tokens.includes(id));
      if (lost.length > 0) breaches.push(`LXD has what has ended: ${JSON.stringify(lost)}`);
      if (new Set(tokens).size < tokens.length) breaches.push(`launched twice: ${tokens.join()}`);
    }
    await sleep(100, undefined, { signal }).catch(() => undefined);
  }
  return breaches;
}

test(`killed ${kills} times amid rollouts and launches on LXD, no server is lost or launched twice`, async () => {
  const { db } = database;
  const place = { cloud_platform: 'lxd', cloud_location: 'default' };
  const cloudImageIds = [lxd.imageA, lxd.imageB] as const;
  const fleet = await MovingFleet.launch(db, { place, cloudImageIds, countRunning });
  server = await startSlipway();
  // Killed while it launches them, too.
  await fleet.untilSteps(3);
  server.child.kill('SIGKILL');
  await endOf(server);
  server = await startSlipway();
  await fleet.untilWhole();
  const watch = new FleetWatch(db, fleet.farms, { isSimulated: false });
  const watching = new AbortController();
  const farmIds = fleet.farms.map(({ farmId }) => farmId);
  const inLxd = watchLxd(farmIds, watching.signal);
  for (let kill = 1; kill < kills; kill++) {
    await fleet.keepMoving();
    await fleet.endOne();
    await fleet.untilSteps(1 + Math.floor(Math.random() * 12));
    server.child.kill('SIGKILL');
    await endOf(server);
    expect(await checkInvariants(db)).toEqual([]);
    server = await startSlipway();
  }
  await fleet.untilMoved();
  watching.abort();
  expect(await inLxd).toEqual([]);
  expect(await watch.stop()).toEqual([]);
  const images = (await Promise.all(fleet.moved.map(({ farmId }) => listFarm(farmId)))).flat();
  expect(new Set(images.map(({ cloudImageId }) => cloudImageId)).size).toBe(1);

  for (const farmId of farmIds) {
    const params = { farmId };
    await fleet.t.environmentAdmin.call('farmTerminate', fleet.t.environment, { params });
    await expect.poll(async () => (await listFarm(farmId)).length, patience).toBe(0);
  }
  expect(await checkInvariants(db)).toEqual([]);
});
