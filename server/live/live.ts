import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError } from '#contract/errors.ts';
import { beatMs, type Moved } from '#contract/live.ts';
import { defaultLimits, fetchWatching, type Watching } from '../auth/sessions.ts';
import type { Db } from '../database/connection/connection.ts';
import { fetchOperations, fetchSight } from '../database/queries/records/moved.ts';
import { Ledger, seenOf } from './ledger.ts';
import { Reader } from './reader.ts';

export interface LiveOptions {
  /** How often to look while anybody listens. */
  everyMs?: number;
  /** How old rights and sessions may be, as long as the database answers; nothing is told by older ones. */
  checkMs?: number;
  perUser?: number;
  inAll?: number;
  /** A session ends after so long without use. */
  idleMinutes?: number;
}

interface Listener extends Watching {
  reader: Reader;
}

const retryAfterSeconds = 30;
const none: ReadonlyMap<number | null, string[] | undefined> = new Map();

/**
 * Tells pages what has changed, and where: docs/architecture.md, "Live". One look at the database serves all who
 * listen to this process, and there is none while nobody does.
 */
export class Live {
  readonly #db: Db;
  readonly #options: Required<LiveOptions>;
  readonly #ledger = new Ledger();
  readonly #listeners = new Set<Listener>();
  readonly #stopping = new AbortController();
  #looking: Promise<void> | undefined;
  #isRunning = false;
  #lookedAt = -Infinity;
  #checkedAt = -Infinity;
  #beatAt = -Infinity;

  constructor(
    db: Db,
    {
      everyMs = 500,
      checkMs = 3_000,
      perUser = 20,
      inAll = 2_000,
      idleMinutes = defaultLimits.idleMinutes,
    }: LiveOptions = {},
  ) {
    this.#db = db;
    this.#options = { everyMs, checkMs, perUser, inAll, idleMinutes };
  }

  /**
   * What has changed since a position, for a page that can hold no stream.
   * @throws what the database says
   */
  async missed(watching: Watching, since: number | undefined): Promise<Moved> {
    const isRecent = performance.now() - this.#lookedAt < this.#options.everyMs;
    if (!isRecent || this.#lacks(since)) await this.#lookFor(since);
    return this.#ledger.missedSince(since, watching.accounts);
  }

  /**
   * Begins to tell one page what changes, first what it has missed since a position: as Server-Sent Events, for as
   * long as the session lasts and somebody reads.
   * @param open begins the answer that they go into; called once nothing can be refused any more
   * @throws ApiError LimitExceeded, ServiceUnavailable; what the database says
   */
  async listen(watching: Watching, since: number | undefined, open: () => Writable): Promise<void> {
    this.#checkRoom(watching.userId);
    await this.#lookFor(since);
    this.#checkRoom(watching.userId);
    const answer = open();
    // Who has left meanwhile says so no more.
    if (answer.destroyed) return;
    const listener: Listener = { ...watching, reader: new Reader(answer) };
    this.#listeners.add(listener);
    answer.once('close', () => this.#listeners.delete(listener));
    const moved = this.#ledger.missedSince(since, watching.accounts);
    listener.reader.beat(moved.position);
    if (isNews(moved)) listener.reader.tell(moved);
    if (!this.#isRunning) void this.#run();
  }

  /** How many listen. */
  get count(): number {
    return this.#listeners.size;
  }

  /** Ends all streams, which goes at once, and begins no more. */
  stop(): void {
    this.#stopping.abort();
    for (const { reader } of this.#listeners) reader.end();
  }

  #checkRoom(userId: number): void {
    if (this.#stopping.signal.aborted)
      throw new ApiError('ServiceUnavailable', 'Slipway is stopping. Try again in a moment.');
    const mine = [...this.#listeners].filter((listener) => listener.userId === userId).length;
    if (mine < this.#options.perUser && this.#listeners.size < this.#options.inAll) return;
    throw new ApiError(
      'LimitExceeded',
      mine >= this.#options.perUser
        ? `You listen for changes in ${mine} browsers already. Close some, or ask again and again instead.`
        : 'Too many pages listen for changes already. Ask again and again instead.',
      { retryAfterSeconds },
    );
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    const { signal } = this.#stopping;
    while (this.#listeners.size > 0 && !signal.aborted) {
      // What cannot be looked at now is looked at later: nothing is lost by that, since the ledger stays.
      await this.#look().then(
        () => this.#beat(),
        () => undefined,
      );
      await sleep(this.#options.everyMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
    this.#isRunning = false;
  }

  /** Looks; again, where the look that was under way began before the position that is asked about. */
  async #lookFor(since: number | undefined): Promise<void> {
    await this.#look();
    if (this.#lacks(since)) await this.#look();
  }

  #lacks(since: number | undefined): boolean {
    return since !== undefined && this.#ledger.isAfterLast(since);
  }

  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    await this.#check();
    const sight = await fetchSight(this.#db);
    const steps = this.#ledger.stepsTo(sight);
    const operations = steps.length > 0 ? await fetchOperations(this.#db, steps) : none;
    const moved = this.#ledger.note(sight, operations);
    this.#lookedAt = performance.now();
    if (!isNews(moved)) return;
    for (const { accounts, reader } of this.#listeners) {
      const own = { ...moved, scopes: seenOf(moved.scopes, accounts) };
      if (isNews(own)) reader.tell(own);
    }
  }

  /** Ends the streams of sessions that have ended, and notices other rights: one statement for all. */
  async #check(): Promise<void> {
    if (performance.now() - this.#checkedAt < this.#options.checkMs) return;
    const listeners = [...this.#listeners];
    if (listeners.length === 0) return;
    const asked = performance.now();
    const sessions = new Set(listeners.map(({ session }) => session));
    const { idleMinutes } = this.#options;
    const watching = await fetchWatching(this.#db, [...sessions], idleMinutes);
    this.#checkedAt = asked;
    for (const listener of listeners) {
      const now = watching.get(listener.session);
      if (now?.rights === listener.rights) continue;
      // The page asks for its rights again, and for all that follows from them: at once, where a browser would come
      // again seconds after its stream has ended.
      listener.reader.tell({ ...this.#ledger.missedSince(undefined, 'all'), everything: true });
      if (now) {
        Object.assign(listener, now);
        continue;
      }
      this.#listeners.delete(listener);
      listener.reader.end();
    }
  }

  #beat(): void {
    if (performance.now() - this.#beatAt < beatMs) return;
    this.#beatAt = performance.now();
    const { position } = this.#ledger.missedSince(undefined, 'all');
    for (const { reader } of this.#listeners) reader.beat(position);
  }
}

function isNews({ everything, scopes }: Moved): boolean {
  return everything || scopes.length > 0;
}
