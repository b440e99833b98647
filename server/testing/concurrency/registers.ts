/** What is compared of an object; for a role, with the ids of its images. */
export type State = Record<string, unknown>;

/** One object of an entry in the operations log. */
export interface LoggedChange {
  /** As the log names it, e.g. `image:0b6f...`. */
  object: string;
  before?: State | null;
  after?: State | null;
}

const members: Record<string, readonly string[]> = {
  image: ['id', 'version', 'scope', 'accountId', 'envId', 'name', 'description', 'deprecated'],
  role: ['id', 'scope', 'accountId', 'envId', 'name', 'description', 'deprecated'],
  replacement: ['id', 'version', 'scope', 'accountId', 'envId', 'state'],
};

/** What is compared of an object, out of an answer or the log. */
export function stateOf(kind: string, object: State, images?: readonly string[]): State {
  const picked = (members[kind] ?? []).map((name) => [name, object[name] ?? null]);
  return Object.fromEntries([...picked, ...(images ? [['images', images.toSorted()]] : [])]);
}

/** Every object after each of the writes: what the log says of it, one row after the other. */
export class Registers {
  readonly #history = new Map<string, [moment: number, state: State | undefined][]>();
  #moment = 0;

  constructor(initial: ReadonlyMap<string, State>) {
    for (const [object, state] of initial) this.#history.set(object, [[0, state]]);
  }

  /** An object after a number of rows; undefined where there was none. */
  read(object: string, moment: number): State | undefined {
    return this.#history.get(object)?.findLast(([made]) => made <= moment)?.[1];
  }

  /** Every object that there is after the last row. */
  now(): Map<string, State> {
    const states = [...this.#history.keys()].map((object) => [object, this.#now(object)] as const);
    return new Map(states.flatMap(([object, state]) => (state ? [[object, state]] : [])));
  }

  /** What the next row of the log changed. */
  write(changes: readonly LoggedChange[]): void {
    this.#moment += 1;
    for (const change of changes) this.#apply(change);
  }

  #apply({ object, before, after }: LoggedChange): void {
    const [kind = ''] = object.split(':');
    if (!before && !after) return;
    if (kind === 'roleImage') this.#link(before ?? undefined, after ?? undefined);
    if (!(kind in members)) return;
    const now = after ? `${kind}:${String(after['id'])}` : undefined;
    if (now !== object) this.#set(object, undefined);
    if (now === undefined || !after) return;
    if (now !== object) this.#merge(String(before?.['id']), String(after['id']));
    this.#set(now, stateOf(kind, after, kind === 'role' ? this.#imagesOf(now) : undefined));
  }

  #link(before: State | undefined, after: State | undefined): void {
    const idOf = (link: State | undefined, of: string) => (link?.[of] as State | undefined)?.['id'];
    const role = `role:${String(idOf(before ?? after, 'role'))}`;
    const kept = this.#imagesOf(role).filter((id) => id !== idOf(before, 'image'));
    this.#setImages(role, after ? [...kept, String(idOf(after, 'image'))] : kept);
  }

  /** What held one image holds another one from now on, which is the same cloud image. */
  #merge(from: string, into: string): void {
    for (const role of this.#history.keys()) {
      const images = this.#imagesOf(role);
      if (!images.includes(from)) continue;
      this.#setImages(
        role,
        images.map((id) => (id === from ? into : id)),
      );
    }
  }

  #imagesOf(role: string): string[] {
    return (this.#now(role)?.['images'] as string[] | undefined) ?? [];
  }

  #setImages(role: string, images: readonly string[]): void {
    this.#set(role, { ...this.#now(role), images: images.toSorted() });
  }

  #now(object: string): State | undefined {
    return this.#history.get(object)?.at(-1)?.[1];
  }

  #set(object: string, state: State | undefined): void {
    const history = this.#history.get(object) ?? [];
    history.push([this.#moment, state]);
    this.#history.set(object, history);
  }
}
