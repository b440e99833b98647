import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/**
 * The sealed secrets of all cloud credentials that have some. None where there is no table for them yet, before
 * the database is made or migrated.
 */
export async function fetchSealedCredentials(db: Db): Promise<{ id: string; sealed: Buffer }[]> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT to_regclass('cloud_credentials') IS NOT NULL AS found`.execute(db);
  if (rows[0]?.found !== true) return [];
  const { rows: sealed } = await sql<{ id: string; sealed: Buffer }>`
    SELECT id, sealed_secrets AS sealed FROM cloud_credentials WHERE sealed_secrets IS NOT NULL`.execute(
    db,
  );
  return sealed;
}
