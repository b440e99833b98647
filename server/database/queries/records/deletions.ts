import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { isAtOrBelow, isVisible } from '../organisation/visibility.ts';

/** That an object was deleted, as the operations log has it. */
export interface Deletion {
  name: string;
  actor: string;
  at: Date;
}

/**
 * Who deleted an object last, if a scope saw it.
 * @param object as the log names it, such as `image:ID`
 * @param reach whether the scope sees objects of its kind at and above itself, or at and below
 */
export async function findDeletion(
  tx: Db,
  object: string,
  scope: ScopeRef,
  reach: 'above' | 'below',
): Promise<Deletion | undefined> {
  const isSeen = reach === 'above' ? isVisible('l', scope) : isAtOrBelow('l', scope);
  const { rows } = await sql<Deletion>`
    SELECT l.before->>'name' AS name, l.actor, l.at FROM operations_log l
    WHERE l.object = ${object} AND l.before IS NOT NULL AND l.after IS NULL AND ${isSeen}
    ORDER BY l.at DESC LIMIT 1`.execute(tx);
  return rows[0];
}
