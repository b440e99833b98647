import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

import { tipText } from './tip.ts';
import classes from './TipHost.module.css';

const hoverDelayMs = 250;
const leaveDelayMs = 120;
const gapPx = 6;
const marginPx = 8;

interface Shown {
  target: HTMLElement;
  text: string;
}

/** An element of a table cell whose text is cut off, from the one that was pointed at upwards. */
function cutOffAt(node: Element): HTMLElement | undefined {
  const cell = node.closest('td');
  for (let at: Element | null = cell === null ? null : node; at !== null; at = at.parentElement) {
    const isCut = at.scrollWidth > at.clientWidth + 1;
    if (isCut && at instanceof HTMLElement && getComputedStyle(at).textOverflow === 'ellipsis') {
      return at;
    }
    if (at === cell) break;
  }
  return undefined;
}

/** What to show for a node: its tooltip, or else the whole of a text that its cell cuts off. */
function tipOf(node: EventTarget | null): Shown | undefined {
  if (!(node instanceof Element)) return undefined;
  const marked = node.closest<HTMLElement>('[data-tip]');
  if (marked !== null) return { target: marked, text: tipText(marked) };
  const cut = cutOffAt(node);
  return cut === undefined ? undefined : { target: cut, text: cut.textContent };
}

/** Below the target, or above where there is no room, and never outside the window. */
function place(box: HTMLElement, target: HTMLElement): void {
  const anchor = target.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const centred = anchor.left + anchor.width / 2 - width / 2;
  const left = Math.max(marginPx, Math.min(centred, window.innerWidth - width - marginPx));
  const below = anchor.bottom + gapPx;
  const fitsBelow = below + height <= window.innerHeight - marginPx;
  box.style.left = `${left}px`;
  box.style.top = `${fitsBelow ? below : Math.max(marginPx, anchor.top - gapPx - height)}px`;
}

/** Adds our id to the target's description while the tooltip is open. */
function describe(target: HTMLElement, id: string): () => void {
  if (target.hasAttribute('aria-describedby')) return () => undefined;
  target.setAttribute('aria-describedby', id);
  return () => target.removeAttribute('aria-describedby');
}

/** What an event asks for: a tooltip, or none, after a moment; or that what is shown stays. */
type Wish = { tip: Shown | undefined; delayMs: number } | 'stay' | undefined;

const close = () => ({ tip: undefined, delayMs: 0 });

/** What opens, keeps and closes the tooltip. Rules: WCAG 2.2, 1.4.13. */
const wishes: Record<string, (event: Event, tipId: string) => Wish> = {
  pointerover: ({ target }, tipId) => {
    const tip = tipOf(target);
    if (tip !== undefined) return { tip, delayMs: hoverDelayMs };
    const isOnTip = target instanceof Element && target.closest(`#${CSS.escape(tipId)}`) !== null;
    return isOnTip ? 'stay' : { tip, delayMs: leaveDelayMs };
  },
  focusin: ({ target }) => {
    const isVisible = target instanceof Element && target.matches(':focus-visible');
    return isVisible ? { tip: tipOf(target), delayMs: 0 } : close();
  },
  focusout: close,
  click: (event) => {
    // A tap asks for it, and so does a click on what explains why it does nothing.
    const tip = tipOf(event.target);
    const isTap = event instanceof PointerEvent && event.pointerType === 'touch';
    return isTap || tip?.target.ariaDisabled === 'true' ? { tip, delayMs: 0 } : close();
  },
  keydown: (event) =>
    event instanceof KeyboardEvent && event.key === 'Escape' ? close() : undefined,
};

function useShownTip(id: string): Shown | undefined {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    let timer: number | undefined;
    const listener = (event: Event) => {
      const wish = wishes[event.type]?.(event, id);
      if (wish === undefined) return;
      window.clearTimeout(timer);
      if (wish !== 'stay') timer = window.setTimeout(() => setShown(wish.tip), wish.delayMs);
    };
    const names = Object.keys(wishes);
    for (const name of names) document.addEventListener(name, listener, true);
    return () => {
      window.clearTimeout(timer);
      for (const name of names) document.removeEventListener(name, listener, true);
    };
  }, [id]);
  return shown;
}

/** Shows the tooltip of whatever element carries `data-tip`. Mounted once, in main.tsx. */
export function TipHost() {
  const id = useId();
  const shown = useShownTip(id);
  const box = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    if (shown === undefined || box.current === null || !shown.target.isConnected) return undefined;
    const { current } = box;
    const { target } = shown;
    const follow = () => place(current, target);
    follow();
    const forget = describe(target, id);
    document.addEventListener('scroll', follow, { capture: true, passive: true });
    return () => {
      document.removeEventListener('scroll', follow, { capture: true });
      forget();
    };
  }, [shown, id]);

  if (shown === undefined || !shown.target.isConnected) return null;
  return createPortal(
    <div ref={box} id={id} role="tooltip" className={classes['tip']}>
      {shown.text}
    </div>,
    // Within a landmark, like everything that is read out.
    document.querySelector('main') ?? document.body,
  );
}
