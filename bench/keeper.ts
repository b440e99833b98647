import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#server/database/connection/connection.ts';
import { raiseFleetRevisions } from '#server/database/queries/records/moved.ts';
import { KeptAccounts, keepFarms } from '#server/fleet/keeper.ts';
import { captureStatements } from '#server/testing/statements.ts';
import { replay } from './replay.ts';
import type { ResultRow } from './results.ts';
import { summarise } from './statistics.ts';

interface Pass {
  name: string;
  barMs: number;
  /** What goes before each pass, outside of what is measured. */
  prepare: () => Promise<unknown> | void;
}

/**
 * The keeper's passes over an estate whose farms are in balance. The floor of each is its own statements, sent
 * bare, in turns with it. The server's own keeper runs beside them.
 */
export async function measureKeeper(
  db: Db,
  replayer: pg.Client,
  bigAccount: number,
  rounds: number,
): Promise<ResultRow[]> {
  const onError = (error: unknown) => {
    throw error;
  };
  const kept = new KeptAccounts();
  const pass = () => keepFarms(db, { onError }, kept);
  // What is out of balance since the estate was made.
  await pass();
  const passes: Pass[] = [
    { name: 'over all farms', barMs: 1_000, prepare: () => kept.forget() },
    {
      name: 'after a change in the account with 40 % of them',
      barMs: 1_000,
      prepare: () => raiseFleetRevisions(db, [bigAccount]),
    },
    { name: 'when nothing changed', barMs: 10, prepare: () => undefined },
  ];
  const samples = passes.map((each) => ({ ...each, took: [] as number[], floors: [] as number[] }));
  for (let round = 0; round <= rounds; round++) {
    for (const { prepare, took, floors } of samples) {
      await pass();
      await prepare();
      const started = performance.now();
      const statements = await captureStatements(pass, { keep: true });
      const ended = performance.now();
      const floor = await replay(replayer, statements, 'read');
      if (round === 0) continue;
      took.push(ended - started);
      floors.push(floor);
    }
  }
  const group = await nameGroup(db);
  return samples.map((sample) => toRow(group, sample));
}

async function nameGroup(db: Db): Promise<string> {
  const { rows } = await sql<{ farms: number; servers: number }>`
    SELECT (SELECT count(*) FROM farms)::int AS farms,
      (SELECT sum(servers) FROM server_groups)::int AS servers`.execute(db);
  const [farms, servers] = [rows[0]?.farms, rows[0]?.servers].map((it) =>
    it?.toLocaleString('en-US'),
  );
  return `A pass of the keeper, ${farms} farms and ${servers} live servers`;
}

function toRow(
  group: string,
  { name, barMs, took, floors }: Pass & { took: number[]; floors: number[] },
): ResultRow {
  const summary = summarise(took);
  return {
    group,
    name,
    ...summary,
    unit: 'ms',
    floor: summarise(floors),
    bar: `< ${barMs} ms`,
    holds: summary.p95 < barMs,
  };
}
