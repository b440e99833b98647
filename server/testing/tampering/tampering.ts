import type { Db } from '../../database/connection/connection.ts';

/** Something that somebody who can write the whole database, but has neither the key for secrets nor the data folder, does. */
export interface Tampering {
  /** What it is, as it goes on from "notices". */
  name: string;
  /** Which check notices it. */
  by: 'LOG' | 'HEADS' | 'BEGIN' | 'STATE' | 'SEAL' | 'SECRETS' | 'RIGHTS';
  /** SQL, or several steps, by the owner of the tables. */
  act: string | ((tx: Db) => Promise<void>);
}

/** Something done while no trigger and no constraint looks. */
export const quietly = (statements: string): string =>
  `SET LOCAL session_replication_role = replica; ${statements}; SET LOCAL session_replication_role = origin`;

/** An edit of one row of a table, past the log. */
export function edit(table: string, set: string, where = 'true'): string {
  return quietly(
    `UPDATE ${table} SET ${set} WHERE ctid = (SELECT ctid FROM ${table} WHERE ${where} LIMIT 1)`,
  );
}
/** A row of a table taken out, past the log. */
export const remove = (table: string, where = 'true'): string =>
  quietly(`DELETE FROM ${table} WHERE ctid = (SELECT ctid FROM ${table} WHERE ${where} LIMIT 1)`);
