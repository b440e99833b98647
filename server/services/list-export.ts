import { safeCell } from '../domain/csv.ts';
import type { PageInfo } from '../database/queries/lists/paging.ts';
import type { CsvRow } from './context.ts';

/** Columns of an export: the header, and the cell of a row. */
export type CsvColumns<Row> = readonly [
  header: string,
  cell: (row: Row) => string | number | null,
][];

/** How many rows are asked for at a time. */
export const exportPageSize = 100;

/**
 * A whole list as lines of CSV, header first: page after page of the list itself in one transaction, so
 * that it shows one moment in little memory (docs/domain.md, "Lists").
 * @param readPage the page of a cursor, with at most `exportPageSize` rows
 */
export async function* exportList<Row>(
  columns: CsvColumns<Row>,
  readPage: (cursor: string) => Promise<{ data: readonly Row[]; page?: PageInfo | undefined }>,
): AsyncGenerator<CsvRow> {
  yield columns.map(([header]) => header);
  let cursor: string | null = 'start';
  while (cursor !== null) {
    const { data, page }: Awaited<ReturnType<typeof readPage>> = await readPage(cursor);
    for (const row of data) yield columns.map(([, cell]) => safeCell(cell(row)));
    cursor = page?.kind === 'cursor' ? page.next : null;
  }
}
