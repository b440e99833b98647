import { useEffect, useRef, useState } from 'react';

const tintMs = 1000;
const none: ReadonlySet<string> = new Set();

/** Most rows are the same object as before; those that a page puts together anew are compared whole. */
function isDifferent(before: unknown, now: unknown): boolean {
  return before !== now && JSON.stringify(before) !== JSON.stringify(now);
}

/**
 * The keys of rows that are new or different since the last refresh of the same list, for a second.
 * Another `listKey` (page, filter, sort) is another list: nothing counts as changed.
 */
export function useChangedRows<Row>(
  rows: readonly Row[] | undefined,
  rowKey: (row: Row) => string,
  listKey: string,
): ReadonlySet<string> {
  const [changed, setChanged] = useState(none);
  const before = useRef<{ listKey: string; rows: Map<string, Row> }>(undefined);
  useEffect(() => {
    if (rows === undefined) return undefined;
    const last = before.current;
    before.current = { listKey, rows: new Map(rows.map((row) => [rowKey(row), row])) };
    if (last === undefined || last.listKey !== listKey) {
      setChanged(none);
      return undefined;
    }
    const keys = rows.filter((row) => isDifferent(last.rows.get(rowKey(row)), row)).map(rowKey);
    if (keys.length === 0) return undefined;
    setChanged(new Set(keys));
    const timer = window.setTimeout(() => setChanged(none), tintMs);
    return () => window.clearTimeout(timer);
  }, [rows, rowKey, listKey]);
  return changed;
}
