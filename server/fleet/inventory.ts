import { CloudError } from '../cloud/call.ts';
import type { CloudOf } from '../cloud/clouds.ts';
import type { CloudInventory, InventoryFact, InventoryLocation } from '../cloud/inventory.ts';
import { demandCapability } from '../cloud/port.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  listCredentialsToRead,
  storeFailure,
  storeReach,
  storeReachFailure,
} from '../database/queries/inventory/readings.ts';
import { laneNameOf } from '../database/queries/records/outbox.ts';
import { keepReading } from '../services/inventory/store-reading.ts';
import { type PassOptions, startPasses } from './passes.ts';

/** How long a cloud may take to name its places, and to be read at one of them. */
const listPatienceMs = 30_000;
const readPatienceMs = 10 * 60_000;

/** At most so many places are read at once, with all credentials together: their answers are in memory meanwhile. */
const mostReadings = 8;

interface Told {
  onError: (error: unknown) => void;
  signal: AbortSignal;
}

/**
 * Reads what is there with all cloud credentials, each place by itself: one that is slow or fails holds up no other.
 * Two that run at once store the same. docs/domain.md, "Inventory".
 * @param readEveryMs how long after a reading began the next one of the same place does
 */
export function startInventory(
  db: Db,
  cloudOf: CloudOf,
  { readEveryMs = 60_000, ...options }: PassOptions & { readEveryMs?: number } = {},
): { stop(): Promise<void> } {
  const readings = new Readings(db, cloudOf, readEveryMs);
  const passes = startPasses((told) => readings.beginDue(told), options);
  return {
    stop: async () => {
      await passes.stop();
      await readings.settle();
    },
  };
}

/** Reads everything with all credentials once. */
export async function readInventory(db: Db, cloudOf: CloudOf, told: Told): Promise<void> {
  const readings = new Readings(db, cloudOf, 0);
  await readings.beginDue(told);
  await readings.settle();
}

/** Which readings are under way, and when each is due again. */
class Readings {
  readonly #db: Db;
  readonly #cloudOf: CloudOf;
  readonly #everyMs: number;
  readonly #beganAt = new Map<string, number>();
  readonly #going = new Map<string, Promise<void>>();
  #free = mostReadings;
  readonly #waiting: (() => void)[] = [];

  constructor(db: Db, cloudOf: CloudOf, everyMs: number) {
    this.#db = db;
    this.#cloudOf = cloudOf;
    this.#everyMs = everyMs;
  }

  /** Begins what is due and not under way. Credentials that were changed are due at once. */
  async beginDue(told: Told): Promise<void> {
    for (const { id, version } of await listCredentialsToRead(this.#db))
      this.#begin(id, version, told, () => this.#readCredentials(id, version, told));
  }

  async settle(): Promise<void> {
    while (this.#going.size > 0) await Promise.all(this.#going.values());
  }

  #begin(
    name: string,
    version: string,
    { onError, signal }: Told,
    read: () => Promise<void>,
  ): void {
    const key = `${name} ${version}`;
    const now = performance.now();
    const last = this.#beganAt.get(key);
    if (signal.aborted || this.#going.has(name)) return;
    if (last !== undefined && now - last < this.#everyMs) return;
    this.#beganAt.set(key, now);
    const going = read()
      .catch((error: unknown) => {
        if (!signal.aborted) onError(error);
      })
      .finally(() => this.#going.delete(name));
    this.#going.set(name, going);
  }

  async #readCredentials(id: string, version: string, told: Told): Promise<void> {
    const signal = AbortSignal.any([told.signal, AbortSignal.timeout(listPatienceMs)]);
    let inventory: CloudInventory;
    let locations: InventoryLocation[];
    try {
      inventory = demandCapability(await this.#cloudOf(laneNameOf(id)), 'inventory');
      locations = await inventory.locations({ signal });
    } catch (error) {
      const words = wordsOf(error, told.signal, signal);
      return storeReachFailure(this.#db, id, words);
    }
    await storeReach(this.#db, id, locations);
    for (const place of locations) {
      const name = `${id} ${place.cloudPlatform} ${place.cloudLocation}`;
      this.#begin(name, version, told, () =>
        this.#inTurn(() => readPlace(this.#db, id, { inventory, place }, told)),
      );
    }
  }

  async #inTurn(read: () => Promise<void>): Promise<void> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      await read();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

async function readPlace(
  db: Db,
  credentialsId: string,
  { inventory, place }: { inventory: CloudInventory; place: InventoryLocation },
  told: Told,
): Promise<void> {
  const { cloudPlatform, cloudLocation } = place;
  const at = { credentialsId, cloudPlatform, cloudLocation };
  const signal = AbortSignal.any([told.signal, AbortSignal.timeout(readPatienceMs)]);
  const startedAt = new Date();
  const facts: InventoryFact[] = [];
  try {
    for await (const page of inventory.scan(place, { signal })) facts.push(...page);
  } catch (error) {
    return storeFailure(db, at, wordsOf(error, told.signal, signal));
  }
  const tookMs = Date.now() - startedAt.getTime();
  await keepReading(db, at, facts, { startedAt, tookMs });
}

/** @throws what is no fault of the cloud's, and whatever happened while the loop ends */
function wordsOf(error: unknown, stopping: AbortSignal, signal: AbortSignal): string {
  if (stopping.aborted) throw error;
  if (error instanceof CloudError) return error.message;
  if (signal.aborted) return 'The cloud did not answer in time.';
  throw error;
}
