import type { Kind, Recorded } from '#contract/records/recorded.ts';

export type { Kind, Recorded };

/** An object that is made has no `before`, one that goes no `after`. */
export type Change = {
  [K in Kind]:
    | { kind: K; before: Recorded<K>; after?: Recorded<K> | undefined }
    | { kind: K; before?: undefined; after: Recorded<K> };
}[Kind];

/** An object that took part and did not change, such as the one that was copied. */
export interface Mention {
  kind: Kind;
  id: string | number;
}

/** What a change leaves in the operations log: the object that it is about, and all others that it changed. */
export type LogEntry = Change & {
  others?: readonly (Change | Mention)[];
  /** How it was done, where no object shows it. */
  options?: { force?: boolean; hard?: boolean } | undefined;
  reason?: string | undefined;
};

/** The changes of several objects of one kind, each after it stands in the place of its before. */
export function changesOf<K extends Kind>(
  kind: K,
  before: readonly Recorded<K>[],
  after: readonly Recorded<K>[],
): Change[] {
  if (after.length !== before.length) throw new Error(`A ${kind} vanished in its own transaction`);
  // TypeScript does not see that one kind goes with its own objects when it does not know which.
  return before.map((object, index) => ({ kind, before: object, after: after[index] }) as Change);
}

/** The kind and id of an object, as the log names it, e.g. `image:0b6f...` or `role:17`. */
function nameOf(part: Change | Mention): string {
  if ('id' in part) return `${part.kind}:${part.id}`;
  const object = part.before ?? part.after;
  return 'id' in object
    ? `${part.kind}:${object.id}`
    : `${part.kind}:${object.role.id}/${object.image.id}`;
}

/** The names of everything that an entry says has changed. */
export function namesIn({ others = [], ...change }: LogEntry): string[] {
  return [change, ...others].flatMap((part) => ('id' in part ? [] : nameOf(part)));
}

/** The columns of the log that an entry fills. */
export function toLogColumns({ others = [], options, reason, ...change }: LogEntry) {
  return {
    ...toColumns(change),
    others: others.length > 0 ? others.map(toColumns) : undefined,
    options,
    reason,
  };
}

function toColumns(part: Change | Mention) {
  const { before, after } = 'id' in part ? {} : part;
  return { object: nameOf(part), before: withLinks(before), after: withLinks(after) };
}

/** An object with what it links to by id alone: the rest of a link is another object's, and changes. */
function withLinks(object: object | undefined): object | undefined {
  return (
    object &&
    Object.fromEntries(Object.entries(object).map(([member, value]) => [member, toLink(value)]))
  );
}

function toLink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toLink);
  if (typeof value !== 'object' || value === null) return value;
  return 'id' in value ? { id: value.id } : withLinks(value);
}
