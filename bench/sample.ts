import type pg from 'pg';
import { apiBase } from '#contract/operations.ts';
import type { Db } from '#server/database/connection/connection.ts';
import type { Browser } from '#server/testing/app.ts';
import { captureStatements, type Statement } from '#server/testing/statements.ts';
import { replay } from './replay.ts';
import type { HttpClient } from './http.ts';
import type { ReadRow } from './reads.ts';
import type { ResultRow } from './results.ts';
import { summarise } from './statistics.ts';

/** What a measurement works with. */
export interface Bench {
  db: Db;
  /** The connection on which statements are replayed. */
  replayer: pg.Client;
  client: HttpClient;
  /** The same application in this process, where statements can be watched. */
  inside: Browser;
  /** A client of the empty route. */
  empty: HttpClient;
}

interface Sample {
  row: ReadRow;
  statements: Statement[];
  calls: number[];
  floors: number[];
}

const warmUps = 3;
const barMs: Record<string, number> = { l: 150, xl: 250 };

/** Measures rows in turns: each round calls every row and its floor once. */
export async function sampleReads(
  bench: Bench,
  rows: readonly ReadRow[],
  rounds: number,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const row of rows)
    samples.push({ row, statements: await inspect(bench, row), calls: [], floors: [] });
  for (let round = 1 - warmUps; round <= rounds; round++) {
    for (const { row, statements, calls, floors } of samples) {
      const called = await timeCall(bench.client, row);
      const floor =
        (await replay(bench.replayer, statements, 'read')) +
        (await timeCall(bench.empty, { path: '/' }));
      if (round < 1) continue;
      calls.push(called);
      floors.push(floor);
    }
    process.stderr.write(`\rround ${round} of ${rounds} `);
  }
  process.stderr.write('\n');
  return samples;
}

/** Judges a call by the bars of its estate; both 95th percentiles are of the same rounds. */
export function toResultRow({ row, statements, calls, floors }: Sample, size: string): ResultRow {
  const [call, floor] = [summarise(calls), summarise(floors)];
  const bar = row.barMs ?? barMs[size];
  const overFloor = Math.max(3 * floor.p95, floor.p95 + 10);
  return {
    group: row.group,
    name: row.name,
    ...call,
    unit: 'ms',
    floor,
    ...(bar !== undefined && {
      bar: `< ${bar} ms, < ${Math.round(overFloor)} ms`,
      holds: call.p95 < bar && call.p95 < overFloor,
    }),
    note: `${statements.length} statements`,
  };
}

async function inspect(bench: Bench, row: ReadRow): Promise<Statement[]> {
  await timeCall(bench.client, row);
  const path = row.path.replace(apiBase, '');
  return captureStatements(() => bench.inside.send(methodOf(row), path, row.body), { keep: true });
}

const methodOf = ({ body }: Pick<ReadRow, 'body'>) => (body === undefined ? 'GET' : 'POST');

async function timeCall(client: HttpClient, row: Pick<ReadRow, 'path' | 'body'>): Promise<number> {
  const started = performance.now();
  const { status, body } = await client.send(methodOf(row), row.path, row.body);
  if (status !== 200) throw new Error(`${status} at ${row.path}: ${body.toString()}`);
  return performance.now() - started;
}
