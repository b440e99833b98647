import { sql } from 'kysely';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { testSecretsKey } from '../test-key.ts';
import { withDatabase } from '../database.ts';
import { FaultProxy } from '../network/fault-proxy.ts';
import { FleetWatch } from './fleet-watch.ts';
import { MovingFleet } from './moving-fleet.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';

// Two processes move a fleet of the simulated cloud while one thing after another befalls them. At every moment no
// more servers are down than may be, none is launched twice and none is lost, and in the end each farm has its minimum.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const kills = full ? 20 : 3;
const outageMs = full ? 30_000 : 4_000;
const jumps = full ? 60 : 10;
const environment = {
  SECRETS_KEY: testSecretsKey.toString('base64'),
  RATE_LIMIT_PER_MINUTE: '0',
  SIMULATED_CLOUD_MS: 'latency=40,boot=400,terminate=300',
};
const clock = fileURLToPath(new URL('jumping-clock.ts', import.meta.url));

const database = withDatabase();
let processes: ServerProcess[] = [];
let watch: FleetWatch | undefined;
let fleet: MovingFleet;

const start = async (url = database.url, more: Record<string, string> = {}) =>
  startServerProcess(url, { environment: { ...environment, ...more } });

/** Starts processes on the database, and a fleet that is looked at from then on. */
async function launch(...urls: string[]): Promise<void> {
  fleet = await MovingFleet.launch(database.db);
  processes = await Promise.all(urls.map((url) => start(url)));
  await fleet.untilWhole();
  watch = new FleetWatch(database.db, fleet.farms);
}

/** Demands that the fleet was never, and is not, other than it has to be. */
async function expectUnharmed(): Promise<void> {
  await fleet.untilMoved();
  expect(await watch?.stop()).toEqual([]);
  expect(watch?.samples).toBeGreaterThan(20);
  expect(await checkInvariants(database.db)).toEqual([]);
}

afterEach(async () => {
  await watch?.stop();
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.map(endOf));
  processes = [];
});

test(`killed ${kills} times during rollouts and launches, Slipway loses no server and launches none twice`, async () => {
  await launch(database.url, database.url);
  for (let kill = 0; kill < kills; kill++) {
    await fleet.keepMoving();
    await fleet.endOne();
    await fleet.untilSteps(1 + Math.floor(Math.random() * 12));
    // Both at once, or one, so that the other takes over.
    const killed = kill % 3 === 0 ? processes : [processes[kill % 2]];
    for (const server of killed) server?.child.kill('SIGKILL');
    await Promise.all(killed.map(async (server) => server && endOf(server)));
    expect(await checkInvariants(database.db)).toEqual([]);
    const left = processes.filter(({ child }) => child.signalCode === null);
    const again = await Promise.all(killed.map(() => start()));
    processes = [...left, ...again];
  }
  await expectUnharmed();
});

test(`a database that is silent for ${outageMs / 1_000} s, gone for as long, and lost to one of two does the fleet no harm`, async () => {
  const proxy = new FaultProxy(database.url);
  const url = await proxy.listen();
  try {
    await launch(url, url);
    for (const befall of [() => proxy.hang(), () => proxy.reset({ refusing: true })]) {
      await fleet.keepMoving();
      await fleet.endOne();
      await fleet.untilSteps(3);
      befall();
      // Nothing tells how long it is to last but this.
      await sleep(outageMs);
      proxy.heal();
      await fleet.untilSteps(3);
    }
    // One that has it takes over from those that do not, and they go on once they have it again.
    await fleet.keepMoving();
    await fleet.endOne();
    proxy.hang();
    processes.push(await start());
    await fleet.untilSteps(6);
    proxy.heal();
    await expectUnharmed();
  } finally {
    proxy.heal();
    await proxy.close();
  }
});

test('clocks that jump forward and back make nothing happen twice', async () => {
  await launch(database.url, database.url);
  for (const { child } of processes) child.kill('SIGKILL');
  await Promise.all(processes.map(endOf));
  const jumping = { NODE_OPTIONS: `--import=${clock}` };
  processes = await Promise.all([start(database.url, jumping), start(database.url, jumping)]);
  for (let jump = 0; jump < jumps; jump++) {
    await fleet.keepMoving();
    await fleet.endOne();
    await fleet.untilSteps(2);
    await jumpDatabaseClock('1 hour');
    await fleet.untilSteps(2);
    await jumpDatabaseClock('-1 hour');
    // What became due in an hour only is due again, as soon as the clock is right again.
    await jumpDatabaseClock('1 hour');
  }
  await expectUnharmed();
});

/**
 * Has jobs and waits see what they would if the clock of PostgreSQL had jumped: after one forward, what one process
 * is at is free for the other as well.
 */
async function jumpDatabaseClock(by: string): Promise<void> {
  const moved = sql`make_interval(secs => extract(epoch FROM ${by}::interval))`;
  await sql`UPDATE outbox SET next_attempt_at = next_attempt_at - ${moved}, leased_until = leased_until - ${moved}
    WHERE done_at IS NULL`.execute(database.db);
  await sql`UPDATE lane_rests SET rests_until = rests_until - ${moved}`.execute(database.db);
  await sql`UPDATE farm_role_setbacks SET retry_at = retry_at - ${moved}`.execute(database.db);
}
