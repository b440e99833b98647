import { useEffect, useRef } from 'react';

import { usePreference } from './use-preference.ts';

const sequenceMs = 1500;

/** Whether single-key shortcuts are on; switched off in the user menu (WCAG 2.2, 2.1.4). */
export function useShortcutsEnabled(): [enabled: boolean, set: (enabled: boolean) => void] {
  return usePreference('shortcuts', true);
}

/** A field does, a checkbox does not: it only holds the focus. */
function takesLetters(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio'].includes(target.type);
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest('textarea, select, [role="menu"]') !== null;
}

function isModalOpen(): boolean {
  return document.querySelector('[aria-modal="true"]') !== null;
}

/** What keys do: `?` or `/` alone, or two keys one after the other, written `g i`. */
export type ShortcutMap = Record<string, () => void>;

/** Listens for single-key shortcuts outside of fields and dialogs. */
export function useShortcuts(map: ShortcutMap): void {
  const [enabled] = useShortcutsEnabled();
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => {
    if (!enabled) return undefined;
    let first: { key: string; at: number } | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (takesLetters(event.target) || isModalOpen()) return;
      const pending =
        first !== undefined && event.timeStamp - first.at < sequenceMs ? first.key : '';
      const action = latest.current[`${pending} ${event.key}`.trim()] ?? latest.current[event.key];
      const startsSequence = Object.keys(latest.current).some((keys) =>
        keys.startsWith(`${event.key} `),
      );
      first = startsSequence ? { key: event.key, at: event.timeStamp } : undefined;
      if (action === undefined) return;
      first = undefined;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [enabled]);
}
