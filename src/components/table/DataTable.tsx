import { useMemo, useRef } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

import { useChangedRows } from '../../hooks/use-changed-rows.ts';
import { useLatest } from '../../hooks/use-latest.ts';
import { useRest } from '../../hooks/use-rest.ts';
import { useWidthRem } from '../../hooks/use-width-rem.ts';

import type { ActionItem } from '../actions/ActionMenu.tsx';
import classes from './DataTable.module.css';
import cards from './DataTableCards.module.css';
import { DataTableHead, SortChoice } from './DataTableHead.tsx';
import { DataTableRow } from './DataTableRow.tsx';
import { fitColumns } from './fit-columns.ts';
import { toggled } from './table.ts';
import type { Column, Selection, Sort } from './table.ts';

export interface DataTableProps<Row> {
  /** What the table shows, for a screen reader: `Images of account Acme`. */
  label: string;
  columns: readonly Column<Row>[];
  /** Undefined until the first answer: skeleton rows stand in. */
  rows: readonly Row[] | undefined;
  /** A stable function: declare it outside of the component. */
  rowKey: (row: Row) => string;
  /** The row's name, for `Actions for ...` and `Select ...`. A stable function. */
  rowLabel: (row: Row) => string;
  sort?: Sort;
  selection?: Selection;
  actions?: (row: Row) => readonly ActionItem[];
  /** Shown rows belong to the question before; the answer is on its way. */
  isStale?: boolean;
  /** Names the question (filters, sort, page), so that a new answer is not taken for a change. */
  listKey?: string;
  skeletonRows?: number;
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

/** Arrow keys go from row to row, in the same column; Space on a row's link selects it. */
function moveFocus(event: KeyboardEvent<HTMLElement>, step: 1 | -1): void {
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  const row = cell?.closest('tr');
  if (cell === null || row === null || row === undefined) return;
  const next = step === 1 ? row.nextElementSibling : row.previousElementSibling;
  if (!(next instanceof HTMLTableRowElement)) return;
  const focusable = 'a, button, input, [tabindex="0"]';
  const target =
    next.cells[cell.cellIndex]?.querySelector<HTMLElement>(focusable) ??
    next.querySelector<HTMLElement>('a');
  if (target === null) return;
  event.preventDefault();
  target.focus();
}

function SkeletonRows({ count, columns }: { count: number; columns: number }) {
  return Array.from({ length: count }, (_row, row) => (
    <tr key={row} aria-hidden>
      <td colSpan={columns} aria-label="Loading">
        <span className={classes['skeleton']} />
      </td>
    </tr>
  ));
}

/** Selecting with Shift takes everything from the last one on. */
function useSelect<Row>(
  rows: readonly Row[] | undefined,
  rowKey: (row: Row) => string,
  selection: Selection | undefined,
) {
  const last = useRef<string>(undefined);
  return useLatest((key: string, withRange: boolean) => {
    if (selection === undefined) return;
    const keys = (rows ?? []).map(rowKey);
    const from = last.current === undefined ? -1 : keys.indexOf(last.current);
    last.current = key;
    if (!withRange || from === -1) {
      selection.onChange(toggled(selection.selected, key));
      return;
    }
    const to = keys.indexOf(key);
    const range = keys.slice(Math.min(from, to), Math.max(from, to) + 1);
    selection.onChange(new Set([...selection.selected, ...range]));
  });
}

/** A dense table of objects: 36 px rows, and labelled rows on a small screen. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, rowKey, rowLabel, selection, actions, isStale = false } = props;
  const wrap = useRef<HTMLDivElement>(null);
  const otherRem = (selection === undefined ? 0 : checkRem) + (actions === undefined ? 0 : menuRem);
  const width = useWidthRem(wrap);
  const fitting = useMemo(
    () => (width === undefined ? undefined : fitColumns(props.columns, width, otherRem)),
    [props.columns, width, otherRem],
  );
  const columns = fitting ?? props.columns;
  const changed = useChangedRows(isStale ? undefined : rows, rowKey, props.listKey ?? '');
  const isWhole = useRest(props.listKey ?? '', rows !== undefined && !isStale);
  // Cards are as high as they like: nothing can stand in for those that are missing.
  const shown = isStale || isWhole || fitting === undefined ? rows : rows?.slice(0, rowsInSight());
  const hidden = (rows?.length ?? 0) - (shown?.length ?? 0);
  const select = useSelect(rows, rowKey, selection);
  const actionsOf = useLatest((row: Row) => actions?.(row) ?? []);
  const columnCount =
    columns.length + (selection === undefined ? 0 : 1) + (actions === undefined ? 0 : 1);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key === 'ArrowDown') moveFocus(event, 1);
    if (event.key === 'ArrowUp') moveFocus(event, -1);
    if (event.key !== ' ' || selection === undefined) return;
    if (!(event.target instanceof HTMLAnchorElement)) return;
    const key = event.target.closest('tr')?.dataset['key'];
    if (key === undefined) return;
    event.preventDefault();
    select(key, event.shiftKey);
  };

  // Measured while it is empty: to lay out rows in columns that do not fit takes a slow device long.
  if (width === undefined) return <div ref={wrap} className={classes['wrap']} />;
  return (
    <div ref={wrap} className={classes['wrap']}>
      {isStale && (
        <div className={classes['progressClip']} aria-hidden>
          <div className={classes['progress']} />
        </div>
      )}
      {fitting === undefined && <SortChoice columns={columns} sort={props.sort} />}
      <table
        className={`${classes['table']} ${fitting === undefined ? cards['cards'] : ''}`}
        aria-label={props.label}
        aria-busy={rows === undefined || isStale}
      >
        <DataTableHead
          columns={columns}
          sort={props.sort}
          selection={selection}
          keys={rows?.map(rowKey) ?? []}
          hasActions={actions !== undefined}
        />
        {/* Keys reach the links and boxes inside; the body itself is never focused. */}
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <tbody onKeyDown={onKeyDown}>
          {rows === undefined && (
            <SkeletonRows count={props.skeletonRows ?? 18} columns={columnCount} />
          )}
          {shown?.map((row) => {
            const key = rowKey(row);
            return (
              <DataTableRow
                key={key}
                id={key}
                row={row}
                columns={columns}
                label={rowLabel(row)}
                isSelected={selection?.selected.has(key)}
                onSelect={select}
                isChanged={changed.has(key)}
                actions={actions === undefined ? undefined : actionsOf}
              />
            );
          })}
          {hidden > 0 && (
            <tr aria-hidden>
              <td
                colSpan={columnCount}
                aria-label="Loading"
                style={{ height: `calc(${hidden} * var(--sw-row-height))` }}
              />
            </tr>
          )}
        </tbody>
      </table>
      {rows?.length === 0 && props.empty}
    </div>
  );
}
