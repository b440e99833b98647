import { type RawBuilder, sql } from 'kysely';

/** The conditions that columns have the values that a filter names; undefined asks for nothing. */
export function equal(
  table: string,
  wanted: Record<string, string | number | boolean | undefined>,
): RawBuilder<unknown>[] {
  return Object.entries(wanted).flatMap(([column, value]) =>
    value === undefined ? [] : [sql`${sql.ref(`${table}.${column}`)} = ${value}`],
  );
}
