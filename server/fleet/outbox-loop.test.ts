import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterEach, expect, test, vi } from 'vitest';
import { CloudError } from '../cloud/call.ts';
import { withClient } from '../database/connection/client.ts';
import { claimJobs } from '../database/queries/records/outbox.ts';
import { withDatabase } from '../testing/database.ts';
import { randomName } from '../testing/harness.ts';
import { captureStatements } from '../testing/statements.ts';
import { type Effect, toJobKind } from './effects.ts';
import { type OutboxLoopOptions, startOutboxLoop } from './outbox-loop.ts';

const database = withDatabase();
const patience = { timeout: 20_000 };
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((loop) => loop.stop()));
});

/** What the cloud is asked in these tests: the name of the job. */
type Ask = Effect<string, unknown>['ask'];

/** An effect that needs no lock and leaves no record. */
function effectOf(kind: string, ask: Ask) {
  return toJobKind<string, unknown>({
    kind,
    find: async (_db, payload) => (payload as { name: string }).name,
    ask,
    fail: async (_ctx, jobId, _task, reason) => settle(jobId, reason),
    commit: async (_db, _task, service) => service(undefined),
  });
}

async function settle(jobId: string, error: string | null = null): Promise<void> {
  await sql`UPDATE outbox SET done_at = clock_timestamp(), leased_until = NULL, error = ${error}
    WHERE id = ${jobId}`.execute(database.db);
}

const done = async (_ctx: unknown, jobId: string) => settle(jobId);

function start(kinds: ReturnType<typeof effectOf>[], options: OutboxLoopOptions = {}): void {
  const onError = (error: unknown) => expect.unreachable(String(error));
  running.push(startOutboxLoop(database.db, kinds, { pollMs: 20, onError, ...options }));
}

async function queue(kind: string, lane: string, names: readonly string[]): Promise<void> {
  await sql`INSERT INTO outbox (kind, lane, payload, next_attempt_at)
    SELECT ${kind}, ${lane}, jsonb_build_object('name', name), now() - interval '1 hour'
    FROM unnest(${names}::text[]) AS name`.execute(database.db);
}

async function countWaiting(kind: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*) FROM outbox WHERE kind = ${kind} AND done_at IS NULL`.execute(database.db);
  return rows[0]?.count ?? NaN;
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

/** A cloud that holds every call until it is let go, or all are. */
function makeGate() {
  const held: { name: string; letGo: () => void }[] = [];
  let isOpen = false;
  const ask: Ask = (name) =>
    new Promise((resolve) => {
      const letGo = () => resolve(done);
      if (isOpen) letGo();
      else held.push({ name, letGo });
    });
  const open = () => {
    isOpen = true;
    for (const { letGo } of held) letGo();
  };
  return { held, ask, open };
}

test('jobs of one lane are done many at once, and no more than its limit, in all processes', async () => {
  const [kind, lane] = [randomName('kind'), randomName('lane')];
  await queue(kind, lane, names('job', 40));
  let [now, most] = [0, 0];
  const ask: Ask = async () => {
    most = Math.max(most, ++now);
    await sleep(5);
    now--;
    return done;
  };
  for (let process = 0; process < 4; process++) start([effectOf(kind, ask)], { perLane: 5 });
  await vi.waitFor(async () => expect(await countWaiting(kind)).toBe(0), patience);
  expect(most).toBe(5);
});

test('what another process has under way counts against the limit of its lane', async () => {
  const [kind, lane] = [randomName('kind'), randomName('lane')];
  await queue(kind, lane, names('job', 10));
  const claim = async (limit: number) =>
    (await claimJobs(database.db, { kinds: [kind], limit, perLane: 5, leaseMs: 60_000 })).length;
  expect([await claim(2), await claim(10), await claim(10)]).toEqual([2, 3, 0]);
  await sql`DELETE FROM outbox WHERE kind = ${kind}`.execute(database.db);
});

test('kinds of one lane share its limit, and one loop takes several kinds', async () => {
  const [one, other, lane] = [randomName('kind'), randomName('kind'), randomName('lane')];
  await queue(one, lane, names('one', 3));
  await queue(other, lane, names('other', 3));
  const { held, ask, open } = makeGate();
  start([effectOf(one, ask), effectOf(other, ask)], { perLane: 4 });
  await vi.waitFor(() => expect(held).toHaveLength(4), patience);
  const claim = { kinds: [one, other], limit: 10, perLane: 4, leaseMs: 60_000 };
  expect(await claimJobs(database.db, claim)).toEqual([]);
  open();
  await vi.waitFor(async () => {
    expect([await countWaiting(one), await countWaiting(other)]).toEqual([0, 0]);
  }, patience);
});

test('a lane with many jobs keeps no other lane waiting', async () => {
  const kind = randomName('kind');
  const [greedy, late, later] = ['a', 'b', 'c'].map((name) => `${name} ${randomName('lane')}`);
  await queue(kind, greedy ?? '', names('greedy', 200));
  const { held, ask, open } = makeGate();
  start([effectOf(kind, ask)], { perLane: 4, atOnce: 4 });
  await vi.waitFor(() => expect(held).toHaveLength(4), patience);
  await queue(kind, late ?? '', names('late', 50));
  await queue(kind, later ?? '', names('later', 1));
  const begun: string[] = [];
  for (let turn = 0; turn < 8; turn++) {
    held.shift()?.letGo();
    await vi.waitFor(() => expect(held).toHaveLength(4), patience);
    begun.push(held.at(-1)?.name.replace(/\d+$/, '') ?? '');
  }
  // Both newcomers at once; then the two that have more to do take the places in turn.
  expect(begun.slice(0, 2).toSorted()).toEqual(['late', 'later']);
  expect(begun.filter((name) => name === 'late').length).toBeGreaterThanOrEqual(3);
  expect(begun.filter((name) => name === 'greedy').length).toBeGreaterThanOrEqual(3);
  open();
  await vi.waitFor(async () => expect(await countWaiting(kind)).toBe(0), patience);
  await sql`DELETE FROM outbox WHERE kind = ${kind}`.execute(database.db);
});

test('a lane whose cloud is asked too often rests as a whole, and its jobs have not failed', async () => {
  const kind = randomName('kind');
  const [throttled, free] = [randomName('lane'), randomName('lane')];
  await queue(kind, throttled, names('throttled', 6));
  await queue(kind, free, names('free', 6));
  const asked: string[] = [];
  const ask: Ask = async (name) => {
    asked.push(name);
    if (name.startsWith('free')) return done;
    throw new CloudError('RequestLimitExceeded', { willPass: true, isThrottled: true });
  };
  start([effectOf(kind, ask)], { perLane: 3 });
  await vi.waitFor(async () => expect(await countWaiting(kind)).toBe(6), patience);
  const { rows } = await sql<{ attempts: number; rest_ms: number; resting: boolean }>`
    SELECT max(o.attempts) AS attempts, max(r.rest_ms) AS rest_ms,
      bool_and(r.rests_until > r.rests_until - make_interval(secs => r.rest_ms / 1000.0)) AS resting
    FROM outbox o JOIN lane_rests r USING (lane) WHERE o.lane = ${throttled} AND o.done_at IS NULL`.execute(
    database.db,
  );
  // Three were asked together, and that is one reason to rest, not three.
  expect(rows).toEqual([{ attempts: 0, rest_ms: 2_000, resting: true }]);
  await rest(throttled, -1);
  await vi.waitFor(async () => expect(await restOf(throttled)).toBe(4_000), patience);
  // It has gone well since for longer than it rested.
  await rest(throttled, -60);
  await vi.waitFor(async () => expect(await restOf(throttled)).toBe(2_000), patience);
  await sql`DELETE FROM outbox WHERE kind = ${kind}`.execute(database.db);
});

async function rest(lane: string, seconds: number): Promise<void> {
  await sql`UPDATE lane_rests SET rests_until = clock_timestamp() + make_interval(secs => ${seconds})
    WHERE lane = ${lane}`.execute(database.db);
}

async function restOf(lane: string): Promise<number | undefined> {
  const row = await database.db
    .selectFrom('lane_rests')
    .where('lane', '=', lane)
    .select('rest_ms')
    .executeTakeFirst();
  return row?.rest_ms;
}

test('a cloud that is still at it is asked again after as long as the effect says', async () => {
  const [kind, lane] = [randomName('kind'), randomName('lane')];
  await queue(kind, lane, ['patient']);
  let asked = 0;
  start([
    effectOf(kind, async () => {
      asked++;
      return { unfinishedMs: 3_600_000 };
    }),
  ]);
  await vi.waitFor(() => expect(asked).toBe(1), patience);
  await vi.waitFor(async () => {
    const { rows } =
      await sql`SELECT attempts, leased_until, next_attempt_at > now() + interval '50 minutes' AS waits
      FROM outbox WHERE kind = ${kind}`.execute(database.db);
    expect(rows).toEqual([{ attempts: 0, leased_until: null, waits: true }]);
  }, patience);
});

test('what is claimed is found through the index, however much has been done and waits', async () => {
  await sql`INSERT INTO outbox (kind, lane, payload, done_at, next_attempt_at)
    SELECT 'claimed', 'lane ' || n % 47, '{}', CASE WHEN n % 5 > 0 THEN now() END, now() + n % 7 * interval '1 hour'
    FROM generate_series(1, 100000) n`.execute(database.db);
  await sql`ANALYZE outbox`.execute(database.db);
  const claim = { kinds: ['claimed'], limit: 40, perLane: 10, leaseMs: 60_000 };
  const statements = await captureStatements(
    async () => {
      const jobs = await claimJobs(database.db, claim);
      expect(new Set(jobs.map(({ lane }) => lane)).size).toBe(40);
    },
    { keep: true },
  );
  const { text = '', values } = statements.find((one) => /UPDATE outbox/.test(one.text)) ?? {};
  const plan = await withClient(database.url, async (client) =>
    JSON.stringify((await client.query(`EXPLAIN (FORMAT JSON) ${text}`, values)).rows),
  );
  expect(plan).toContain('outbox_waiting');
  expect(scansIn(plan)).not.toContain('outbox');
  await sql`DELETE FROM outbox WHERE kind = 'claimed'`.execute(database.db);
});

/** The tables that a plan reads from end to end. */
function scansIn(plan: string): string[] {
  return [...plan.matchAll(/\{"Node Type":"Seq Scan"[^{}]*?"Relation Name":"(\w+)"/g)].map(
    ([, table = '']) => table,
  );
}
