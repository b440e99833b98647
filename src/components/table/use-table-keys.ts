import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

const focusable = 'a[href], button, input, [tabindex]';
const nameLink = '[data-name] a';

function stopsIn(within: Element): HTMLElement[] {
  return [...within.querySelectorAll<HTMLElement>(focusable)];
}

/** Where Tab arrives first: at the name of the first row. */
function firstStop(table: HTMLTableElement): HTMLElement | null {
  const [body] = table.tBodies;
  return (
    body?.querySelector<HTMLElement>(nameLink) ??
    body?.querySelector<HTMLElement>(focusable) ??
    table.querySelector<HTMLElement>(focusable)
  );
}

/** The nearest row in a direction that has something to focus; in the same column, if that has. */
function inNextRow(table: HTMLTableElement, from: HTMLElement, step: number): HTMLElement | null {
  const cell = from.closest('td, th');
  const rows = [...table.rows];
  if (!(cell instanceof HTMLTableCellElement)) return null;
  let at = rows.findIndex((row) => row.contains(cell)) + step;
  for (let row = rows[at]; row !== undefined; row = rows[(at += step)]) {
    const target =
      row.cells[cell.cellIndex]?.querySelector<HTMLElement>(focusable) ??
      row.querySelector<HTMLElement>(nameLink) ??
      row.querySelector<HTMLElement>(focusable);
    if (target !== null) return target;
  }
  return null;
}

/** Where a key leads from something in a table; undefined for keys that lead nowhere. */
function targetOf(event: KeyboardEvent, table: HTMLTableElement, from: HTMLElement) {
  const row = from.closest('tr');
  if (row === null) return undefined;
  const stops = stopsIn(row);
  const at = stops.indexOf(from);
  const rows = [...table.tBodies].flatMap((body) => stopsIn(body));
  switch (event.key) {
    case 'ArrowDown':
      return inNextRow(table, from, 1);
    case 'ArrowUp':
      return inNextRow(table, from, -1);
    case 'ArrowRight':
      return stops[at + 1];
    case 'ArrowLeft':
      return stops[at - 1];
    case 'Home':
      return event.ctrlKey ? firstStop(table) : stops[0];
    case 'End':
      return (event.ctrlKey ? rows : stops).at(-1);
    default:
      return undefined;
  }
}

/** What Enter, `.`, Shift+F10 and the menu key do: the click that they stand for. */
function pressedFor(event: KeyboardEvent, from: HTMLElement): HTMLElement | null | undefined {
  const row = from.closest('tr');
  const isMenuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
  if (event.key === '.' || isMenuKey) return row?.querySelector<HTMLElement>('[data-row-menu]');
  // A time or a state opens nothing itself.
  return event.key === 'Enter' && !from.matches('a, button, input')
    ? row?.querySelector<HTMLElement>(nameLink)
    : undefined;
}

function onKeyDown(event: KeyboardEvent, table: HTMLTableElement): void {
  const { target: from } = event;
  if (event.defaultPrevented || event.altKey || event.metaKey) return;
  if (!(from instanceof HTMLElement) || !table.contains(from)) return;
  const target = targetOf(event, table, from);
  target?.focus();
  const pressed = target == null ? pressedFor(event, from) : undefined;
  pressed?.click();
  if (target != null || pressed != null) event.preventDefault();
}

/**
 * Makes a table one stop for Tab, with arrow keys inside: Tab comes to where one was last, at first to
 * the name of the first row. Cells need not know: whatever in them can be focused takes part.
 */
export function useTableKeys(ref: RefObject<HTMLTableElement | null>): void {
  const last = useRef<HTMLElement | null>(null);
  // Each time it is rendered, since rows come and go.
  useLayoutEffect(() => {
    const table = ref.current;
    if (table === null) return;
    if (last.current === null || !table.contains(last.current)) last.current = firstStop(table);
    for (const stop of stopsIn(table)) {
      const tabIndex = stop === last.current ? 0 : -1;
      if (stop.getAttribute('tabindex') !== String(tabIndex)) stop.tabIndex = tabIndex;
    }
  });
  useLayoutEffect(() => {
    const table = ref.current;
    if (table === null) return undefined;
    const onFocus = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement) || target === last.current) return;
      if (last.current !== null) last.current.tabIndex = -1;
      target.tabIndex = 0;
      last.current = target;
    };
    const onKey = (event: KeyboardEvent) => onKeyDown(event, table);
    table.addEventListener('focusin', onFocus);
    table.addEventListener('keydown', onKey);
    return () => {
      table.removeEventListener('focusin', onFocus);
      table.removeEventListener('keydown', onKey);
    };
  }, [ref]);
}
