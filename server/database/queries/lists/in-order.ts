/** Rows in the order of their ids; ids without a row are left out. */
export function inOrder<Row extends { id: string | number }>(
  ids: readonly (string | number)[],
  rows: readonly Row[],
): Row[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}
