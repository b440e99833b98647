import { createHash } from 'node:crypto';
import type { CompiledQuery } from 'kysely';
import type { Db } from './connection.ts';

/** Values of statements that are worth keeping: those that go by keys, as in changes. */
const worthKeeping = new WeakSet<object>();

/** Statements that differ only in the length of a list are many, and PostgreSQL keeps what it was told to. */
const mostNames = 250;
/** A statement that is sent less often gains nothing from being kept. */
const sentBefore = 3;

const timesSent = new Map<string, number>();
const names = new Map<string, string>();
let generation = 0;

/** Marks a statement, by its list of values, as one that a connection may keep. */
export function markWorthKeeping({ parameters }: CompiledQuery): void {
  worthKeeping.add(parameters);
}

/** Carries out a statement that every request sends, whatever it reads or changes. @returns its rows */
export async function executeKept<Row>(db: Db, query: CompiledQuery<Row>): Promise<Row[]> {
  markWorthKeeping(query);
  return (await db.executeQuery(query)).rows;
}

/**
 * The name under which every connection keeps a statement that it has parsed, so that it is not parsed
 * again: the same for the same text. Only what is marked, and sent again and again, gets one.
 */
export function nameOfStatement(text: unknown, values: unknown): string | undefined {
  // What has no values is cheap to parse, and often two statements, which cannot be kept.
  if (typeof text !== 'string' || !Array.isArray(values) || values.length === 0) return undefined;
  if (!worthKeeping.has(values)) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= mostNames) return known;
  const times = timesSent.get(text) ?? 0;
  if (times < sentBefore) {
    if (timesSent.size < 10 * mostNames) timesSent.set(text, times + 1);
    return undefined;
  }
  const digest = createHash('sha256').update(text).digest('base64url');
  const name = `${generation}-${digest.slice(0, 24)}`;
  names.set(text, name);
  timesSent.delete(text);
  return name;
}

/** Whether a statement that was kept does not fit its tables any more: another release has changed them. */
export function isOutdatedStatement(error: unknown): boolean {
  return (
    error instanceof Error &&
    'routine' in error &&
    error.routine === 'RevalidateCachedQuery' &&
    'code' in error &&
    error.code === '0A000'
  );
}

/** Has every connection parse its statements anew. */
export function renameStatements(): void {
  generation += 1;
  names.clear();
}
