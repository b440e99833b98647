import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';

/**
 * Has the servers that several changes concern judged once, after them all, instead of after each: a replacement
 * changes what their roles have, and deprecates what they run. What `work` reads of groups of servers is as it was before.
 * @returns what `work` returns
 */
export async function judgeOnce<T>(tx: Db, work: () => Promise<T>): Promise<T> {
  await sendAhead(tx, sql`SELECT begin_judging_later()`.compile(tx));
  const result = await work();
  await sendAhead(tx, sql`SELECT judge_waiting_groups()`.compile(tx));
  return result;
}
