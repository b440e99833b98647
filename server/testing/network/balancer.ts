import { setTimeout as sleep } from 'node:timers/promises';

const everyMs = 100;

/** A request whose headers can be added to. */
export type PlainRequest = Omit<RequestInit, 'headers'> & { headers: Record<string, string> };

/** Sends requests to those of several servers that say `/readyz`, as a load balancer does. */
export class Balancer {
  readonly #ready = new Map<string, boolean>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<unknown>;
  #turn = 0;

  constructor(addresses: readonly string[]) {
    this.#running = Promise.all(addresses.map((address) => this.#watch(address)));
  }

  get readyCount(): number {
    return this.#targets().length;
  }

  /** Waits for a server if none is ready. @throws TypeError when the connection breaks */
  async send(path: string, init: PlainRequest): Promise<Response> {
    for (;;) {
      const targets = this.#targets();
      const target = targets[this.#turn++ % targets.length];
      if (target !== undefined) {
        const headers = { ...init.headers, origin: target };
        return fetch(`${target}${path}`, { ...init, headers });
      }
      await sleep(everyMs);
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #targets(): string[] {
    return [...this.#ready].filter(([, isReady]) => isReady).map(([address]) => address);
  }

  async #watch(address: string): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const isReady = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
        ({ ok }) => ok,
        () => false,
      );
      this.#ready.set(address, isReady);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
