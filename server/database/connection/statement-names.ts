import { hash } from 'node:crypto';
import pg from 'pg';

/** Statements that differ only in the length of a list are many, and PostgreSQL keeps what it was told to. */
const mostNames = 250;
/** A statement that is sent less often gains nothing from being kept. */
const sentBefore = 3;

/** The names under which the connections of a pool keep statements, so that these are not parsed again. */
export class StatementNames {
  readonly #timesSent = new Map<string, number>();
  readonly #names = new Map<string, string>();
  #generation = 0;

  /** @returns the same for the same text; undefined until it was sent again and again */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text);
    if (known !== undefined || this.#names.size >= mostNames) return known;
    const times = this.#timesSent.get(text) ?? 0;
    if (times < sentBefore) {
      if (this.#timesSent.size < 10 * mostNames) this.#timesSent.set(text, times + 1);
      return undefined;
    }
    const name = `${this.#generation}-${hash('sha256', text, 'base64url').slice(0, 24)}`;
    this.#names.set(text, name);
    this.#timesSent.delete(text);
    return name;
  }

  /** Has every connection parse its statements anew. */
  renew(): void {
    this.#generation += 1;
    this.#names.clear();
  }
}

/** Whether a statement that was kept does not fit its tables any more: another release has changed them. */
export function isOutdatedStatement(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return error.code === '0A000' && error.routine === 'RevalidateCachedQuery';
}
