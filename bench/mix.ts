import { sql } from 'kysely';
import type { Db } from '#server/database/connection/connection.ts';
import { checkInvariants } from '#server/database/invariants.ts';
import { findTamperedRevisions } from '#server/database/records/log-check.ts';
import type { MixReport, Order } from './mix-clients.ts';
import type { ResultRow } from './results.ts';
import { ended, runNode } from './server.ts';
import { summarise } from './statistics.ts';

const clients = 64;
const accounts = 16;
const durationMs = 15_000;

/** 64 clients change what is theirs in 16 accounts at once; then everything that must be true is checked. */
export async function measureMix(db: Db, address: string, token: string): Promise<ResultRow[]> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM (
      SELECT id, row_number() OVER (PARTITION BY account_id ORDER BY id) AS nth, account_id FROM environments) e
    WHERE nth <= ${Math.ceil(clients / accounts)} ORDER BY nth, account_id LIMIT ${accounts}`.execute(
    db,
  );
  const environmentIds = Array.from({ length: clients }, (_, i) => rows[i % rows.length]?.id ?? 0);
  const report = await runMixClients({ address, tokens: [token], environmentIds, durationMs });
  const broken = (await checkInvariants(db)).length + (await findTamperedRevisions(db)).length;
  return toRows(report, broken);
}

/** Runs clients in a process of their own. @returns what they saw */
export async function runMixClients(order: Order): Promise<MixReport> {
  const child = runNode(['bench/mix-clients.ts', JSON.stringify(order)]);
  const reported = new Promise<MixReport>((resolve, reject) => {
    child.once('message', (report: unknown) => resolve(report as MixReport));
    child.once('exit', (code) =>
      reject(new Error(`The clients ended with ${code} and without a report.`)),
    );
  });
  const report = await reported;
  await ended(child);
  return report;
}

function toRows({ done, answers, latenciesMs, tookMs }: MixReport, broken: number): ResultRow[] {
  const group = `${clients} clients mixing changes in ${accounts} accounts`;
  const perSecond = Math.round(done / (tookMs / 1000));
  const failed = Object.entries(answers).filter(([status]) => status.startsWith('5'));
  const errors = failed.reduce((sum, [, count]) => sum + count, 0);
  const refused = Object.entries(answers).filter(([status]) => status.startsWith('4'));
  const list = (entries: [string, number][]) =>
    entries.map(([status, count]) => `${count} x ${status}`).join(', ');
  return [
    {
      group,
      name: 'changes carried out',
      p95: perSecond,
      unit: 'a second',
      bar: '>= 600 a second',
      holds: perSecond >= 600,
      note: `${done} in ${(tookMs / 1000).toFixed(1)} s; refused: ${list(refused) || 'none'}`,
    },
    { group, name: 'time of a change', ...summarise(latenciesMs), unit: 'ms' },
    {
      group,
      name: 'answers of 500 and above',
      p95: errors,
      unit: '',
      bar: 'none',
      holds: errors === 0,
      note: list(failed),
    },
    {
      group,
      name: 'rows that break an invariant, after it',
      p95: broken,
      unit: '',
      bar: 'none',
      holds: broken === 0,
    },
  ];
}
