import { effects, fleetNouns, type Noun, reads } from '#contract/effects.ts';
import type { Moved, MovedScope } from '#contract/live.ts';
import type { Head, Sight, Step } from '../database/queries/records/moved.ts';

/** The accounts that somebody may see; Corporate administrators see all. */
export type SeenAccounts = 'all' | ReadonlySet<number>;

const everyNoun = Object.keys(reads) as Noun[];

interface Scope extends Head {
  /** For each noun the look that saw it touched last: its `before`. */
  touched: Map<Noun, number>;
}

/** What has moved since this process began to look, and when it was seen. It asks nobody: `note` is told. */
export class Ledger {
  readonly #scopes = new Map<number | null, Scope>();
  /** Undefined before the first look. */
  #began: number | undefined;
  #last: Sight = { after: 0, before: 0, heads: [] };

  /** What led from the last look to this one is still to be asked for. */
  stepsTo(sight: Sight): Step[] {
    if (this.#began === undefined) return [];
    return sight.heads.flatMap(({ accountId, revision }) => {
      const from = this.#scopes.get(accountId)?.revision ?? 0;
      return revision > from ? [{ accountId, from, to: revision }] : [];
    });
  }

  /**
   * Takes down a look.
   * @param operations what led to it in each scope, undefined where that is not known
   * @returns the scopes that moved since the one before
   */
  note(sight: Sight, operations: ReadonlyMap<number | null, string[] | undefined>): Moved {
    // A database that was restored goes on from an earlier moment.
    const isRestored = sight.before < this.#last.before || sight.heads.some(this.#isEarlier);
    const isFirst = this.#began === undefined || isRestored;
    if (isFirst) {
      this.#scopes.clear();
      this.#began = sight.before;
    }
    this.#last = sight;
    const moved = sight.heads.flatMap((head): MovedScope[] => {
      const scope = this.#scopes.get(head.accountId);
      const nouns = isFirst ? [] : nounsOf(head, scope, operations);
      const touched = scope?.touched ?? new Map<Noun, number>();
      for (const noun of nouns) touched.set(noun, sight.before);
      this.#scopes.set(head.accountId, { ...head, touched });
      return nouns.length > 0 ? [told(head, nouns)] : [];
    });
    return { ...this.#place(), everything: isRestored, scopes: moved };
  }

  /** Whether a position lies after the last look. */
  isAfterLast(position: number): boolean {
    return position > this.#last.before;
  }

  /** What somebody has missed. @param since a position; undefined for nothing at all */
  missedSince(since: number | undefined, accounts: SeenAccounts): Moved {
    const place = this.#place();
    if (since === undefined) return { ...place, everything: false, scopes: [] };
    if (since < (this.#began ?? 0) || this.isAfterLast(since))
      return { ...place, everything: true, scopes: [] };
    const scopes = [...this.#scopes.values()].flatMap(({ touched, ...head }): MovedScope[] => {
      const nouns = [...touched].flatMap(([noun, at]) => (at > since ? [noun] : []));
      return nouns.length > 0 ? [told(head, nouns)] : [];
    });
    return { ...place, everything: false, scopes: seenOf(scopes, accounts) };
  }

  #place(): Pick<Moved, 'position' | 'through'> {
    return { position: this.#last.after, through: this.#last.before };
  }

  #isEarlier = ({ accountId, revision }: Head): boolean =>
    revision < (this.#scopes.get(accountId)?.revision ?? 0);
}

/** What somebody may hear of: Corporate, which everybody sees who sees anything, and their accounts. */
export function seenOf(scopes: readonly MovedScope[], accounts: SeenAccounts): MovedScope[] {
  if (accounts === 'all') return [...scopes];
  return scopes.filter(({ accountId }) =>
    accountId === null ? accounts.size > 0 : accounts.has(accountId),
  );
}

const told = ({ accountId, revision, fleet }: Head, nouns: readonly Noun[]): MovedScope => ({
  accountId,
  revision,
  fleet,
  nouns,
});

function nounsOf(
  head: Head,
  before: Scope | undefined,
  operations: ReadonlyMap<number | null, string[] | undefined>,
): Noun[] {
  const nouns = new Set<Noun>();
  if (head.revision !== (before?.revision ?? 0))
    for (const noun of operations.get(head.accountId)?.flatMap(touchedBy) ?? everyNoun)
      nouns.add(noun);
  if (head.followed !== (before?.followed ?? 0)) nouns.add('operations');
  if (head.fleet !== (before?.fleet ?? 0)) for (const noun of fleetNouns) nouns.add(noun);
  return [...nouns];
}

/** A step of a loop, or of the command line, may touch anything. */
function touchedBy(operation: string): readonly Noun[] {
  return Object.hasOwn(effects, operation) ? effects[operation as keyof typeof effects] : everyNoun;
}
