import pg from 'pg';

/** What was sent to PostgreSQL. */
export interface Statement {
  text: string;
  values: unknown[];
}

type Query = (this: unknown, ...args: unknown[]) => unknown;

/** What is being recorded. */
let recording: { statements: Statement[]; keep: boolean } | undefined;
const original = Reflect.get(pg.Client.prototype, 'query') as Query;

function record(this: unknown, query: unknown, values: unknown, ...rest: unknown[]): unknown {
  const text = textOf(query);
  if (!recording || text === undefined) return original.call(this, query, values, ...rest);
  const isEnd = text.toLowerCase() === 'commit';
  if (!isEnd && !/^(begin|start transaction|rollback)/i.test(text))
    recording.statements.push({ text, values: Array.isArray(values) ? values : [] });
  const sent = isEnd && !recording.keep ? 'rollback' : query;
  return original.call(this, sent, values, ...rest);
}

/** Of a statement as it is, or of one with a name. */
function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null || !('text' in query)) return undefined;
  return typeof query.text === 'string' && 'name' in query ? query.text : undefined;
}
Reflect.set(pg.Client.prototype, 'query', record);

/**
 * Records the statements that some work in this process sends to PostgreSQL, in their order.
 * @param keep false rolls back what the work would commit, so that a replay can do it instead
 */
export async function captureStatements(
  work: () => Promise<unknown>,
  { keep }: { keep: boolean },
): Promise<Statement[]> {
  const statements: Statement[] = [];
  recording = { statements, keep };
  await work().finally(() => (recording = undefined));
  if (statements.length === 0) throw new Error('No statement was seen.');
  return statements;
}
