import { destination, pino } from 'pino';
import type { Env } from '../env.ts';

/**
 * What the process says to whoever runs it: for people to read, or as lines of JSON beside those of requests
 * (docs/operations.md, "The log").
 */
export class Voice {
  #log: ReturnType<typeof pino> | undefined;
  #lastWarning = '';
  #isStopping = () => false;

  /** @param isStopping whether it is no news any more that connections end */
  speak({ logFormat }: Pick<Env, 'logFormat'>, isStopping: () => boolean): void {
    this.#isStopping = isStopping;
    // At once, since the process may end after any line.
    if (logFormat === 'json') this.#log = pino({ level: 'info' }, destination({ sync: true }));
  }

  say = (line: string): void => {
    if (this.#log) this.#log.info(line);
    else process.stdout.write(`${line}\n`);
  };

  /** Says the same thing once, until there is something else to say: an outage repeats itself. */
  warn = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    // PostgreSQL may end connections while everything is being stopped.
    if (this.#isStopping() || text === this.#lastWarning) return;
    this.#lastWarning = text;
    if (this.#log) this.#log.warn(text);
    else process.stderr.write(`${text}\n`);
  };

  /** The last word of a process that cannot go on. */
  fail = (text: string): void => {
    if (this.#log) this.#log.fatal(text);
    else process.stderr.write(`${text}\n`);
  };
}
