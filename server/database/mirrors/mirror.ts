import type { Kind, Recorded } from '#contract/records/recorded.ts';

/** Why something that the log tells cannot be compared with a table. */
export interface Unmirrored {
  because: string;
}

/** The members that every entry has; what must be asked for is never recorded. */
type Always<K extends Kind> = {
  [Member in keyof Recorded<K>]-?: undefined extends Recorded<K>[Member] ? never : Member;
}[keyof Recorded<K>];

/**
 * How what the log keeps of the objects of a kind stands in the tables: the state that the log leads to is compared
 * with them, and can be rebuilt from it.
 */
export interface Mirror<K extends Kind = Kind> {
  /** SQL: the FROM and WHERE that select a row for each object that is there. */
  from: string;
  /** SQL: what names an object in the log after its kind, such as `i.id`. */
  id: string;
  /** SQL for each member of an entry, as it is there. A member that none is given for does not compile. */
  members: { [Member in Always<K>]: string | Unmirrored };
  /** SQL: which objects of the log may be gone without a record of it; `state` is what the log says of one. */
  mayGo?: string;
  /** Parts of members that follow from other objects: paths such as `deprecation,useInstead`. */
  without?: readonly string[];
}

/** SQL: a time as the wire has it. */
export const time = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** SQL: a link as the log keeps it, null where there is none. */
export const link = (column: string): string =>
  `CASE WHEN ${column} IS NOT NULL THEN jsonb_build_object('id', ${column}) END`;

/** The scope of an object, without the names of where that is, which are other objects' own. */
export const place = (alias: string) => ({
  scope: `${alias}.scope`,
  accountId: `${alias}.account_id`,
  envId: `${alias}.environment_id`,
  accountName: nameOfOther,
  envName: nameOfOther,
});

export const nameOfOther = { because: 'it is the name of another object, which says so itself' };
export const byItself = { because: 'it changes without an operation' };

/** SQL: whether it was in an account or environment that is there no longer. */
export const placeIsGone = `(state ->> 'envId' IS NOT NULL AND NOT EXISTS (
    SELECT FROM environments e WHERE e.id::text = state ->> 'envId')
  OR state ->> 'accountId' IS NOT NULL AND NOT EXISTS (
    SELECT FROM accounts a WHERE a.id::text = state ->> 'accountId'))`;
