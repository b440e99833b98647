import { useEffect, useId, useState } from 'react';
import type { MouseEvent } from 'react';

/** What a panel (components/MenuPanel.tsx) is given about the button that it belongs to. */
export interface MenuPanelState {
  id: string;
  anchor: HTMLElement;
  isOpen: boolean;
  onChange: (isOpen: boolean) => void;
}

/**
 * A button and its menu apart from each other: `target` goes to the button, `panel` to the menu, which
 * is undefined until it was first asked for. So a page of fifty rows renders fifty plain buttons, and
 * what floats is fetched by itself.
 * @param fetchAhead fetches what floats, once somebody points at the button, focuses or presses it
 */
export function useMenu(fetchAhead: () => void, popup: 'menu' | 'dialog' = 'menu') {
  const id = useId();
  const [anchor, setAnchor] = useState<HTMLElement>();
  const [isOpen, setOpen] = useState(false);
  const target = {
    id,
    'aria-haspopup': popup,
    'aria-expanded': isOpen,
    'aria-controls': isOpen ? `${id}-dropdown` : undefined,
    onPointerEnter: fetchAhead,
    onPointerDown: fetchAhead,
    onFocus: fetchAhead,
    onClick: (event: MouseEvent<HTMLElement>) => {
      setAnchor(event.currentTarget);
      setOpen((before) => !before);
    },
  };
  const panel: MenuPanelState | undefined =
    anchor === undefined ? undefined : { id, anchor, isOpen, onChange: setOpen };
  useEscape(panel);
  return { target, panel };
}

/**
 * Escape on the button closes what it opened, also while that is still on its way. Inside, Mantine does this; the
 * focus gets there a moment after the panel is seen.
 */
export function useEscape(panel: MenuPanelState | undefined): void {
  const { anchor, isOpen = false, onChange } = panel ?? {};
  useEffect(() => {
    if (!isOpen || anchor === undefined) return;
    const close = ({ key }: KeyboardEvent) => {
      if (key === 'Escape') onChange?.(false);
    };
    anchor.addEventListener('keydown', close);
    // So that a dialog around it stays.
    anchor.dataset['mantineStopPropagation'] = 'true';
    return () => {
      anchor.removeEventListener('keydown', close);
      delete anchor.dataset['mantineStopPropagation'];
    };
  }, [anchor, isOpen, onChange]);
}

/**
 * Whether to show what floats: not before it has been mounted closed once, since it learns from the
 * change where the focus was, to give it back.
 */
export function useOpenAfterMount(isOpen: boolean): boolean {
  const [isMounted, setMounted] = useState(false);
  useEffect(() => queueMicrotask(() => setMounted(true)), []);
  return isOpen && isMounted;
}
