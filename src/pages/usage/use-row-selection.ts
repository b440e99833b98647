import { useMemo, useState } from 'react';
import type { UsageRow } from '#contract/usage.ts';

import type { Selection } from '../../components/table.ts';

const none: ReadonlyMap<string, UsageRow> = new Map();

/**
 * The selected rows. They outlive a change of page or filter, so the rows themselves are kept; those
 * that are on the page are always the current ones.
 */
export function useRowSelection(rows: readonly UsageRow[] | undefined): {
  rows: readonly UsageRow[];
  forTable: Selection;
  clear: () => void;
} {
  const [chosen, setChosen] = useState(none);
  return useMemo(() => {
    const shown = new Map((rows ?? []).map((row) => [row.id, row]));
    return {
      rows: [...chosen.values()].map((row) => shown.get(row.id) ?? row),
      forTable: {
        selected: new Set(chosen.keys()),
        onChange: (keys) => {
          const all = [...keys].flatMap((key) => shown.get(key) ?? chosen.get(key) ?? []);
          setChosen(new Map(all.map((row) => [row.id, row])));
        },
      },
      clear: () => setChosen(none),
    };
  }, [chosen, rows]);
}
