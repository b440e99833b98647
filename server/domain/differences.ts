/** A member of an object with its values before and after a change. */
export interface Difference {
  member: string;
  before: unknown;
  after: unknown;
}

/** What says nothing of a change: names of places beside their ids, and what is counted or raised with it. */
const silent = new Set(['id', 'version', 'accountId', 'envId', 'accountName', 'envName']);

/** Longer texts are cut, since this is to be read, not to be restored from. */
const mostCharacters = 2_000;

type Recorded = Record<string, unknown> | null;

/** The members in which two states of an object differ; an object that was not there has none. */
export function findDifferences(before: Recorded, after: Recorded): Difference[] {
  const members = new Set([...Object.keys(after ?? {}), ...Object.keys(before ?? {})]);
  return [...members].flatMap((member) => {
    const [was, is] = [before?.[member] ?? null, after?.[member] ?? null];
    if (silent.has(member) || isSame(was, is)) return [];
    return [{ member, before: cut(was), after: cut(is) }];
  });
}

/** Both come out of jsonb, which orders members always alike. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function cut(value: unknown): unknown {
  if (typeof value === 'string' && value.length > mostCharacters)
    return `${value.slice(0, mostCharacters)}…`;
  if (Array.isArray(value) && value.length > mostItems)
    return [...value.slice(0, mostItems), `… and ${value.length - mostItems} more`];
  return value;
}

const mostItems = 100;
