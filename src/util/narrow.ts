function fits(row: object, members: readonly string[], words: readonly string[]): boolean {
  return members.some((member) => {
    const value: unknown = Reflect.get(row, member);
    if (typeof value !== 'string') return false;
    const text = value.toLowerCase();
    return words.some((word) => text.includes(word));
  });
}

/**
 * Of the rows on the screen those that a search will find too, while its answer is on the way: some
 * word of it is in them. Where that is none of them, all stay: what is found may be on any other page.
 * @param members of a row that are searched
 */
export function narrow<Row>(
  rows: readonly Row[],
  members: readonly string[],
  text: string,
): readonly Row[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return rows;
  const fitting = rows.filter((row) => fits(row as object, members, words));
  return fitting.length === 0 ? rows : fitting;
}
