import { z } from 'zod';

/**
 * Typed state of a page in its address. Every field has a `.catch`, so that an address from an old
 * bookmark or a mistyped one never breaks the page: the field falls back to its default.
 */

/** Free text, trimmed by nobody: what was typed is what is shown. */
export function textParam(fallback = '') {
  return z.string().max(500).catch(fallback);
}

/** One of a closed set, or undefined. */
export function choiceParam<const Value extends string>(values: readonly Value[]) {
  return z.enum(values).optional().catch(undefined);
}

/** Some of a closed set, written `a,b`. Unknown and repeated ones are dropped. */
export function listParam<const Value extends string>(values: readonly Value[]) {
  return z
    .string()
    .transform((text) => {
      const wanted = new Set(text.split(','));
      return values.filter((value) => wanted.has(value));
    })
    .catch(() => []);
}

/** `true` or `false`, or undefined for "either". */
export function flagParam() {
  return z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional()
    .catch(undefined);
}

/** A positive id, or undefined. */
export function idParam() {
  return z.coerce.number().int().positive().optional().catch(undefined);
}

/** Rows per page. */
export const pageSizes = [25, 50, 100] as const;
export function pageSizeParam() {
  return z.coerce
    .number()
    .pipe(z.literal([...pageSizes]))
    .catch(50);
}

/** `name` or `-name`, from the columns that can be sorted by. */
export function sortParam<const Column extends string>(
  columns: readonly Column[],
  fallback: string,
) {
  const known = new Set<string>(columns.flatMap((column) => [column, `-${column}`]));
  return z
    .string()
    .refine((text) => known.has(text))
    .catch(fallback);
}

export type SearchSchema = z.ZodObject;

/** The state that an address holds; anything wrong in it counts as absent. */
export function parseSearch<Schema extends SearchSchema>(
  schema: Schema,
  params: URLSearchParams,
): z.output<Schema> {
  return schema.parse(Object.fromEntries(params));
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
  schema: SearchSchema,
  current: URLSearchParams,
  patch: SearchPatch,
): URLSearchParams {
  const defaults: Record<string, unknown> = schema.parse({});
  const next = new URLSearchParams(current);
  if (!('cursor' in patch)) next.delete('cursor');
  for (const [key, value] of Object.entries(patch)) {
    const text = writeValue(value);
    // eslint-disable-next-line typescript/no-base-to-string -- only the fields above are ever written
    if (text === '' || text === String(defaults[key] ?? '')) next.delete(key);
    else next.set(key, text);
  }
  return next;
}
