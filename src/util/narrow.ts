function textsOf(row: object, members: readonly string[]): string[] {
  return members.flatMap((member) => {
    const value: unknown = Reflect.get(row, member);
    return typeof value === 'string' ? [value.toLowerCase()] : [];
  });
}

const id = /^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:ami|i)-[0-9a-f]{8,17})$/;

/** Every word is in a text of the row; of those that are ids, one is enough (docs/domain.md, "Search"). */
function fits(texts: readonly string[], words: readonly string[]): boolean {
  const has = (word: string) => texts.some((text) => text.includes(word));
  const ids = words.filter((word) => id.test(word));
  return (ids.length === 0 || ids.some(has)) && words.every((word) => id.test(word) || has(word));
}

/**
 * Of the rows on the screen those that a search will find too, while its answer is on the way: its words
 * are in them. Where that is none of them, all stay: what is found may be on any other page.
 * @param members of a row that are searched
 */
export function narrow<Row>(
  rows: readonly Row[],
  members: readonly string[],
  text: string,
): readonly Row[] {
  const words = text
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  if (words.length === 0) return rows;
  const fitting = rows.filter((row) => fits(textsOf(row as object, members), words));
  return fitting.length === 0 ? rows : fitting;
}
