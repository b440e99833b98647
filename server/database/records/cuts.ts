import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { isSameSeal, type Seal } from '../connection/seal.ts';

/** A place in a chain: what its next entry is bound to. */
export interface ChainPoint {
  revision: number;
  hash: Buffer;
}

/** Where old entries of a chain end, and how much was deleted. */
export interface Cut extends ChainPoint {
  chain: string;
  entries: number;
  entries_in_all: number;
  before: Date;
  at: Date;
  by: string;
}

/** The last cut of each chain that was cut, by its name. */
export async function findCuts(db: Db): Promise<Map<string, Cut>> {
  const { rows } = await sql<Cut>`
    SELECT DISTINCT ON (chain) chain, revision, hash, entries, entries_in_all, before, at, by
    FROM record_cuts ORDER BY chain, id DESC`.execute(db);
  return new Map(rows.map((row) => [row.chain, row]));
}

export function sealCut(seal: Seal, cut: Cut): Buffer {
  const { chain, revision, hash, entries, entries_in_all, before, at, by } = cut;
  const times = [before, at].map((time) => time.toISOString());
  const numbers = [revision, entries, entries_in_all];
  return seal('cut', [chain, hash.toString('hex'), ...numbers, ...times, by]);
}

/** The cuts that nobody with the key made: each with its chain and revision. */
export async function findForgedCuts(db: Db, seal: Seal): Promise<string[]> {
  const { rows } = await sql<Cut & { seal: Buffer }>`SELECT * FROM record_cuts ORDER BY id`.execute(
    db,
  );
  return rows
    .filter((row) => !isSameSeal(row.seal, sealCut(seal, row)))
    .map(({ chain, revision }) => `${chain} at ${revision}`);
}

/** Signs for a cut. @param cut what was deleted up to where, and how much of it now */
export async function writeCut(
  tx: Db,
  seal: Seal,
  cut: Omit<Cut, 'entries_in_all' | 'at'>,
): Promise<Cut> {
  const earlier = (await findCuts(tx)).get(cut.chain);
  const whole = {
    ...cut,
    entries_in_all: (earlier?.entries_in_all ?? 0) + cut.entries,
    at: new Date(),
  };
  await tx
    .insertInto('record_cuts')
    .values({ ...whole, seal: sealCut(seal, whole) })
    .execute();
  return whole;
}
