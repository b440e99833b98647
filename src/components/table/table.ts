import type { ReactNode } from 'react';

import type { Word } from '../help/word-help.ts';

/** A column of a DataTable. Declare the list outside of the component, so that it never changes. */
export interface Column<Row> {
  id: string;
  header: string;
  /** A word of the header that is explained beside it. */
  help?: Word;
  cell: (row: Row) => ReactNode;
  /** What is said of the row in one line under its name, cut where there is no more room. */
  note?: (row: Row) => string | null;
  /** Set in the smaller size: what tells the row less than its name does. */
  isSmall?: boolean;
  /** Numbers stand at the end. */
  align?: 'start' | 'end';
  /** The word of the `sort` parameter; without it the column cannot be sorted by. */
  sortKey?: string;
  /** Descending first: for times and counts. */
  sortsDescendingFirst?: boolean;
  /** CSS width; columns without one share the rest. */
  width?: string;
  /** The column that names the row: always shown, and the heading of a card on small screens. */
  isName?: boolean;
  /** Shown only when chosen. */
  isHiddenByDefault?: boolean;
  /** What a cell says: the column is as wide as the longest of the shown rows needs, and not `width`. */
  text?: (row: Row) => string;
}

/** Which rows are selected, by key; a new set on every change. */
export interface Selection {
  selected: ReadonlySet<string>;
  onChange: (selected: ReadonlySet<string>) => void;
}

export interface Sort {
  /** `name` or `-name`. */
  value: string;
  onChange: (value: string) => void;
}

/** A column of counts that is sorted by the largest first: where people look for the worst. */
export function mostFirst(
  sortKey: string,
): Pick<Column<never>, 'sortKey' | 'sortsDescendingFirst'> {
  return { sortKey, sortsDescendingFirst: true };
}

/** `ascending`, `descending` or undefined, for a column under a sort of the address. */
export function sortDirection(
  column: { sortKey?: string },
  sort: string | undefined,
): 'ascending' | 'descending' | undefined {
  if (column.sortKey === undefined || sort === undefined) return undefined;
  if (sort === column.sortKey) return 'ascending';
  return sort === `-${column.sortKey}` ? 'descending' : undefined;
}

/** The sort that a click on the column's header asks for. */
export function nextSort(
  column: { sortKey?: string; sortsDescendingFirst?: boolean },
  sort: string | undefined,
): string | undefined {
  const { sortKey, sortsDescendingFirst = false } = column;
  if (sortKey === undefined) return undefined;
  const direction = sortDirection(column, sort);
  if (direction === undefined) return sortsDescendingFirst ? `-${sortKey}` : sortKey;
  return direction === 'ascending' ? `-${sortKey}` : sortKey;
}

/** The set with `key` in it if it was not, and without it if it was. */
export function toggled(set: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(key)) next.add(key);
  return next;
}
