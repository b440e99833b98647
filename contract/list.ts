import { z } from 'zod';
import { bounded } from './fields.ts';

const wholeNumber = /^[0-9]{1,9}$/;

/** How a list is paged: Scalr's pages by number, or a cursor that costs the same on every page. */
const pagingQuery = {
  pageNum: z
    .string()
    .regex(wholeNumber, 'must be a whole number, 1 or more')
    .transform(Number)
    .refine((page) => page >= 1, 'must be 1 or more')
    .refine((page) => page <= 100_000, 'must be 100000 or less: use a cursor for deep pages')
    .optional(),
  maxResults: z
    .string()
    .regex(wholeNumber, 'must be a whole number from 1 to 100')
    .transform(Number)
    .refine((size) => size >= 1 && size <= 100, 'must be from 1 to 100')
    .optional(),
  /** `start`, or what `pagination.next` or `pagination.prev` of the same list has for it. */
  cursor: z.string().max(2000, 'is not a cursor of this list').optional(),
};

/**
 * The query of a list: its filters, its sorts (`-name` is descending), and what may be included.
 * Unknown parameters are refused, since a filter that is silently ignored shows wrong rows.
 */
export function listQuery<
  Filters extends Record<string, z.ZodType>,
  const Sorts extends readonly [string, ...string[]],
  const Includes extends readonly [string, ...string[]],
>(parts: { filters: Filters; sorts: Sorts; includes: Includes }) {
  return z.strictObject({
    ...parts.filters,
    ...pagingQuery,
    sort: sortQuery(parts.sorts),
    include: includeQuery(parts.includes),
  });
}

/** The name of a sort, with a minus before it for descending. */
export function sortQuery<const Sorts extends readonly [string, ...string[]]>(names: Sorts) {
  type Sort = Sorts[number] | `-${Sorts[number]}`;
  const sorts = names.flatMap((name) => [name, `-${name}`]) as unknown as [Sort, ...Sort[]];
  return z.enum(sorts, `must be one of ${sorts.join(', ')}`).optional();
}

/** A comma list of the costly members to add to the answer. */
export function includeQuery<const Includes extends readonly [string, ...string[]]>(
  includes: Includes,
) {
  return z
    .string()
    .transform((value) => value.split(',').filter((part) => part !== ''))
    .pipe(z.array(z.enum(includes, `may name ${includes.join(', ')}`)))
    .optional();
}

/** The part of a list's query that paging needs. */
export interface PageRequest {
  pageNum?: number | undefined;
  maxResults?: number | undefined;
  cursor?: string | undefined;
}

/** What a filter compares with, at most 200 characters; composed as texts are kept (NFC). */
export const searchText = bounded(200)
  .refine(
    (value) => value.isWellFormed() && !value.includes('\u0000'),
    'has characters that cannot be searched',
  )
  .normalize('NFC');

const mostWords = 20;

/** Words or ids that a list is searched for: docs/domain.md, "Search". */
export const searchQuery = searchText
  .trim()
  .refine(
    (value) => wordsOf(value).length <= mostWords,
    `must have at most ${mostWords} words or ids`,
  );

/** The words of a search, each once. */
export function wordsOf(query: string): string[] {
  return [...new Set(query.split(/[\s,]+/).filter((word) => word !== ''))];
}

export const defaultPageSize = 100;
