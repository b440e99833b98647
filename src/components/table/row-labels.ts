/**
 * What rows are called where their buttons and boxes are read out: by name; where several have one name,
 * with the details that they differ in.
 * @param detailsOf what may tell rows of one name apart, the most telling first
 */
export function rowLabels<Row>(
  rows: readonly Row[],
  labelOf: (row: Row) => string,
  detailsOf: (row: Row) => readonly string[] = () => [],
): ReadonlyMap<Row, string> {
  const labels = new Map<Row, string>();
  for (const [label, alike] of Map.groupBy(rows, labelOf)) {
    for (const [row, text] of tellApart(label, alike, detailsOf)) labels.set(row, text);
  }
  return labels;
}

function tellApart<Row>(
  label: string,
  alike: readonly Row[],
  detailsOf: (row: Row) => readonly string[],
): ReadonlyMap<Row, string> {
  let texts = new Map(alike.map((row) => [row, label]));
  const details = new Map(alike.map((row) => [row, detailsOf(row)]));
  const length = Math.max(...alike.map((row) => details.get(row)?.length ?? 0));
  for (let index = 0; index < length; index += 1) {
    const longer = new Map(
      alike.map((row) => [row, `${texts.get(row)}, ${details.get(row)?.[index]}`]),
    );
    const before = new Set(texts.values()).size;
    if (before === alike.length) break;
    // What all have in common tells nothing.
    if (new Set(longer.values()).size > before) texts = longer;
  }
  return texts;
}
