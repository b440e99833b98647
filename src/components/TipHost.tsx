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

/** The state machine: what opens, keeps and closes the tooltip. Rules: WCAG 2.2, 1.4.13. */
function useShownTip(id: string): Shown | undefined {
  const [shown, setShown] = useState<Shown>();
  useEffect(() => {
    let timer: number | undefined;
    const later = (next: Shown | undefined, delayMs: number) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setShown(next), delayMs);
    };
    const close = () => later(undefined, 0);
    const listeners: [keyof DocumentEventMap, (event: Event) => void][] = [
      [
        'pointerover',
        (event) => {
          const tip = tipOf(event.target);
          if (tip !== undefined) later(tip, hoverDelayMs);
          else if (event.target instanceof Element && event.target.closest(`#${CSS.escape(id)}`)) {
            window.clearTimeout(timer);
          } else later(undefined, leaveDelayMs);
        },
      ],
      [
        'focusin',
        (event) => {
          const isVisible =
            event.target instanceof Element && event.target.matches(':focus-visible');
          later(isVisible ? tipOf(event.target) : undefined, 0);
        },
      ],
      ['focusout', close],
      [
        'click',
        (event) => {
          // A tap asks for it, and so does a click on what explains why it does nothing.
          const tip = tipOf(event.target);
          const isTap = event instanceof PointerEvent && event.pointerType === 'touch';
          if (isTap || tip?.target.ariaDisabled === 'true') later(tip, 0);
          else close();
        },
      ],
      [
        'keydown',
        (event) => {
          if (event instanceof KeyboardEvent && event.key === 'Escape') close();
        },
      ],
    ];
    for (const [name, listener] of listeners) document.addEventListener(name, listener, true);
    return () => {
      window.clearTimeout(timer);
      for (const [name, listener] of listeners) document.removeEventListener(name, listener, true);
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
