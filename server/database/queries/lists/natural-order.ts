import { type RawBuilder, sql } from 'kysely';

/**
 * A text as lists sort by it: numbers in it by their value, capitals beside small letters. The indexes
 * that keysets walk are made for exactly this (migrations/0018-natural-order.ts).
 */
export function naturally(text: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`${text} COLLATE natural_order`;
}
