/** What this page has deleted or moved away, by the parameters that named it. */
const gone = new Set<string>();

type Params = Readonly<Record<string, unknown>>;

const keysOf = (params: Params) =>
  Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);

/** Remembers what a change took away: `{ imageId }`. */
export function noteGone(params: Params): void {
  for (const key of keysOf(params)) gone.add(key);
}

/**
 * Whether something was taken away that these parameters of an address name, so that a step of the history
 * may lead nowhere. Moved images and renamed versions can be there again: only what is not found is gone.
 */
export function wasTakenAway(params: Params): boolean {
  return keysOf(params).some((key) => gone.has(key));
}
