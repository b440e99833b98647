import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CloudError } from '../cloud/call.ts';
import type { CloudDriver } from '../cloud/port.ts';
import type { CloudServers } from '../cloud/servers.ts';
import { checkInvariants } from '../database/invariants.ts';
import { withDatabase } from '../testing/database.ts';
import { createPromptCloud } from '../testing/fleet.ts';
import { countRunningInBoth, FleetWatch } from '../testing/fleet/fleet-watch.ts';
import { MovingFleet } from '../testing/fleet/moving-fleet.ts';
import { startKeeper } from './keeper.ts';
import { startOutboxLoop } from './outbox-loop.ts';
import { startRollouts } from './rollouts.ts';
import { serverJobs } from './server-jobs.ts';

// A driver fails, hangs and answers twice while two sets of loops move a fleet: no more servers are down than may be,
// none is launched twice, and none is left behind in the cloud.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const rounds = full ? 20 : 3;
const deadlineMs = 300;
const patience = { timeout: 60_000, interval: 50 };

const database = withDatabase();
let fleet: MovingFleet;
let watch: FleetWatch;
let stops: { stop(): Promise<void> }[] = [];
/** What went wrong inside Slipway itself. */
let errors: unknown[] = [];
/** What is done with each call that the cloud gets. */
let befall: (verb: string, call: () => Promise<unknown>) => Promise<unknown>;

const plainly: typeof befall = (_verb, call) => call();

/** The simulated cloud behind `befall`. */
function makeCloud(): CloudDriver {
  const cloud = createPromptCloud(database.db);
  if (!cloud.servers) throw new Error('The simulated cloud has servers');
  const servers = new Proxy(cloud.servers, {
    get: (target, verb: keyof CloudServers) => {
      const call = target[verb] as (...args: unknown[]) => Promise<unknown>;
      // Nobody ends a call that hangs: the driver does not heed its signal.
      return (wanted: object) =>
        befall(verb, () => call(wanted, { signal: new AbortController().signal }));
    },
  });
  return { ...cloud, servers };
}

beforeEach(async () => {
  befall = plainly;
  errors = [];
  fleet = await MovingFleet.launch(database.db);
  const onError = (error: unknown) => void errors.push(error);
  stops = [makeCloud(), makeCloud()].flatMap((cloud) => [
    startOutboxLoop(
      database.db,
      serverJobs(async () => cloud, { againMs: 20 }),
      {
        pollMs: 10,
        deadlineMs,
        leaseMs: 2 * deadlineMs,
        onError,
      },
    ),
    startKeeper(database.db, { everyMs: 50, onError }),
    startRollouts(database.db, { everyMs: 50, onError }),
  ]);
  await fleet.untilWhole();
  watch = new FleetWatch(database.db, fleet.farms);
});

afterEach(async () => {
  await watch.stop();
  await Promise.all(stops.map((loop) => loop.stop()));
});

async function expectUnharmed(): Promise<void> {
  befall = plainly;
  await hurry();
  await fleet.untilMoved();
  expect(await watch.stop()).toEqual([]);
  expect(errors).toEqual([]);
  expect(await checkInvariants(database.db)).toEqual([]);
}

/** What waits for another attempt, or after a setback, need not wait any more. */
async function hurry(): Promise<void> {
  await sql`UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL`.execute(
    database.db,
  );
  await sql`UPDATE farm_role_setbacks SET retry_at = clock_timestamp()`.execute(database.db);
}

test('a driver that does everything twice, at once and again later, does the fleet no harm', async () => {
  const late: (() => Promise<unknown>)[] = [];
  befall = async (_verb, call) => {
    late.push(call);
    const [answer] = await Promise.all([call(), call()]);
    return answer;
  };
  for (let round = 0; round < rounds; round++) {
    await fleet.keepMoving();
    await fleet.endOne();
    await fleet.untilSteps(10);
    // What was answered long ago arrives once more; the cloud may well refuse it by now.
    await Promise.allSettled(late.splice(0).map((call) => call()));
  }
  await expectUnharmed();
});

test('a driver that fails now and then, before or after the deed, does the fleet no harm', async () => {
  let calls = 0;
  befall = async (_verb, call) => {
    calls += 1;
    const lost = new CloudError('The line broke.', { willPass: true });
    if (calls % 4 === 1) throw lost;
    const answer = await call();
    if (calls % 4 === 2) throw new Error('Something unheard of.');
    if (calls % 4 === 3) throw lost;
    return answer;
  };
  for (let round = 0; round < rounds; round++) {
    await fleet.keepMoving();
    await fleet.endOne();
    // What fails again and again would wait longer and longer.
    await fleet.untilSteps(10, hurry);
  }
  await expectUnharmed();
});

test('a driver that hangs for minutes and then does what it was asked loses no server', async () => {
  const hanging: (() => Promise<unknown>)[] = [];
  befall = (_verb, call) =>
    new Promise((resolve, reject) => {
      hanging.push(() => call().then(resolve, reject));
    });
  await fleet.keepMoving();
  await fleet.endOne();
  await vi.waitFor(() => expect(hanging.length).toBeGreaterThan(4), patience);
  befall = plainly;
  await hurry();
  await fleet.untilSteps(6);
  await Promise.allSettled(hanging.map((call) => call()));
  await expectUnharmed();
});

test('a launch that is done long after its server was terminated leaves nothing behind', async () => {
  const launching: (() => Promise<unknown>)[] = [];
  befall = (verb, call) =>
    verb === 'launch'
      ? new Promise((resolve, reject) => {
          launching.push(() => call().then(resolve, reject));
        })
      : call();
  const { t, ended } = fleet;
  await fleet.endOne();
  await vi.waitFor(() => expect(launching.length).toBeGreaterThan(0), patience);
  // Nobody waits for it any more.
  await expect.poll(countGivenUp, patience).toBeGreaterThan(0);
  await t.environmentAdmin.call('farmTerminate', t.environment, {
    params: { farmId: ended.farmId },
  });
  await hurry();
  await expect.poll(() => countRunningInBoth(database.db, ended.farmId), patience).toBe(0);
  await Promise.allSettled(launching.map((call) => call()));
  const open = async () => {
    await hurry();
    const left = await database.db
      .selectFrom('servers')
      .where('farm_id', '=', ended.farmId)
      .where('status', '=', 'pending_terminate')
      .select('id')
      .execute();
    return left.length;
  };
  // Whoever asked the cloud before asks again, for as long as a launch may still come.
  await expect.poll(open, { ...patience, timeout: 120_000 }).toBe(0);
  expect(await countRunningInBoth(database.db, ended.farmId)).toBe(0);
  expect(await watch.stop()).toEqual([]);
  expect(errors).toEqual([]);
});

/** Launches that took longer than a call may. */
async function countGivenUp(): Promise<number> {
  const { rows } = await sql<{ count: number }>`SELECT count(*)::int AS count FROM outbox
    WHERE done_at IS NULL AND error = 'The cloud did not answer in time.'`.execute(database.db);
  return rows[0]?.count ?? 0;
}
