import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Db } from '../../database/connection/connection.ts';

/** A farm of one farm role that is looked at. */
export interface WatchedFarm {
  farmId: number;
  /** How many servers it keeps: its minimum and its maximum. */
  servers: number;
  /** How many may be down at once. Left out where people end servers, which nobody counts. */
  mayBeDown?: number;
}

interface Sample {
  farm_id: number;
  /** Servers that are there, by Slipway's own rows, and those that run. */
  live: number;
  running: number;
  /** Rows of servers that were ever made, and moves of rollouts that were begun. */
  rows: number;
  moves: number;
  /** Of the cloud's own table: servers that run, and those that it has of ones that have ended for Slipway. */
  up: number;
  lost: number;
}

const everyMs = 100;

/**
 * Looks at farms every 100 ms, in Slipway's tables and in those of the simulated cloud, at one moment each: that no
 * more servers are down than may be, none is launched twice, and none is left behind in the cloud.
 */
export class FleetWatch {
  /** What was not as it has to be. */
  readonly breaches: string[] = [];
  samples = 0;
  readonly #db: Db;
  readonly #farms: ReadonlyMap<number, WatchedFarm>;
  readonly #isSimulated: boolean;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /**
   * @param db a connection that nothing befalls
   * @param isSimulated false where the servers are in a real cloud, which others look at
   */
  constructor(db: Db, farms: readonly WatchedFarm[], { isSimulated = true } = {}) {
    this.#db = db;
    this.#isSimulated = isSimulated;
    this.#farms = new Map(farms.map((farm) => [farm.farmId, farm]));
    this.#running = this.#run();
  }

  /** Ends it, after a last look. @returns what was not as it has to be */
  async stop(): Promise<string[]> {
    this.#stopping.abort();
    await this.#running;
    await this.#look();
    return this.breaches;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#look();
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    this.samples += 1;
    for (const found of await readSamples(this.#db, [...this.#farms.keys()])) {
      const sample = this.#isSimulated ? found : { ...found, up: found.running };
      const farm = this.#farms.get(sample.farm_id);
      const breach = farm && findBreach(farm, sample);
      if (breach && this.breaches.length < 10)
        this.breaches.push(`${breach}: ${JSON.stringify(sample)}`);
    }
  }
}

function findBreach({ servers, mayBeDown }: WatchedFarm, sample: Sample): string | undefined {
  const { live, running, rows, moves, up, lost } = sample;
  if (lost > 0) return 'the cloud has servers that have ended for Slipway';
  if (live > servers) return 'more servers than there may be';
  if (mayBeDown === undefined) return undefined;
  if (live < servers) return 'a server is missing that nobody has ended';
  if (running < servers - mayBeDown || up < running) return 'more servers are down than may be';
  // Each move launches one, and nothing else does.
  return rows === servers + moves ? undefined : 'a server was launched twice';
}

/** What a server of the simulated cloud is at this moment. */
const stateNow = sql`CASE WHEN c.due_at <= statement_timestamp() THEN c.next_state ELSE c.state END`;

async function readSamples(db: Db, farmIds: readonly number[]): Promise<Sample[]> {
  const { rows } = await sql<Sample>`
    SELECT f.id AS farm_id, own.live, own.running, own.rows, cloud.up, cloud.lost,
      (SELECT count(*)::int FROM rollout_servers rs WHERE rs.farm_id = f.id AND rs.started_at IS NOT NULL) AS moves
    FROM farms f CROSS JOIN LATERAL (
      SELECT count(*)::int AS rows, count(*) FILTER (WHERE s.status = 'running')::int AS running,
        count(*) FILTER (WHERE s.status NOT IN ('pending_terminate', 'terminated', 'failed'))::int AS live
      FROM servers s WHERE s.farm_id = f.id) own
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE ${stateNow} = 'running')::int AS up,
        count(*) FILTER (WHERE ${stateNow} NOT IN ('terminating', 'terminated', 'failed')
          AND coalesce(s.status, 'terminated') IN ('terminated', 'failed'))::int AS lost
      FROM simulated_servers c LEFT JOIN servers s ON s.id::text = c.token
      WHERE c.tags @> jsonb_build_object('slipway-farm', f.id::text)) cloud
    WHERE f.id = ANY(${farmIds}::int[])`.execute(db);
  return rows;
}

/** How many servers of a farm run, in Slipway and in the simulated cloud, where both have the same; -1 where not. */
export async function countRunningInBoth(db: Db, farmId: number): Promise<number> {
  const { rows } = await sql<{ running: number; same: boolean }>`
    SELECT count(s.id)::int AS running, coalesce(bool_and(s.id IS NOT NULL AND c.token IS NOT NULL), true) AS same
    FROM (SELECT id FROM servers WHERE farm_id = ${farmId} AND status = 'running') s
    FULL JOIN (SELECT c.token FROM simulated_servers c WHERE ${stateNow} NOT IN ('terminated', 'failed')
      AND c.tags @> jsonb_build_object('slipway-farm', ${farmId}::int::text)) c ON c.token = s.id::text`.execute(
    db,
  );
  const [found] = rows;
  return found?.same === true ? found.running : -1;
}
