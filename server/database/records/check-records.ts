import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import type { Seal } from '../connection/seal.ts';
import type { Violation } from '../invariants.ts';
import { type Begin, findBegin, findBeginProblems } from './begins.ts';
import { findCuts, findForgedCuts } from './cuts.ts';
import { findGuardProblems } from './guards.ts';
import { findHeadProblems } from './heads.ts';
import { type Noted, nothingNoted } from './heads-file.ts';
import { findLogProblems } from './log-check.ts';
import { findBrokenSeals } from './seals.ts';
import { findBrokenSignIns, signInChain } from './sign-in-chain.ts';
import { findStateProblems } from './state-check.ts';

/** What is looked for, by the name of the family. */
export const recordChecks = {
  LOG: 'every chain of the operations log is whole, and nothing can be changed in it',
  HEADS: 'every chain has what was noted of it outside of the database',
  BEGIN: 'records begin, and were cut, where somebody with the key for secrets signed for it',
  STATE: 'everything is as the operations log leaves it',
  SEAL: 'what lets people in, and what they were answered, was written by Slipway',
} as const;

/** What records are checked with. */
export interface RecordCheck {
  /** Of the key for secrets; without it only hashes are looked at, and what was signed is not. */
  seal: Seal | undefined;
  /** Read before the database is looked at. */
  noted?: Noted;
}

/**
 * Checks all records on one moment of the data, and changes nothing: docs/domain.md, "What records are proof of".
 * @returns what is not as Slipway wrote it
 */
export async function checkRecords(db: Db, check: RecordCheck): Promise<Violation[]> {
  const inOneMoment = db.transaction().setIsolationLevel('repeatable read');
  return inOneMoment.execute(async (tx) => {
    await sql`SET LOCAL statement_timeout = '10min'`.execute(tx);
    await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx);
    return findRecordProblems(tx, check);
  });
}

/** The same within a transaction that has begun. */
export async function findRecordProblems(
  tx: Db,
  { seal, noted = nothingNoted }: RecordCheck,
): Promise<Violation[]> {
  const begin = await findBegin(tx);
  const log = await findLogFindings(tx, begin, seal);
  const heads = [
    ...noted.problems.map((problem) => ({ problem })),
    ...(await findHeadProblems(tx, notedOf(noted, begin))),
  ];
  const found: Finding[] = [
    ...log.map((row) => ({ id: 'LOG' as const, row })),
    ...heads.map((row) => ({ id: 'HEADS' as const, row: { ...row } })),
  ];
  if (!begin && noted.begin !== undefined)
    found.push(atBegin('it was noted outside of the database, and is gone'));
  if (begin && !seal) found.push(atBegin('there is no key to check seals with'));
  if (begin && seal) found.push(...(await findSignedFindings(tx, begin, seal)));
  return found.map(({ id, row }) => ({ id, guarantee: recordChecks[id], row }));
}

interface Finding {
  id: keyof typeof recordChecks;
  row: Violation['row'];
}

const atBegin = (problem: string): Finding => ({ id: 'BEGIN', row: { problem } });

async function findLogFindings(tx: Db, begin: Begin | undefined, seal: Seal | undefined) {
  const sealedFrom = begin && new Map(toRevisions(begin));
  // Before there is a begin, seals are no matter.
  const problems = await findLogProblems(tx, begin ? { seal, sealedFrom } : {});
  const guards = await findGuardProblems(tx);
  return [...guards.map((problem) => ({ problem })), ...problems].map((row) => ({ ...row }));
}

/** What records say that begin somewhere, all of which is sealed. */
async function findSignedFindings(tx: Db, begin: Begin, seal: Seal): Promise<Finding[]> {
  const begins = await findBeginProblems(tx, seal, begin);
  const cuts = await findForgedCuts(tx, seal);
  const states = await findStateProblems(tx, new Map(toRevisions(begin)));
  const seals = await findBrokenSeals(tx, seal);
  const cut = (await findCuts(tx)).get(signInChain);
  const from = cut ? { number: cut.revision, seal: cut.hash } : { number: 0, seal: null };
  const signIns = await findBrokenSignIns(tx, seal, from);
  return [
    ...begins.map(atBegin),
    ...cuts.map((at) => atBegin(`nobody signed for the cut of ${at}`)),
    ...states.map((row) => ({ id: 'STATE' as const, row: { ...row } })),
    ...seals.map((row) => ({ id: 'SEAL' as const, row: { ...row } })),
    ...signIns.map((problem) => ({ id: 'SEAL' as const, row: { problem } })),
  ];
}

const toRevisions = ({ heads }: Begin): [string, number][] =>
  Object.entries(heads).map(([chain, [revision]]) => [chain, revision]);

/** What was noted outside, and what the begin signs for. */
function notedOf(noted: Noted, begin: Begin | undefined) {
  const signed = Object.entries(begin?.heads ?? {}).map(([chain, [revision, hash]]) => ({
    chain,
    revision,
    hash,
  }));
  // Signed again since: what was noted before that is of other records.
  const isNewer = begin && noted.begin !== undefined && begin.seal.toString('hex') !== noted.begin;
  return isNewer ? signed : [...signed, ...noted.heads];
}
