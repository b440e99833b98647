import type { Page } from '@playwright/test';

/** What a page is watched by. Runs in the page before anything else; times are in ms since navigation. */
interface Probe {
  /** Durations of tasks over 50 ms since the last call. */
  takeLongTasks: () => number[];
  /** Starts to measure from the next trusted event of this name; what is found ends it. */
  arm: (event: string, found: string) => void;
  /** The time from that event to the frame that showed what was looked for. */
  result: () => Promise<number>;
  startFrames: () => void;
  /** The gaps between frames since startFrames. */
  stopFrames: () => number[];
  /** When the page first showed what `found` looks for, since navigation. */
  firstShown: (found: string) => Promise<number>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** Serialised into the page: refers to nothing outside of it. */
// oxlint-disable-next-line max-lines-per-function -- it goes into the page as one piece
function install(): void {
  const longTasks: number[] = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });

  // A condition comes as text, so that it can be armed from outside; the page's own CSP forbids eval,
  // so it is one of selectors and texts: `selector` shown, or `selector=text` whose first match says so.
  const holds = (found: string): boolean =>
    found.split(' && ').every((part) => {
      const [selector = '', text] = part.split(' == ');
      const element = document.querySelector(selector);
      return element !== null && (text === undefined || element.textContent === text);
    });
  /** Resolves in the frame that shows it, once that frame was painted. */
  const shown = (found: string, from: number): Promise<number> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!holds(found)) {
          if (performance.now() - from > 20_000)
            reject(
              new Error(
                `${location.href} never showed ${found}: ${document.querySelector('main')?.textContent.slice(0, 200)}`,
              ),
            );
          else requestAnimationFrame(look);
          return;
        }
        const channel = new MessageChannel();
        channel.port1.addEventListener('message', () => resolve(performance.now() - from));
        channel.port1.start();
        channel.port2.postMessage(undefined);
      };
      requestAnimationFrame(look);
    });

  let pending: Promise<number> = Promise.resolve(Number.NaN);
  let frames: number[] = [];
  let frameId = 0;
  window.probe = {
    takeLongTasks: () => longTasks.splice(0),
    arm: (name, found) => {
      pending = new Promise((resolve, reject) => {
        document.addEventListener(
          name,
          (event) => {
            shown(found, event.timeStamp).then(resolve, reject);
          },
          { capture: true, once: true },
        );
      });
    },
    result: () => pending,
    startFrames: () => {
      frames = [];
      const note = (at: number) => {
        frames.push(at);
        frameId = requestAnimationFrame(note);
      };
      frameId = requestAnimationFrame(note);
    },
    stopFrames: () => {
      cancelAnimationFrame(frameId);
      return frames.slice(1).map((at, index) => at - (frames[index] ?? at));
    },
    firstShown: (found) => shown(found, 0),
  };
}

/** Puts the probe into every page that this tab opens from now on. */
export async function addProbe(page: Page): Promise<void> {
  await page.addInitScript(install);
}

/**
 * Measures from an event to the frame that shows its effect, in ms.
 * @param found selectors that must match, joined by ` && `; `selector == text` wants the exact text
 * @param act causes the event; others of the same name before it would be taken for it
 */
export async function timeFrom(
  page: Page,
  event: string,
  found: string,
  act: () => Promise<void>,
): Promise<number> {
  await page.evaluate(([name, what]) => window.probe.arm(name, what), [event, found] as const);
  await act();
  return page.evaluate(() => window.probe.result());
}
