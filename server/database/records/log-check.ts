import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { isSameSeal, type Seal } from '../connection/seal.ts';
import { entryHash, normalJson, sealEntry } from '../queries/records/operations-log.ts';
import { type ChainPoint, findCuts } from './cuts.ts';
import { signInChain } from './sign-in-chain.ts';

/** Where a chain of the log is not as it was written. */
export interface LogProblem {
  chain: string;
  revision: number;
  problem: string;
}

/** What the check of the log goes by beside the log. */
export interface LogCheck {
  /** What entries were sealed with; without it their hashes alone are looked at. */
  seal?: Seal | undefined;
  /** Up to where a chain may have entries without a seal, by its name; none without it. */
  sealedFrom?: ReadonlyMap<string, number> | undefined;
}

/**
 * Recomputes every chain of the log there is, whether anything else knows of it or not: numbers without a gap, each
 * entry bound to the one before, its hash that of its content, its seal that of its hash, and the counter at its end.
 * @returns of each chain the first entry that does not fit
 */
export async function findLogProblems(db: Db, check: LogCheck = {}): Promise<LogProblem[]> {
  const cuts = await findCuts(db);
  const problems: LogProblem[] = [];
  for (const { chain, ...counter } of await fetchChains(db, [...cuts.keys()])) {
    const start = cuts.get(chain) ?? { revision: 0, hash: Buffer.alloc(0) };
    const walked = await walk(db, chain, start, check);
    const problem = 'problem' in walked ? walked : judgeEnd(walked, counter);
    if (problem) problems.push({ chain, ...problem });
  }
  return problems;
}

/** The first revisions that do not carry the hash of their content, by chain. */
export async function findTamperedRevisions(
  db: Db,
): Promise<{ chain: string; revision: number }[]> {
  const found = await findLogProblems(db);
  return found.map(({ chain, revision }) => ({ chain, revision }));
}

interface Counter {
  revision: number | null;
  hash: Buffer | null;
}

/** Every chain that a counter, an entry or a cut tells of. */
async function fetchChains(db: Db, cut: string[]): Promise<(Counter & { chain: string })[]> {
  const known = cut.filter((chain) => chain !== signInChain);
  const { rows } = await sql<Counter & { chain: string }>`
    SELECT chain, r.revision, r.hash FROM (
      SELECT chain FROM revisions UNION SELECT DISTINCT chain FROM operations_log UNION SELECT unnest(${known}::text[])) named (chain)
    LEFT JOIN revisions r USING (chain) ORDER BY chain`.execute(db);
  return rows;
}

function judgeEnd(end: ChainPoint, counter: Counter): Omit<LogProblem, 'chain'> | undefined {
  const { revision } = end;
  if (counter.revision === null || counter.hash === null)
    return { revision, problem: 'the chain has no counter' };
  if (counter.revision !== revision)
    return { revision, problem: `the counter is at ${counter.revision}` };
  return counter.hash.equals(end.hash)
    ? undefined
    : { revision, problem: 'the counter has another hash' };
}

const rowsAtOnce = 2_000;

/** Walks one chain in pieces, so that a long one needs little memory. @returns its end, or what does not fit first */
async function walk(
  db: Db,
  chain: string,
  start: ChainPoint,
  check: LogCheck,
): Promise<ChainPoint | Omit<LogProblem, 'chain'>> {
  let at = start;
  const sealedFrom = check.sealedFrom?.get(chain) ?? 0;
  let next = selectLogRows(db, chain, -1, rowsAtOnce);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (!last) return at;
    // PostgreSQL reads on while what it read is hashed here.
    next = selectLogRows(db, chain, last.revision, rowsAtOnce);
    for (const row of rows) {
      const problem = judgeEntry(row, at, sealedFrom, check.seal);
      if (problem !== undefined) {
        await next;
        return { revision: row.revision, problem };
      }
      at = row;
    }
  }
}

/** What of an entry does not fit the one before, its own content or its seal. */
function judgeEntry(
  row: LogRow,
  before: ChainPoint,
  sealedFrom: number,
  key: Seal | undefined,
): string | undefined {
  const { chain, revision, hash, seal, prev_hash: previous } = row;
  if (revision !== before.revision + 1) return `it follows ${before.revision}, so some are missing`;
  if (!previous.equals(before.hash) || !hashOf(row, before.hash).equals(hash))
    return 'its hash is not that of its content';
  const isOld = revision <= sealedFrom && seal === null;
  const own = key && sealEntry(key, { revision, hash }, chain);
  if (own && !isOld && !isSameSeal(seal, own)) return 'it does not carry its seal';
  return undefined;
}

type LogRow = Awaited<ReturnType<typeof selectLogRows>>[number];

/** The hash that an entry has by its content. */
export function hashOf(row: LogRow, previous: Buffer): Buffer {
  const {
    hash: _hash,
    prev_hash: _previous,
    seal: _seal,
    at,
    shape,
    undo,
    others,
    options,
    ...rest
  } = row;
  return entryHash(previous, {
    ...rest,
    at: at.toISOString(),
    before: normalJson(rest.before),
    after: normalJson(rest.after),
    ...membersOfShape(shape, { undo, others, options }),
  });
}

/** What is hashed of a row beside the members of every shape; what its shape does not have must not be there. */
function membersOfShape(
  ofRow: number,
  row: { undo: string | null; others: string | null; options: string | null },
): Record<string, unknown> {
  const members = {
    undo: normalJson(row.undo),
    others: normalJson(row.others),
    options: normalJson(row.options),
  };
  const own = ofRow === 1 ? ['undo'] : ['others', 'options'];
  const hashed = Object.entries(members).filter(
    ([name, value]) => own.includes(name) || value !== null,
  );
  return { ...Object.fromEntries(hashed), ...(ofRow !== 1 && { shape: ofRow }) };
}

/** Entries of a chain, from the first one after a revision on. */
export async function selectLogRows(db: Db, chain: string, from: number, limit: number) {
  return db
    .selectFrom('operations_log')
    .where('chain', '=', chain)
    .where('revision', '>', from)
    .orderBy('revision')
    .limit(limit)
    .select([
      'chain',
      'revision',
      'at',
      'request_id',
      'operation',
      'actor',
      'credential',
      'origin',
      'scope',
      'account_id',
      'environment_id',
      'object',
      'reason',
      'shape',
      'prev_hash',
      'hash',
      'seal',
    ])
    .select([
      sql<string | null>`before::text`.as('before'),
      sql<string | null>`after::text`.as('after'),
      sql<string | null>`undo::text`.as('undo'),
      sql<string | null>`others::text`.as('others'),
      sql<string | null>`options::text`.as('options'),
    ])
    .execute();
}
