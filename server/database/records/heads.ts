import { sql } from 'kysely';
import type { Db } from '../connection/connection.ts';
import { signInChain } from './sign-in-chain.ts';

/** Where chains stand, by name: the revision, and the hash of its entry in hexadecimal. */
export type Heads = Record<string, [revision: number, hash: string]>;

/** Where all chains stand: those of the log, and that of sign-ins. */
export async function fetchHeads(db: Db): Promise<Heads> {
  const { rows } = await sql<{ chain: string; revision: number; hash: string }>`
    SELECT chain, revision, encode(hash, 'hex') AS hash FROM revisions WHERE revision > 0
    UNION ALL
    SELECT ${signInChain}, number, encode(coalesce(seal, ''), 'hex') FROM (
      SELECT number, seal FROM sign_ins WHERE number IS NOT NULL ORDER BY number DESC LIMIT 1) last
    ORDER BY 1`.execute(db);
  return Object.fromEntries(rows.map(({ chain, revision, hash }) => [chain, [revision, hash]]));
}

/** A head that was noted outside, and does not fit. */
export interface HeadProblem {
  chain: string;
  revision: number;
  problem: string;
}

/**
 * Compares heads that were noted at any time with the chains there are.
 * @returns the first of each chain that has no such entry any more
 */
export async function findHeadProblems(
  db: Db,
  noted: readonly { chain: string; revision: number; hash: string }[],
): Promise<HeadProblem[]> {
  const { rows } = await sql<HeadProblem>`
    SELECT DISTINCT ON (chain) chain, noted.revision, CASE
      WHEN there.hash IS NULL THEN 'it was noted outside, and is gone'
      ELSE 'another one was noted outside' END AS problem
    FROM unnest(${noted.map(({ chain }) => chain)}::text[], ${noted.map(({ revision }) => revision)}::bigint[],
      ${noted.map(({ hash }) => hash)}::text[]) noted (chain, revision, hash)
    LEFT JOIN LATERAL (
      SELECT l.hash FROM operations_log l WHERE (l.chain, l.revision) = (noted.chain, noted.revision)
      UNION ALL
      SELECT s.seal FROM sign_ins s WHERE noted.chain = ${signInChain} AND s.number = noted.revision
      UNION ALL
      SELECT c.hash FROM record_cuts c WHERE (c.chain, c.revision) = (noted.chain, noted.revision)) there ON true
    WHERE there.hash IS DISTINCT FROM decode(noted.hash, 'hex')
      -- What was cut is signed for by the cut.
      AND NOT EXISTS (SELECT FROM record_cuts c WHERE c.chain = noted.chain AND c.revision > noted.revision)
    ORDER BY chain, noted.revision`.execute(db);
  return rows;
}
