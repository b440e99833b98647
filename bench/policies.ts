import { sql } from 'kysely';
import type pg from 'pg';
import type { Db } from '#server/database/connection/connection.ts';
import { checkPolicies } from '#server/fleet/policies.ts';
import { captureStatements } from '#server/testing/statements.ts';
import { replay } from './replay.ts';
import type { ResultRow } from './results.ts';
import { summarise } from './statistics.ts';

const barMs = 2_000;

const rules = {
  deprecate: { olderThanDays: 180, keepNewest: 3 },
  delete: { unusedForDays: 90, keepNewest: 3, deprecatedOnly: false, fromCloud: false },
} as const;

/**
 * How long it takes to evaluate a policy that reaches everything in an account, and to keep what was found, as the loop
 * does once a day. The floor is those of its own statements that read, sent bare.
 */
export async function measurePolicies(
  db: Db,
  replayer: pg.Client,
  accountId: number,
  rounds: number,
): Promise<ResultRow[]> {
  const onError = (error: unknown) => {
    throw error;
  };
  const { rows: counted } = await sql<{ images: number }>`
    SELECT count(*)::int AS images FROM images WHERE account_id = ${accountId} AND deleted_at IS NULL`.execute(
    db,
  );
  const group = `A policy evaluated and kept, ${counted[0]?.images.toLocaleString('en-US')} images`;
  const results: ResultRow[] = [];
  for (const [kind, rule] of Object.entries(rules)) {
    const policy = await insertPolicy(db, accountId, kind as keyof typeof rules, rule);
    const pass = () => checkPolicies(db, { onError }, { everyMs: 1e12, evaluateMs: 0 });
    const [took, floors]: [number[], number[]] = [[], []];
    for (let round = 0; round <= Math.min(rounds, 10); round++) {
      const started = performance.now();
      const statements = await captureStatements(pass, { keep: true });
      const ended = performance.now();
      // What was kept cannot be kept once more.
      const reads = statements.filter(({ text }) => !/^\s*(?:insert|update|delete)\b/i.test(text));
      const floor = await replay(replayer, reads, 'read');
      if (round === 0) continue;
      took.push(ended - started);
      floors.push(floor);
    }
    await db.deleteFrom('policies').where('id', '=', policy).execute();
    const summary = summarise(took);
    results.push({
      group,
      name: kind,
      ...summary,
      unit: 'ms',
      floor: summarise(floors),
      bar: `< ${barMs} ms`,
      holds: summary.p95 < barMs,
    });
  }
  return results;
}

async function insertPolicy(
  db: Db,
  accountId: number,
  kind: keyof typeof rules,
  rule: object,
): Promise<string> {
  const { id } = await db
    .insertInto('policies')
    .values({
      kind,
      name: `bench ${kind}`,
      reach: 'below',
      rule: JSON.stringify(rule),
      scope: 'account',
      account_id: accountId,
      created_by: 'bench',
      added_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}
