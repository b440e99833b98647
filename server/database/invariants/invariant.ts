/** Something that is true of the data at every moment, said as a query for the rows that break it. */
export interface Invariant {
  /** `INV-05`; the ids are stable, so that people can look them up in docs/domain.md. */
  id: string;
  guarantee: string;
  /** Selects what names each row that breaks the guarantee; set-based, no parameters. */
  sql: string;
}

/** SQL: whether `owner` lives at the scope of `user` or above it, in the same account. NULL counts as no. */
export function isVisible(owner: string, user: string): string {
  return `((${owner}.scope = 'scalr'
    OR (${owner}.scope = 'account' AND ${user}.scope <> 'scalr' AND ${owner}.account_id = ${user}.account_id)
    OR (${owner}.scope = 'environment' AND ${owner}.environment_id = ${user}.environment_id)) IS TRUE)`;
}

/** SQL: the rank of a scope, 0 at the top; NULL for none. */
export function rank(scope: string): string {
  return `(CASE ${scope} WHEN 'scalr' THEN 0 WHEN 'account' THEN 1 WHEN 'environment' THEN 2 END)`;
}
