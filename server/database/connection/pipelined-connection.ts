import { CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import type pg from 'pg';
import { cutUnlessWithin } from './silence.ts';
import { isOutdatedStatement, type StatementNames } from './statement-names.ts';

/** A statement, and how it goes. */
export interface Statement<Row = unknown> extends CompiledQuery<Row> {
  /** Nobody waits for it: what comes next fails with its error. */
  isSentAhead?: boolean;
  /** Is given the answer to come, while Kysely, which would send nothing before it, goes on. */
  onSent?(answer: Promise<QueryResult<Row>>): void;
  /** The connection keeps it, parsed, as it does what a change sends. */
  isKept?: boolean;
}

export interface ConnectionOptions {
  /** How long a statement may go unanswered before the connection is closed; 0 for ever. */
  answerMs: number;
  /** None where nothing may be kept. */
  names: StatementNames | undefined;
}

const nothing: Promise<unknown> = Promise.resolve();

/** A connection while somebody holds it. It sends (`pipeline`) without waiting for earlier answers. */
export class PipelinedConnection implements DatabaseConnection {
  readonly client: pg.PoolClient;
  /** Whether it is in a transaction that may write. */
  isInChange = false;
  readonly #options: ConnectionOptions;
  /** The latest answer, if the next may have to tell of its error. */
  #untold = nothing;

  constructor(client: pg.PoolClient, options: ConnectionOptions) {
    this.client = client;
    this.#options = options;
  }

  async executeQuery<Row>(statement: Statement<Row>): Promise<QueryResult<Row>> {
    const answer = this.#ask(statement);
    statement.onSent?.(answer.then(toQueryResult<Row>));
    return statement.isSentAhead || statement.onSent ? { rows: [] } : toQueryResult(await answer);
  }

  /** @returns what PostgreSQL says it did: after an error, `commit` is a `ROLLBACK` */
  async command(sql: string): Promise<string> {
    return (await this.#ask(CompiledQuery.raw(sql))).command;
  }

  streamQuery(): never {
    throw new Error('Use streamRows.');
  }

  #ask(statement: Statement): Promise<pg.QueryResult> {
    const told = tell(this.#untold, this.#send(statement));
    this.#untold = told;
    const forget = () => {
      if (!statement.isSentAhead && this.#untold === told) this.#untold = nothing;
    };
    told.then(forget, forget);
    return told;
  }

  #send({ sql: text, parameters, isKept }: Statement): Promise<pg.QueryResult> {
    const { answerMs, names } = this.#options;
    const { stream } = this.client.connection;
    // What is sent before anything is waited for leaves as one packet: each costs more than most statements.
    stream.cork();
    process.nextTick(() => stream.uncork());
    // What has no values is cheap to parse, and often two statements, which cannot be kept.
    const mayKeep = (isKept || this.isInChange) && parameters.length > 0;
    const name = mayKeep ? names?.nameOf(text) : undefined;
    const answer = this.client.query({ name, text }, [...parameters]);
    if (answerMs > 0) cutUnlessWithin(answerMs, this.client, answer);
    answer.catch((error: unknown) => isOutdatedStatement(error) && names?.renew());
    return answer;
  }
}

/** The answer to a statement, or what went wrong first: PostgreSQL tells the later ones only that something did. */
async function tell<T>(before: Promise<unknown>, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } finally {
    await before;
  }
}

/** Several statements at once have neither rows nor a count. */
function toQueryResult<Row>({ rows, rowCount }: Partial<pg.QueryResult>): QueryResult<Row> {
  return { rows: rows ?? [], numAffectedRows: BigInt(rowCount ?? 0) };
}
