type Probe = () => Promise<boolean>;

const firstPauseMs = 1000;
const longestPauseMs = 4000;

let isThere: Probe = () => Promise.resolve(true);
let isAway = false;
let looking: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** How to ask whether the server is there. Called once, in main.tsx. */
export function probeWith(probe: Probe): void {
  isThere = probe;
}

function setAway(next: boolean): void {
  if (isAway === next) return;
  isAway = next;
  for (const listener of listeners) listener();
}

/** Ends sooner once the device itself is connected again. */
function pause(pauseMs: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, pauseMs);
    window.addEventListener('online', end);
  });
}

async function look(): Promise<void> {
  for (let pauseMs = firstPauseMs; !(await isThere()); pauseMs *= 2) {
    setAway(true);
    await pause(Math.min(pauseMs, longestPauseMs));
  }
  setAway(false);
}

/**
 * Something was not answered: asks whether the server is there, and again until it is. Resolves then;
 * where only that one request failed, at once.
 */
export function untilServerIsThere(): Promise<void> {
  looking ??= look().finally(() => {
    looking = undefined;
  });
  return looking;
}

/** Whether the server could not be reached when it was last asked. */
export function isServerAway(): boolean {
  return isAway;
}

/** Calls back whenever the server has gone away or come back. Returns how to stop that. */
export function onConnection(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
