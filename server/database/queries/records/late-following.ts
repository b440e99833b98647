import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/**
 * Makes Activity list the changes of very many objects, which their own transactions leave for later.
 * @returns whether there were any
 */
export async function followLate(db: Db): Promise<boolean> {
  const { rows } = await sql`SELECT FROM operations_unfollowed LIMIT 1`.execute(db);
  if (rows.length === 0) return false;
  await sql`SELECT follow_log_late()`.execute(db);
  return true;
}
