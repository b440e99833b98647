type Load<Module> = () => Promise<Module>;

const reloadedKey = 'slipway.reloaded';
/** Whoever comes back to what is missing later may have it tried again. */
const onceMs = 60_000;

/** A part of the page's code did not come: the server is away, or has another version by now. */
export class CodeError extends Error {
  constructor(cause: unknown) {
    super(
      'A part of this page is no longer on the server, and to reload did not help. Slipway may just be upgraded: try again in a minute. If it stays like this, empty this browser’s cache for this address, or tell whoever runs Slipway.',
      { cause },
    );
  }
}

/** Fetches code; a failure is a CodeError, whatever the browser calls it. */
export async function loadCode<Module>(load: Load<Module>): Promise<Module> {
  try {
    return await load();
  } catch (cause) {
    throw new CodeError(cause);
  }
}

/**
 * Loads the page anew, for code that the server has another version of; but not twice for the same
 * reason, or it would never end.
 * @returns whether the page is about to go
 */
export function reloadOnce(): boolean {
  try {
    const last = Number(sessionStorage.getItem(reloadedKey));
    if (Date.now() - last < onceMs) return false;
    sessionStorage.setItem(reloadedKey, String(Date.now()));
  } catch {
    // Without a memory there is no telling how often.
    return false;
  }
  window.location.reload();
  return true;
}
