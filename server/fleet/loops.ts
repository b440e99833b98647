import { createSimulatedCloud } from '../cloud/simulated.ts';
import type { Db } from '../database/connection.ts';
import { electLoop, type Elected, type LoopName } from './election.ts';
import { startImageDeletions } from './image-deletions.ts';

export interface LoopState {
  name: LoopName;
  /** Whether it runs in this process. */
  isLeader: boolean;
  /** When it last looked for work here. */
  ranAt: Date | undefined;
}

/** Everything that goes on in the background, each in one of all the processes on the database. */
export class Loops {
  readonly #db: Db;
  readonly #onError: (error: unknown) => void;
  readonly #elected = new Map<LoopName, Elected>();
  readonly #ranAt = new Map<LoopName, Date>();

  constructor(db: Db, onError: (error: unknown) => void) {
    this.#db = db;
    this.#onError = onError;
  }

  start(): void {
    const onError = this.#onError;
    const name = 'image-deletions';
    const onRun = () => void this.#ranAt.set(name, new Date());
    const begin = () => startImageDeletions(this.#db, createSimulatedCloud(), { onError, onRun });
    this.#elected.set(name, electLoop(this.#db, name, begin, { onError }));
  }

  states = (): LoopState[] =>
    [...this.#elected].map(([name, { isLeader }]) => ({
      name,
      isLeader,
      ranAt: this.#ranAt.get(name),
    }));

  async stop(): Promise<void> {
    await Promise.all([...this.#elected.values()].map((elected) => elected.stop()));
  }
}
