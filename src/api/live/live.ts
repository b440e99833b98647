import type { QueryClient } from '@tanstack/react-query';
import { eventsPath } from '#contract/live.ts';
import type { Moved } from '#contract/live.ts';
import { apiBase } from '#contract/operations.ts';

import { basePath } from '../../util/base-path.ts';
import { sessionQuery } from '../session.ts';

import { firstPosition, makeRefresh } from './refresh.ts';
import { listen } from './stream.ts';

const pollMs = 5_000;
const patienceMs = 5_000;
/** Where another Slipway is served below another path, it is not theirs. */
const name = `slipway-live ${basePath}`;

/** What the tab that listens passes on to the others of its browser, and what they ask it. */
type Message = { moved: Moved } | { isStreaming: boolean } | 'is it streaming?';

/** One tab among those of its browser. */
class Tab {
  readonly #client: QueryClient;
  readonly #onLost: (isLost: boolean) => void;
  readonly #refresh: (moved: Moved) => void;
  readonly #stopping = new AbortController();
  readonly #channel = new BroadcastChannel(name);
  #position: number | undefined;
  /** Whether the tab that listens hears something; as long as nobody says otherwise, it does. */
  #isStreaming = true;
  #isLeader = false;

  constructor(client: QueryClient, onLost: (isLost: boolean) => void) {
    this.#client = client;
    this.#onLost = onLost;
    this.#refresh = makeRefresh(client);
    this.#position = firstPosition(client);
  }

  start(): void {
    const { signal } = this.#stopping;
    this.#channel.addEventListener('message', this.#onMessage);
    const polling = window.setInterval(() => {
      if (!this.#isStreaming) void this.#ask();
    }, pollMs);
    signal.addEventListener('abort', () => {
      window.clearInterval(polling);
      this.#channel.close();
    });
    // Browsers have locks only where the page came over TLS or from the same device.
    if (!('locks' in navigator)) this.#setStreaming(false);
    // It is given up with the signal.
    else void this.#takePart(signal).catch(() => undefined);
  }

  stop = (): void => this.#stopping.abort();

  async #takePart(signal: AbortSignal): Promise<void> {
    await navigator.locks.request(name, { ifAvailable: true }, (lock) =>
      lock === null ? undefined : this.#lead(),
    );
    if (signal.aborted) return;
    this.#tell('is it streaming?');
    // What it may have missed before it was there.
    await this.#ask();
    await navigator.locks.request(name, { signal }, () => this.#lead());
  }

  /** Listens, for all tabs, until it is stopped. */
  #lead(): Promise<void> {
    this.#isLeader = true;
    const stop = listen({
      address: this.#address,
      onMoved: (moved) => {
        this.#hear(moved);
        this.#tell({ moved });
      },
      onPosition: (position) => {
        this.#position = Math.max(this.#position ?? 0, position);
      },
      onStreaming: (isStreaming) => {
        this.#setStreaming(isStreaming);
        this.#tell({ isStreaming });
      },
    });
    return new Promise((resolve) => {
      const end = () => {
        stop();
        resolve();
      };
      if (this.#stopping.signal.aborted) end();
      else this.#stopping.signal.addEventListener('abort', end);
    });
  }

  #onMessage = ({ data }: MessageEvent<Message>): void => {
    if (data === 'is it streaming?') {
      if (this.#isLeader) this.#tell({ isStreaming: this.#isStreaming });
    } else if ('moved' in data) this.#hear(data.moved);
    else this.#setStreaming(data.isStreaming);
  };

  #tell(message: Message): void {
    if (!this.#stopping.signal.aborted) this.#channel.postMessage(message);
  }

  #address = (): string => {
    const since = this.#position === undefined ? '' : `?since=${this.#position}`;
    return basePath + apiBase + eventsPath + since;
  };

  #hear(moved: Moved): void {
    const { everything, position } = moved;
    // After a restore the server counts from where it was then.
    this.#position = everything ? position : Math.max(this.#position ?? 0, position);
    this.#refresh(moved);
  }

  #setStreaming(isStreaming: boolean): void {
    const hasEnded = this.#isStreaming && !isStreaming;
    this.#isStreaming = isStreaming;
    if (isStreaming) this.#onLost(false);
    else if (hasEnded) void this.#ask();
  }

  /** Asks once what has moved, where somebody sees it. */
  async #ask(): Promise<void> {
    const { signal } = this.#stopping;
    if (document.hidden) return;
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
      const response = await fetch(this.#address(), { cache: 'no-store', signal: within });
      // Whoever is not signed in any more is led to where one signs in.
      if (response.status === 401) void this.#client.invalidateQueries(sessionQuery);
      if (!response.ok) throw new Error(String(response.status));
      this.#hear((await response.json()) as Moved);
      this.#onLost(false);
    } catch {
      if (!signal.aborted) this.#onLost(true);
    }
  }
}

/**
 * Keeps what a tab shows as it is on the server: docs/architecture.md, "Live". Of all tabs of a browser one holds
 * the stream, the one that has the lock; it passes on what it hears. While there is none, each asks for itself.
 * @param onLost told when changes do not arrive at all any more, and when they do again
 * @returns how to stop
 */
export function startLive(client: QueryClient, onLost: (isLost: boolean) => void): () => void {
  const tab = new Tab(client, onLost);
  tab.start();
  return tab.stop;
}
