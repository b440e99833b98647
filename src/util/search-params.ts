/**
 * Typed state of a page in its address. Anything wrong in an address (an old bookmark, a typing error)
 * falls back to the field's default: it never breaks the page. Not written with zod, since every page
 * needs this before its first paint, and zod alone is a tenth of what that may weigh.
 */

/** How to read one parameter. `undefined` is an absent one, and its value is the default. */
export interface Field<Value> {
  read: (text: string | undefined) => Value;
}

// Fields of any value may stand in one record: each is only ever read.
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The state that an address with these fields holds. */
export type SearchState<F extends Fields> = {
  [Key in keyof F]: F[Key] extends Field<infer Value> ? Value : never;
};

const maxTextLength = 500;

/** Free text, trimmed by nobody: what was typed is what is shown. */
export function textParam(fallback = ''): Field<string> {
  return {
    read: (text) => (text !== undefined && text.length <= maxTextLength ? text : fallback),
  };
}

/** Text of a form, such as the id of an OS, or undefined. */
export function patternParam(pattern: RegExp): Field<string | undefined> {
  return { read: (text) => (text !== undefined && pattern.test(text) ? text : undefined) };
}

/** One of a closed set, or undefined. */
export function choiceParam<const Value extends string>(
  values: readonly Value[],
): Field<Value | undefined> {
  return { read: (text) => values.find((value) => value === text) };
}

/** Some of a closed set, written `a,b`. Unknown and repeated ones are dropped. */
export function listParam<const Value extends string>(values: readonly Value[]): Field<Value[]> {
  return {
    read: (text = '') => {
      const wanted = new Set(text.split(','));
      return values.filter((value) => wanted.has(value));
    },
  };
}

/** `true` or `false`, or undefined for "either". */
export function flagParam(): Field<boolean | undefined> {
  return { read: (text) => (text === 'true' || text === 'false' ? text === 'true' : undefined) };
}

/** A positive id, or undefined. */
export function idParam(): Field<number | undefined> {
  return {
    read: (text = '') => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined),
  };
}

/** What an open dialog has in the address (hooks/use-dialog.ts); the page behind it stays as it is. */
export const dialogParams = ['dialog', 'on', 'with'] as const;

/** The address without its dialog: what the page has read follows from it. */
export function withoutDialog({ pathname, search }: Pick<URL, 'pathname' | 'search'>): string {
  const params = new URLSearchParams(search);
  for (const name of dialogParams) params.delete(name);
  return `${pathname}?${params.toString()}`;
}

/** Rows per page. */
export const pageSizes = [25, 50, 100] as const;
export type PageSize = (typeof pageSizes)[number];
export function pageSizeParam(): Field<PageSize> {
  return { read: (text) => pageSizes.find((size) => String(size) === text) ?? 50 };
}

/** `name` or `-name`, from the columns that can be sorted by. */
export function sortParam<const Column extends string>(
  columns: readonly Column[],
  fallback: NoInfer<Column | `-${Column}`>,
): Field<Column | `-${Column}`> {
  const known = columns.flatMap((column): (Column | `-${Column}`)[] => [column, `-${column}`]);
  return { read: (text) => known.find((value) => value === text) ?? fallback };
}

/** What every sorted list has in its address: its sort and its page. */
export function listParams<const Column extends string>(
  columns: readonly Column[],
  fallback: NoInfer<Column | `-${Column}`>,
) {
  return { sort: sortParam(columns, fallback), pageSize: pageSizeParam(), cursor: textParam() };
}

/** The page of a list to ask the server for. */
export function pageOf({ pageSize, cursor }: { pageSize: PageSize; cursor: string }) {
  return { maxResults: pageSize, cursor: cursor === '' ? 'start' : cursor };
}

/** The cursor of a link to another page of a list; undefined where there is no such page. */
export function cursorOf(link: string | null | undefined): string | undefined {
  if (link === null || link === undefined) return undefined;
  return new URLSearchParams(link.slice(link.indexOf('?'))).get('cursor') ?? undefined;
}

/** The state that an address holds; anything wrong in it counts as absent. */
export function parseSearch<F extends Fields>(fields: F, params: URLSearchParams): SearchState<F> {
  const state = Object.entries(fields).map(([name, field]) => [
    name,
    field.read(params.get(name) ?? undefined),
  ]);
  // The record has exactly the fields' names and their values.
  return Object.fromEntries(state) as SearchState<F>;
}

export type SearchPatch = Record<string, string | number | boolean | readonly string[] | undefined>;

function writeValue(value: SearchPatch[string]): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/**
 * A copy of the parameters with the patch applied. What equals its default is left out, other
 * parameters stay, and any change but of the page itself goes back to the first page, since a cursor
 * is bound to its filters and sort.
 */
export function patchSearch(
  fields: Fields,
  current: URLSearchParams,
  patch: SearchPatch,
): URLSearchParams {
  const next = new URLSearchParams(current);
  if (!('cursor' in patch)) next.delete('cursor');
  for (const [key, value] of Object.entries(patch)) {
    const text = writeValue(value);
    const usual = fields[key]?.read(undefined) as SearchPatch[string];
    if (text === '' || text === writeValue(usual)) next.delete(key);
    else next.set(key, text);
  }
  return next;
}
