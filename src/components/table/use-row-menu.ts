import { useId, useState } from 'react';
import type { MouseEvent } from 'react';

import { useEscape } from '../../hooks/use-menu.ts';
import type { MenuPanelState } from '../../hooks/use-menu.ts';

import type { RowMenuButton } from './DataTableRow.tsx';

const closed: RowMenuButton = { isOpen: false };

/**
 * The one menu that all rows of a table share: a page of fifty rows has fifty plain buttons, and knows
 * which of them was pressed last.
 */
export function useRowMenu() {
  const id = useId();
  const [used, setUsed] = useState<{ key: string; anchor: HTMLElement }>();
  const [isOpen, setOpen] = useState(false);
  const onClick = (event: MouseEvent<HTMLElement>) => {
    const anchor = event.target instanceof Element ? event.target.closest('[data-row-menu]') : null;
    const key = anchor?.closest('tr')?.dataset['key'];
    if (!(anchor instanceof HTMLElement) || key === undefined) return;
    setUsed({ key, anchor });
    setOpen(key !== used?.key || !isOpen);
  };
  const panel: MenuPanelState | undefined = used && {
    id,
    anchor: used.anchor,
    isOpen,
    onChange: setOpen,
  };
  useEscape(panel);
  return {
    onClick,
    /** The key of the row whose menu it is, once one was asked for. */
    rowKey: used?.key,
    panel,
    buttonOf: (key: string): RowMenuButton => (key === used?.key ? { id, isOpen } : closed),
  };
}
