import { useMemo, useRef } from 'react';
import type { ComponentProps, ReactNode } from 'react';

import { useChangedRows } from '../../hooks/use-changed-rows.ts';
import { useRest } from '../../hooks/use-rest.ts';
import { useWidthRem } from '../../hooks/use-width-rem.ts';
import { useFontIsThere } from '../../hooks/use-font-is-there.ts';
import { measureText } from '../../util/measure-text.ts';

import classes from './DataTable.module.css';
import { DataTableBody } from './DataTableBody.tsx';
import type { RowsProps } from './DataTableBody.tsx';
import cards from './DataTableCards.module.css';
import { DataTableHead, SortChoice } from './DataTableHead.tsx';
import { layOut, widen } from './fit-columns.ts';
import type { Column, Sort } from './table.ts';
import { useTableKeys } from './use-table-keys.ts';

export interface DataTableProps<Row> extends RowsProps<Row> {
  /** What the table shows, for a screen reader: `Images of account Acme`. */
  label: string;
  columns: readonly Column<Row>[];
  sort?: Sort;
  /** Shown rows belong to the question before; the answer is on its way. */
  isStale?: boolean;
  /** Names the question (filters, sort, page), so that a new answer is not taken for a change. */
  listKey?: string;
  /** In place of rows when there are none: an EmptyState or a NoMatch. */
  empty?: ReactNode;
}

const rowPx = 36;
/** What stands above a table takes the place of as many rows at least. */
const rowsAbove = 4;
const leastRows = 8;
/** As many rows as are seen at first. */
const rowsInSight = () => Math.max(leastRows, Math.ceil(window.innerHeight / rowPx) - rowsAbove);
const checkRem = 2;
const menuRem = 2.5;

/** The columns as wide as their rows need, and how they are laid out in a width in rem. */
function useLayout<Row>(props: DataTableProps<Row>, width = 0) {
  const { rows, selection, actions } = props;
  const otherRem = (selection === undefined ? 0 : checkRem) + (actions === undefined ? 0 : menuRem);
  const isMeasurable = useFontIsThere();
  const columns = useMemo(
    () => (isMeasurable ? widen(props.columns, rows, measureText) : props.columns),
    [props.columns, rows, isMeasurable],
  );
  return useMemo(
    () => ({ columns, layout: layOut(columns, width, otherRem) }),
    [columns, width, otherRem],
  );
}

/** A table with the keys that move inside it. */
function KeyTable(props: ComponentProps<'table'>) {
  const table = useRef<HTMLTableElement>(null);
  useTableKeys(table);
  return <table {...props} ref={table} />;
}

/** A dense table of objects: 36 px rows, and labelled rows on a small screen. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, isStale = false, listKey = '' } = props;
  const wrap = useRef<HTMLDivElement>(null);
  const width = useWidthRem(wrap);
  const { columns, layout } = useLayout(props, width);
  const isCards = layout.kind === 'cards';
  const scrolls = layout.kind === 'columns' && layout.scrolls;
  const changed = useChangedRows(isStale ? undefined : rows, rowKey, listKey);
  const isWhole = useRest(listKey, rows !== undefined && !isStale);
  // Cards are as high as they like: nothing can stand in for those that are missing.
  const isAll = isStale || isWhole || isCards;

  // Measured while it is empty: to lay out rows in columns that do not fit takes a slow device long.
  if (width === undefined) return <div ref={wrap} className={classes['wrap']} />;
  return (
    <div ref={wrap} className={`${classes['wrap']} ${scrolls ? classes['scrolls'] : ''}`}>
      {isStale && (
        <div className={classes['progressClip']} aria-hidden>
          <div className={classes['progress']} />
        </div>
      )}
      {isCards && <SortChoice columns={columns} sort={props.sort} />}
      <KeyTable
        className={`${classes['table']} ${isCards ? cards['cards'] : ''}`}
        style={scrolls ? { minWidth: `${layout.minRem}rem` } : undefined}
        aria-label={props.label}
        aria-busy={rows === undefined || isStale}
      >
        <DataTableHead
          columns={columns}
          sort={props.sort}
          selection={props.selection}
          keys={rows?.map(rowKey) ?? []}
          hasActions={props.actions !== undefined}
        />
        <DataTableBody
          table={props}
          columns={columns}
          shown={isAll ? rows : rows?.slice(0, rowsInSight())}
          changed={changed}
        />
      </KeyTable>
      {rows?.length === 0 && props.empty}
    </div>
  );
}
