import { sql } from 'kysely';
import type { Db } from '#server/database/connection/connection.ts';
import type { Seal } from '#server/database/connection/seal.ts';
import { sealEntry } from '#server/database/queries/records/operations-log.ts';
import { checkRecords } from '#server/database/records/check-records.ts';
import { hashOf, selectLogRows } from '#server/database/records/log-check.ts';
import type { ResultRow } from './results.ts';

const barSeconds = 60;
const rowsAtOnce = 5_000;

/**
 * How long all that doctor looks at of records takes: hashes and seals of every entry, the fold of them all compared
 * with the state, and what is sealed row by row. The records are those that `fillOperations` has made.
 * @throws Error where a chain is not found whole, since then little was looked at
 */
export async function measureRecords(db: Db, seal: Seal): Promise<ResultRow[]> {
  await chainAll(db, seal);
  const started = performance.now();
  const problems = await checkRecords(db, { seal });
  const seconds = (performance.now() - started) / 1000;
  const { rows } = await sql<{ count: number }>`SELECT count(*) FROM operations_log`.execute(db);
  // What is made up tells of images that are otherwise: that is found out, and takes the longer.
  const broken = problems.filter(({ id }) => id !== 'STATE');
  if (broken.length > 0) throw new Error(`Not whole: ${JSON.stringify(broken.slice(0, 3))}`);
  return [
    {
      group: 'Records',
      name: `checking ${rows[0]?.count.toLocaleString('en')} of them, and the state against them`,
      p95: seconds,
      unit: 's',
      bar: `< ${barSeconds} s`,
      holds: seconds < barSeconds,
    },
  ];
}

/** Numbers, hashes and seals every entry anew, as if each had been made by Slipway. */
async function chainAll(db: Db, seal: Seal): Promise<void> {
  const { rows: chains } = await sql<{ chain: string }>`
    SELECT DISTINCT chain FROM operations_log ORDER BY chain`.execute(db);
  await sql`ALTER TABLE operations_log DISABLE TRIGGER operations_log_append_only`.execute(db);
  for (const { chain } of chains) await chainOne(db, chain, seal);
  await sql`ALTER TABLE operations_log ENABLE TRIGGER operations_log_append_only`.execute(db);
  await sql`VACUUM ANALYZE operations_log`.execute(db);
}

async function chainOne(db: Db, chain: string, seal: Seal): Promise<void> {
  let [hash, revision, after]: [Buffer, number, number] = [Buffer.alloc(0), 0, -1];
  for (;;) {
    const rows = await selectLogRows(db, chain, after, rowsAtOnce);
    const made = rows.map((row) => {
      const previous = hash;
      revision += 1;
      hash = hashOf({ ...row, revision }, previous);
      return {
        old: row.revision,
        revision,
        previous,
        hash,
        seal: sealEntry(seal, { revision, hash }, chain),
      };
    });
    after = rows.at(-1)?.revision ?? after;
    if (made.length === 0) break;
    const hex = (name: 'previous' | 'hash' | 'seal') =>
      made.map((row) => row[name]?.toString('hex') ?? '');
    await sql`
      UPDATE operations_log l SET revision = made.revision, prev_hash = decode(made.previous, 'hex'),
        hash = decode(made.hash, 'hex'), seal = decode(made.seal, 'hex')
      FROM unnest(${made.map(({ old }) => old)}::bigint[], ${made.map((row) => row.revision)}::bigint[],
        ${hex('previous')}::text[], ${hex('hash')}::text[], ${hex('seal')}::text[]) made (old, revision, previous, hash, seal)
      WHERE l.chain = ${chain} AND l.revision = made.old`.execute(db);
  }
  await sql`UPDATE revisions SET revision = ${revision}, hash = ${hash} WHERE chain = ${chain}`.execute(
    db,
  );
}
