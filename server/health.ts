/** What the process is doing, from its start to its end. */
export type Phase = 'starting' | 'migrating the database' | 'serving' | 'stopping';

/** An orchestrator gives a probe a second or two. */
const patienceMs = 1_500;

/** Whether this process should get requests: docs/operations.md, "Probes". */
export class Health {
  phase: Phase = 'starting';
  readonly #database: { check(deadlineMs: number): Promise<string | undefined> };
  readonly #isFull: () => boolean;

  /**
   * @param database says why it cannot be used, or undefined
   * @param isFull whether its disk has no room for changes
   */
  constructor(
    database: { check(deadlineMs: number): Promise<string | undefined> },
    isFull: () => boolean = () => false,
  ) {
    this.#database = database;
    this.#isFull = isFull;
  }

  /** @returns undefined when it should, else why not, without anything that is nobody's business */
  async findProblem(): Promise<string | undefined> {
    if (this.phase !== 'serving') return this.phase;
    return this.#database.check(patienceMs);
  }

  /** How it serves, when it does. */
  get readiness(): string {
    return this.#isFull() ? 'ready for reading: the disk of the database is almost full' : 'ready';
  }
}

/** For an application without a process around it. */
export function alwaysServing(): Health {
  const health = new Health({ check: async () => undefined });
  health.phase = 'serving';
  return health;
}
