/** Everything must be stopped within 10 s; what hangs by then is left to the kernel. */
const STOP_WITHIN_MS = 9500;
/** A terminal sends Ctrl-C to the whole group and npm sends it again: an echo is no second signal. */
const ECHO_MS = 700;

/**
 * What must be undone before the process ends, in reverse order of starting it.
 */
export class Lifecycle {
  readonly #cleanups: (() => Promise<unknown>)[] = [];
  #stoppingSince: number | undefined;
  #onHangUp: (() => void) | undefined;

  /** Runs `cleanup` when the process stops. A cleanup that takes longer than `patienceMs` is left. */
  onStop(cleanup: () => Promise<unknown>, patienceMs = STOP_WITHIN_MS): void {
    this.#cleanups.push(() => withPatience(cleanup, patienceMs));
  }

  get isStopping(): boolean {
    return this.#stoppingSince !== undefined;
  }

  /** From now on SIGHUP means to read something anew, and not to stop. */
  onHangUp(work: () => void): void {
    this.#onHangUp = work;
  }

  /**
   * Stops on SIGINT, SIGTERM, SIGHUP, and when the launcher is gone; a second signal ends at once. To a service, which
   * has no terminal to lose, SIGHUP means to read anew what there is to read.
   */
  listenForSignals(): void {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && (this.#onHangUp || isService())) this.#onHangUp?.();
        else if (this.#stoppingSince === undefined) void this.stop(0);
        else if (Date.now() - this.#stoppingSince > ECHO_MS) process.exit(130);
      });
    }
    if (process.connected) process.once('disconnect', () => void this.stop(0));
  }

  /** Undoes everything and ends the process. Later calls change nothing. */
  async stop(exitCode: number): Promise<void> {
    if (this.#stoppingSince !== undefined) return;
    this.#stoppingSince = Date.now();
    setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
    for (const cleanup of this.#cleanups.toReversed()) {
      await cleanup().catch((error: unknown) => {
        process.stderr.write(`While stopping: ${String(error)}\n`);
      });
    }
    process.exit(exitCode);
  }
}

function isService(): boolean {
  return !process.connected && !process.stdout.isTTY;
}

async function withPatience(work: () => Promise<unknown>, patienceMs: number): Promise<void> {
  const { promise: outOfPatience, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patienceMs);
  await Promise.race([work(), outOfPatience]).finally(() => clearTimeout(timer));
}
