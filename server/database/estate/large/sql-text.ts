/** SQL: a well-formed random-style UUID that depends on a text expression alone. */
export function uuidOf(key: string): string {
  return `overlay(overlay(md5(${key}) placing '4' from 13 for 1) placing '8' from 17 for 1)::uuid`;
}

/** SQL: a whole number in [0, below) that depends on a text expression alone. */
export function numberOf(key: string, below: string | number): string {
  return `(('x' || substr(md5(${key}), 1, 7))::bit(28)::int % ${below})`;
}

/** SQL: the `index`th (from 0, and round again) of some texts. */
export function pick(texts: readonly string[], index: string): string {
  const array = texts.map((text) => `'${text}'`).join(', ');
  return `(ARRAY[${array}])[1 + (${index}) % ${texts.length}]`;
}

/** SQL: what the `index`th (from 1) of `of` gets when `total` is dealt out evenly; the sum is exact. */
export function dealt(total: number, index: string, of: number): string {
  return `(${total}::bigint * (${index}) / ${of} - ${total}::bigint * ((${index}) - 1) / ${of})::int`;
}

/** SQL: a moment so many days before the estate was loaded. */
export function daysBefore(now: Date, days: string): string {
  return `('${now.toISOString()}'::timestamptz - (${days}) * interval '1 day')`;
}
