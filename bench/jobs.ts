import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Db, openDatabase } from '#server/database/connection/connection.ts';
import { settleJob } from '#server/database/queries/records/outbox.ts';
import { toJobKind } from '#server/fleet/effects.ts';
import { startOutboxLoop } from '#server/fleet/outbox-loop.ts';
import { printTable, renderDocument } from './report.ts';
import { describeMachine, type ResultRow, writeResults } from './results.ts';
import { startBenchServer } from './server.ts';

const about =
  'How long the outbox takes for jobs that each ask a cloud for 400 ms. The floor is the same calls, as many at once, and nothing else: no database, no other work. Both are measured in one run.';
const jobs = 1_000;
const callMs = 400;
const kind = 'bench.job';

interface Case {
  name: string;
  /** Whose credentials the jobs use. */
  lanes: number;
  /** So many at once, of all lanes. */
  atOnce: number;
  barS: number;
}

const cases: Case[] = [
  { name: '1,000 jobs of one account, 10 at once', lanes: 1, atOnce: 10, barS: 60 },
  { name: '1,000 jobs of ten accounts, 40 at once', lanes: 10, atOnce: 40, barS: 60 },
];

const call = (signal?: AbortSignal) => sleep(callMs, undefined, { signal });

/** The same calls, without jobs. */
async function makeCalls({ atOnce }: Case): Promise<void> {
  let left = jobs;
  const callAll = async () => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: atOnce }, callAll));
}

async function carryOutJobs(db: Db, { lanes, atOnce }: Case): Promise<void> {
  await sql`INSERT INTO outbox (kind, lane, payload)
    SELECT ${kind}, 'bench ' || n % ${lanes}::int, '{}' FROM generate_series(1, ${jobs}::int) n`.execute(
    db,
  );
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  let left = jobs;
  const effect = toJobKind<true, Db>({
    kind,
    find: async () => true,
    ask: async (_task, { signal }) => {
      await call(signal);
      return async (tx, jobId) => {
        await settleJob(tx, jobId, new Date());
      };
    },
    fail: async () => {},
    commit: async (from, _task, service) => {
      await from.transaction().execute(service);
      if (--left === 0) resolve();
    },
  });
  const loop = startOutboxLoop(db, [effect], { atOnce, onError: (error) => reject(error) });
  try {
    await done;
  } finally {
    await loop.stop();
  }
}

async function timeS(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((performance.now() - started) / 10) / 100;
}

async function measure(db: Db): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  for (const one of cases) {
    const floorS = await timeS(() => makeCalls(one));
    const tookS = await timeS(() => carryOutJobs(db, one));
    rows.push({
      name: one.name,
      p95: tookS,
      unit: 's',
      floor: { median: floorS, p95: floorS },
      bar: `< ${one.barS} s`,
      holds: tookS < one.barS,
    });
  }
  return rows;
}

// npm run bench:jobs: measures the outbox on a database of its own, while the server on it runs.
const machine = describeMachine();
const server = await startBenchServer('s', 0, undefined);
const db = openDatabase(server.databaseUrl);
try {
  const rows = await measure(db);
  printTable(rows);
  writeResults('jobs', { title: 'Jobs', about, machine, rows });
  renderDocument();
} finally {
  await db.destroy();
  await server.stop();
}
// The launcher keeps a channel open to tell us when it is gone; we are done first.
process.exit(0);
