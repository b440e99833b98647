import type { ColumnType } from 'kysely';
import type { Scope } from '#contract/scope.ts';

export type Timestamp = ColumnType<Date, Date | string, Date | string>;
export type DefaultedTimestamp = ColumnType<Date, Date | string | undefined, Date | string>;
export type NullableTimestamp = ColumnType<
  Date | null,
  Date | string | null | undefined,
  Date | string | null
>;
export type Json = ColumnType<unknown, string | null | undefined, string | null>;
export type Nullable<T> = ColumnType<T | null, T | null | undefined, T | null>;

/** Where an object lives. */
export interface ScopeColumns {
  scope: Scope;
  account_id: Nullable<number>;
  environment_id: Nullable<number>;
}

export interface DeprecationColumns {
  deprecated_at: NullableTimestamp;
  deprecated_by: Nullable<string>;
  deprecation_reason: Nullable<string>;
}
