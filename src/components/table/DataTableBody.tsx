import { Suspense, useMemo, useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

import { useLatest } from '../../hooks/use-latest.ts';

import { ActionMenuPart } from '../actions/action-menu-part.ts';
import type { ActionItem } from '../actions/ActionMenu.tsx';
import classes from './DataTable.module.css';
import { DataTableRow } from './DataTableRow.tsx';
import { rowLabels } from './row-labels.ts';
import { toggled } from './table.ts';
import type { Column, Selection } from './table.ts';
import { useRowMenu } from './use-row-menu.ts';

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

/** The rows of a table and what can be done with them. */
export interface RowsProps<Row> {
  /** Undefined until the first answer: skeleton rows stand in. */
  rows: readonly Row[] | undefined;
  /** A stable function: declare it outside of the component. */
  rowKey: (row: Row) => string;
  /** The row's name, for `Actions for ...` and `Select ...`. A stable function. */
  rowLabel: (row: Row) => string;
  /** What tells rows of one name apart, the most telling first (row-labels.ts). A stable function. */
  rowDetails?: (row: Row) => readonly string[];
  selection?: Selection;
  actions?: (row: Row) => readonly ActionItem[];
  skeletonRows?: number;
}

interface DataTableBodyProps<Row> {
  table: RowsProps<Row>;
  /** Of the table's columns, those that have room. */
  columns: readonly Column<Row>[];
  /** Of the table's rows, the first ones; room is kept for the rest. */
  shown: readonly Row[] | undefined;
  /** The keys of rows to point out. */
  changed: ReadonlySet<string>;
}

/** The rows of a table, with the keys that move among them and select them. */
export function DataTableBody<Row>({ table, columns, shown, changed }: DataTableBodyProps<Row>) {
  const { rows, rowKey, rowLabel, rowDetails, selection, actions } = table;
  const hidden = (rows?.length ?? 0) - (shown?.length ?? 0);
  const select = useSelect(rows, rowKey, selection);
  const menu = useRowMenu();
  const labels = useMemo(
    () => rowLabels(rows ?? [], rowLabel, rowDetails),
    [rows, rowLabel, rowDetails],
  );
  const columnCount =
    columns.length + (selection === undefined ? 0 : 1) + (actions === undefined ? 0 : 1);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== ' ' || selection === undefined) return;
    if (!(event.target instanceof HTMLAnchorElement)) return;
    const key = event.target.closest('tr')?.dataset['key'];
    if (key === undefined) return;
    event.preventDefault();
    select(key, event.shiftKey);
  };
  return (
    // Keys and clicks reach the links, boxes and buttons inside; the body itself is never focused.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <tbody
      onKeyDown={onKeyDown}
      onClick={menu.onClick}
      onPointerOver={actions && fetchMenuAhead}
      onFocus={actions && ActionMenuPart.fetchAhead}
    >
      {rows === undefined && (
        <SkeletonRows count={table.skeletonRows ?? 18} columns={columnCount} />
      )}
      {shown?.map((row) => {
        const key = rowKey(row);
        return (
          <DataTableRow
            key={key}
            id={key}
            row={row}
            columns={columns}
            label={labels.get(row) ?? rowLabel(row)}
            isSelected={selection?.selected.has(key)}
            onSelect={select}
            isChanged={changed.has(key)}
            menu={actions && menu.buttonOf(key)}
          />
        );
      })}
      {hidden > 0 && <RoomFor rows={hidden} columns={columnCount} />}
      {actions !== undefined && <RowMenu menu={menu} rows={rows} {...{ rowKey, actions }} />}
    </tbody>
  );
}

interface RowMenuProps<Row> extends Pick<RowsProps<Row>, 'rows' | 'rowKey'> {
  menu: ReturnType<typeof useRowMenu>;
  actions: (row: Row) => readonly ActionItem[];
}

/** What the button of a row opens, once one was pressed. */
function RowMenu<Row>({ menu, rows, rowKey, actions }: RowMenuProps<Row>) {
  const row = rows?.find((one) => rowKey(one) === menu.rowKey);
  if (menu.panel === undefined || row === undefined) return null;
  return (
    <Suspense>
      <ActionMenuPart key={menu.rowKey} panel={menu.panel} actions={actions(row)} />
    </Suspense>
  );
}

/** Somebody points at the button of a row's menu. */
function fetchMenuAhead({ target }: PointerEvent): void {
  if (target instanceof Element && target.matches('[data-row-menu]')) ActionMenuPart.fetchAhead();
}

function RoomFor({ rows, columns }: { rows: number; columns: number }) {
  return (
    <tr aria-hidden>
      <td
        colSpan={columns}
        aria-label="Loading"
        style={{ height: `calc(${rows} * var(--sw-row-height))` }}
      />
    </tr>
  );
}
