import { VisuallyHidden } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';

import { WordHelp } from '../help/WordHelp.tsx';

import classes from './DataTable.module.css';
import cards from './DataTableCards.module.css';
import { cellClass } from './DataTableRow.tsx';
import { nextSort, sortDirection } from './table.ts';
import type { Column, Selection, Sort } from './table.ts';

interface DataTableHeadProps<Row> {
  columns: readonly Column<Row>[];
  sort: Sort | undefined;
  selection: Selection | undefined;
  keys: readonly string[];
  hasActions: boolean;
}

function SortButton<Row>({ column, sort }: { column: Column<Row>; sort: Sort }) {
  const direction = sortDirection(column, sort.value);
  const next = nextSort(column, sort.value);
  const shown = direction ?? (column.sortsDescendingFirst === true ? 'descending' : 'ascending');
  const Icon = shown === 'ascending' ? IconArrowUp : IconArrowDown;
  return (
    <button
      type="button"
      className={classes['sortButton']}
      onClick={() => {
        if (next !== undefined) sort.onChange(next);
      }}
    >
      {column.header}
      <Icon
        size={12}
        aria-hidden
        {...(direction === undefined ? { className: classes['idle'] ?? '' } : {})}
      />
    </button>
  );
}

function HeaderCell<Row>({ column, sort }: { column: Column<Row>; sort: Sort | undefined }) {
  return (
    <th
      scope="col"
      className={cellClass(column)}
      style={{ width: column.width }}
      aria-sort={sortDirection(column, sort?.value)}
    >
      {column.sortKey === undefined || sort === undefined ? (
        column.header
      ) : (
        <SortButton column={column} sort={sort} />
      )}
      {column.help !== undefined && <WordHelp word={column.help} />}
    </th>
  );
}

function SelectAll({ keys, selection }: { keys: readonly string[]; selection: Selection }) {
  const count = keys.filter((key) => selection.selected.has(key)).length;
  const all = count > 0 && count === keys.length;
  return (
    <input
      type="checkbox"
      aria-label={`Select all ${keys.length} on this page`}
      checked={all}
      ref={(input) => {
        if (input !== null) input.indeterminate = count > 0 && !all;
      }}
      onChange={() => {
        const next = new Set(selection.selected);
        for (const key of keys) {
          if (all) next.delete(key);
          else next.add(key);
        }
        selection.onChange(next);
      }}
    />
  );
}

/** The head of a table: names of the columns, which also sort. */
export function DataTableHead<Row>(props: DataTableHeadProps<Row>) {
  const { columns, sort, selection, keys, hasActions } = props;
  return (
    <thead>
      <tr>
        {selection !== undefined && (
          <th className={classes['check']} scope="col">
            <SelectAll keys={keys} selection={selection} />
          </th>
        )}
        {columns.map((column) => (
          <HeaderCell key={column.id} column={column} sort={sort} />
        ))}
        {hasActions && (
          <th className={classes['menu']} scope="col">
            <VisuallyHidden>Actions</VisuallyHidden>
          </th>
        )}
      </tr>
    </thead>
  );
}

/** Where a small screen has no head: the same orders to choose from. */
export function SortChoice<Row>({
  columns,
  sort,
}: {
  columns: readonly Column<Row>[];
  sort: Sort | undefined;
}) {
  const sortable = columns.filter((column) => column.sortKey !== undefined);
  if (sort === undefined || sortable.length === 0) return null;
  return (
    <label className={cards['sortChoice']}>
      Sort by
      <select value={sort.value} onChange={(event) => sort.onChange(event.target.value)}>
        {sortable.flatMap((column) =>
          [column.sortKey, `-${column.sortKey}`].map((value) => (
            <option key={value} value={value}>
              {column.header}
              {value?.startsWith('-') === true ? ', descending' : ', ascending'}
            </option>
          )),
        )}
      </select>
    </label>
  );
}
