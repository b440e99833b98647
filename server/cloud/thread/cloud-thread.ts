import { Worker } from 'node:worker_threads';
import { CloudError } from '../call.ts';
import type { FromThread, ThreadCall, ToThread } from './messages.ts';

/** A thread that nobody asked anything for so long ends, and gives its 100 MB back. */
const idleMs = 300_000;
const heapMb = 512;

/**
 * A thread apart for drivers whose answers take long to parse, so that nothing else waits for that. It begins with
 * the first call and ends when it is not used.
 */
class CloudThread {
  #worker: Worker | undefined;
  #lastId = 0;
  #idle: NodeJS.Timeout | undefined;
  readonly #waiting = new Map<number, (reply: FromThread) => void>();

  /** @throws CloudError; what `signal` says when it was given up */
  async ask(call: ThreadCall, signal: AbortSignal): Promise<unknown> {
    const reply = await this.#exchange({ kind: 'call', id: ++this.#lastId, ...call }, signal);
    return reply.kind === 'answer' ? reply.value : undefined;
  }

  /** @throws CloudError; what `signal` says when it was given up */
  async *pages(call: ThreadCall, signal: AbortSignal): AsyncGenerator<unknown> {
    const id = ++this.#lastId;
    let message: ToThread = { kind: 'call', id, ...call };
    try {
      for (;;) {
        const reply = await this.#exchange(message, signal);
        if (reply.kind !== 'answer') return;
        yield reply.value;
        message = { kind: 'next', id };
      }
    } finally {
      this.#worker?.postMessage({ kind: 'end', id } satisfies ToThread);
    }
  }

  /** Ends it; whoever waits is told that it is lost. */
  async end(): Promise<void> {
    await this.#worker?.terminate();
  }

  #exchange(message: ToThread, signal: AbortSignal): Promise<FromThread> {
    signal.throwIfAborted();
    const worker = this.#open();
    const { id } = message;
    const { promise, resolve, reject } = Promise.withResolvers<FromThread>();
    const giveUp = () => {
      worker.postMessage({ kind: 'end', id } satisfies ToThread);
      this.#settle(id);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp, { once: true });
    this.#waiting.set(id, (reply) => {
      signal.removeEventListener('abort', giveUp);
      this.#settle(id);
      if (reply.kind === 'failed') reject(toError(reply.error));
      else resolve(reply);
    });
    worker.postMessage(message);
    return promise;
  }

  #settle(id: number): void {
    this.#waiting.delete(id);
    clearTimeout(this.#idle);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.end(), idleMs).unref();
  }

  #open(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(new URL('./main.ts', import.meta.url), {
      name: 'clouds',
      // Flags of the process are for its own heap.
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    worker.unref();
    worker.on('message', (reply: FromThread) => this.#waiting.get(reply.id)?.(reply));
    worker.once('error', (error) => this.#lose(worker, String(error)));
    worker.once('exit', () => this.#lose(worker, 'it has ended'));
    this.#worker = worker;
    return worker;
  }

  /** Whoever waits asks again later, which begins another. */
  #lose(worker: Worker, words: string): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const error = {
      message: `The thread that speaks to the cloud is lost: ${words}.`,
      ofCloud: { willPass: true, isThrottled: false },
    };
    for (const [id, take] of this.#waiting) take({ kind: 'failed', id, error });
  }
}

function toError({ message, ofCloud }: Extract<FromThread, { kind: 'failed' }>['error']): Error {
  return ofCloud ? new CloudError(message, ofCloud) : new Error(message);
}

/** One for the process. */
export const cloudThread = new CloudThread();
