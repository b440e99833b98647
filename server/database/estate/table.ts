import { readFileSync } from 'node:fs';

/**
 * Reads a table of data/: lines of cells between bars, the first of them the column names, `#` for
 * comments. Every row has every column, else it throws.
 */
export function readTable<Column extends string>(
  file: string,
  columns: readonly Column[],
): Record<Column, string>[] {
  const text = readFileSync(new URL(`./data/${file}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const [head, ...rows] = lines.map((line) => line.split(' | ').map((cell) => cell.trim()));
  if (head?.join() !== columns.join()) throw new Error(`${file} must have ${columns.join(', ')}.`);
  return rows.map((cells) => {
    if (cells.length !== columns.length) throw new Error(`${file}: "${cells[1]}" lacks a cell.`);
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]])) as Record<
      Column,
      string
    >;
  });
}
