import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { type Db, openDatabase } from './connection.ts';
import { Heartbeat } from './heartbeat.ts';

/** How long a read waits for the replica to have what it must show. */
const longestWaitMs = 100;
const askEveryMs = 2;
/** After one that waited in vain, others do not wait for so long. */
const restMs = 1_000;

export interface ReplicaOptions {
  maxConnections: number;
  pooled: boolean;
  /** Told about connections that broke. */
  onError: (error: Error) => void;
  /** Told why it is not read, and with undefined that it is again. */
  onChange: (problem: string | undefined) => void;
}

/**
 * A streaming replica, for reads that feed no write. What it shows is never older than what anybody had been told
 * was saved when the read began: docs/operations.md, "Replicas".
 */
export class Replica {
  readonly db: Db;
  readonly reads = { replica: 0, primary: 0 };
  readonly #heartbeat: Heartbeat;
  readonly #onChange: (problem: string | undefined) => void;
  #problem: string | undefined = 'the replica was not asked yet';
  /** Up to where in the log of changes it is known to have everything, in bytes. */
  #replayed = 0;
  #looking: Promise<void> | undefined;
  #restUntil = 0;

  constructor(url: string, { onChange, ...options }: ReplicaOptions) {
    this.#onChange = onChange;
    this.db = openDatabase(url, options);
    this.#heartbeat = new Heartbeat(url, this.db, (problem) => {
      if (problem !== undefined) this.#tell(problem.replace('database', 'replica'));
    });
  }

  /** Why reads do not go there; undefined while they do. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Waits until the replica has whatever the primary has saved by now.
   * @returns undefined when it does not come to that within a tenth of a second
   */
  async catchUp(primary: Db): Promise<Db | undefined> {
    const isThere = await this.#catchUp(primary).catch((error: unknown) => {
      this.fail(error);
      return false;
    });
    this.reads[isThere ? 'replica' : 'primary']++;
    return isThere ? this.db : undefined;
  }

  /** Notes that a read there went wrong, so that it was done elsewhere. */
  fail(error: unknown): void {
    this.#restUntil = performance.now() + restMs;
    this.#tell(`the replica fails: ${error instanceof Error ? error.message : String(error)}`);
  }

  async stop(): Promise<void> {
    await this.#heartbeat.stop();
    await this.db.destroy();
  }

  async #catchUp(primary: Db): Promise<boolean> {
    if (performance.now() < this.#restUntil) return false;
    // Whoever reads there next hears what is wrong with the primary.
    const wanted = await savedUpTo(primary).catch(() => Infinity);
    if (wanted === Infinity) return false;
    const giveUpAt = performance.now() + longestWaitMs;
    while (this.#replayed < wanted) {
      this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
      // A look that others began may be from before, which is no harm: it only shows less.
      await Promise.race([this.#looking, sleep(longestWaitMs)]);
      if (this.#replayed >= wanted) break;
      if (performance.now() > giveUpAt) {
        this.#restUntil = performance.now() + restMs;
        this.#tell('the replica is behind');
        return false;
      }
      await sleep(askEveryMs);
    }
    this.#tell(undefined);
    return true;
  }

  /** @throws Error when it is none, or does not answer */
  async #look(): Promise<void> {
    const { rows } = await sql<{ replayed: number | null }>`
      SELECT CASE WHEN pg_is_in_recovery()
        THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END AS replayed`.execute(
      this.db,
    );
    const replayed = rows[0]?.replayed ?? null;
    if (replayed === null) throw new Error('it follows no other server');
    this.#replayed = replayed;
  }

  #tell(problem: string | undefined): void {
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#onChange(problem);
  }
}

/**
 * Up to where a primary has its log of changes on its disk: whatever anybody was told is saved is before that. It is
 * asked outside of a transaction, before the read's begins.
 */
async function savedUpTo(primary: Db): Promise<number> {
  const { rows } = await sql<{ saved: number }>`
    SELECT pg_wal_lsn_diff(pg_current_wal_flush_lsn(), '0/0')::bigint AS saved`.execute(primary);
  return rows[0]?.saved ?? Infinity;
}
