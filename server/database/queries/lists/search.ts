import { type RawBuilder, sql } from 'kysely';
import { wordsOf } from '#contract/list.ts';

/** One word of a search, in the forms that columns are compared with. */
export interface Term {
  text: string;
  /** Finds the text as it is: `%`, `_` and `\\` mean themselves. */
  pattern: string;
  /** The text, if it is the id of an image or a server. */
  uuid: string | undefined;
}

/** The ways in which a row of a list can have a word: one condition for each. */
export type Ways = (term: Term) => RawBuilder<unknown>[];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ec2Id = /^(ami|i)-[0-9a-f]{8,17}$/i;

function toTerm(text: string): Term {
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  return { text, pattern, uuid: uuid.test(text) ? text : undefined };
}

/**
 * What a row must have: something of every group (docs/domain.md, "Search"). The ids make one group; each
 * other word is one by itself. The group that finds the fewest, as far as one can tell, comes first.
 */
export function parseSearch(query: string): Term[][] {
  const words = wordsOf(query).sort((one, two) => two.length - one.length);
  const isId = (word: string) => uuid.test(word) || ec2Id.test(word);
  const ids = words.filter(isId).map(toTerm);
  const others = words.filter((word) => !isId(word)).map((word) => [toTerm(word)]);
  return ids.length > 0 ? [ids, ...others] : others;
}

/** The conditions on the rows that a search finds; none for a search without words. */
export function matchesSearch(query: string | undefined, ways: Ways): RawBuilder<unknown>[] {
  return parseSearch(query ?? '').map((group) => anyOf(group.flatMap(ways)));
}

/** At least one of these conditions holds. */
export function anyOf(conditions: readonly RawBuilder<unknown>[]): RawBuilder<unknown> {
  return sql`(${sql.join(conditions, sql` OR `)})`;
}

/** The ways of lists in which only texts of the row itself are searched. */
export function waysIn(...columns: string[]): Ways {
  return ({ pattern }) => columns.map((column) => sql`${sql.ref(column)} ILIKE ${pattern}`);
}
