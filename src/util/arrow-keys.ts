import type { KeyboardEvent } from 'react';

/** Arrow keys go through the links, buttons and fields inside an element. */
export function moveWithArrowKeys(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('a, button, input')];
  const index = stops.findIndex((stop) => stop === document.activeElement);
  const next = stops[index + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
