import { useMemo, useState } from 'react';

import type { Selection } from '../components/table/table.ts';

/**
 * The selected rows of a list. They outlive a change of page or filter, so the rows themselves are
 * kept; those that are on the page are always the current ones.
 */
export function useRowSelection<Row extends { id: string | number }>(
  rows: readonly Row[] | undefined,
): {
  rows: readonly Row[];
  forTable: Selection;
  clear: () => void;
} {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Row>>(() => new Map());
  return useMemo(() => {
    const shown = new Map((rows ?? []).map((row) => [String(row.id), row]));
    return {
      rows: [...chosen.values()].map((row) => shown.get(String(row.id)) ?? row),
      forTable: {
        selected: new Set(chosen.keys()),
        onChange: (keys) => {
          const all = [...keys].flatMap((key) => shown.get(key) ?? chosen.get(key) ?? []);
          setChosen(new Map(all.map((row) => [String(row.id), row])));
        },
      },
      clear: () => setChosen(new Map()),
    };
  }, [chosen, rows]);
}
