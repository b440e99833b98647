/** What the process is doing, from its start to its end. */
export type Phase = 'starting' | 'migrating the database' | 'serving' | 'stopping';

/** An orchestrator gives a probe a second or two. */
const patienceMs = 1_500;
/** A request gives up after 2 s without a connection. */
const longestStarvedMs = 1_000;

interface HealthFacts {
  isFull?: () => boolean;
  starvedMs?: () => number;
  replicaProblem?: () => string | undefined;
}

/** Whether this process should get requests: docs/operations.md, "Probes". */
export class Health {
  phase: Phase = 'starting';
  readonly #database: { check(deadlineMs: number): Promise<string | undefined> };
  readonly #isFull: () => boolean;
  readonly #starvedMs: () => number;
  readonly #replicaProblem: () => string | undefined;

  /**
   * @param database says why it cannot be used, or undefined
   * @param isFull whether its disk has no room for changes
   * @param starvedMs for how long requests have got no connection to it, since all are in use
   * @param replicaProblem why what could be read on a replica is not
   */
  constructor(
    database: { check(deadlineMs: number): Promise<string | undefined> },
    {
      isFull = () => false,
      starvedMs = () => 0,
      replicaProblem = () => undefined,
    }: HealthFacts = {},
  ) {
    this.#database = database;
    this.#isFull = isFull;
    this.#starvedMs = starvedMs;
    this.#replicaProblem = replicaProblem;
  }

  /** @returns undefined when it should, else why not, without anything that is nobody's business */
  async findProblem(): Promise<string | undefined> {
    if (this.phase !== 'serving') return this.phase;
    const problem = await this.#database.check(patienceMs);
    if (problem !== undefined || this.#starvedMs() < longestStarvedMs) return problem;
    return 'every connection to the database is in use';
  }

  /** How it serves, when it does. */
  get readiness(): string {
    if (this.#isFull()) return 'ready for reading: the disk of the database is almost full';
    const problem = this.#replicaProblem();
    return problem === undefined ? 'ready' : 'ready without the replica';
  }
}

/** For an application without a process around it. */
export function alwaysServing(): Health {
  const health = new Health({ check: async () => undefined });
  health.phase = 'serving';
  return health;
}
