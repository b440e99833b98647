import { ApiError } from '#contract/errors.ts';
import { networkOf } from '../auth/network.ts';

const minuteMs = 60_000;
const mostKnown = 50_000;

/**
 * How often one address may do what costs Slipway something before it knows who asks, within a minute:
 * docs/operations.md, "Strangers".
 */
export class AddressLimit {
  readonly #perMinute: number;
  readonly #what: string;
  #counts = new Map<string, number>();
  #since = 0;

  /**
   * @param perMinute 0 is no limit
   * @param what the sentence that a refusal begins with
   */
  constructor(perMinute: number, what: string) {
    this.#perMinute = perMinute;
    this.#what = what;
  }

  /** @throws ApiError LimitExceeded when the address has used up this minute */
  check(address: string): void {
    this.#turnPage();
    if (this.#perMinute === 0 || (this.#counts.get(networkOf(address)) ?? 0) < this.#perMinute)
      return;
    const secondsLeft = Math.ceil((this.#since + minuteMs - Date.now()) / 1000);
    throw new ApiError('LimitExceeded', `${this.#what} Try again in ${secondsLeft} s.`, {
      retryAfterSeconds: secondsLeft,
    });
  }

  /** Counts one more. @throws ApiError LimitExceeded as `check` does */
  take(address: string): void {
    this.check(address);
    this.count(address);
  }

  count(address: string): void {
    this.#turnPage();
    const network = networkOf(address);
    // Whoever has so many addresses is not stopped by this, and must not fill the memory.
    if (this.#counts.size < mostKnown || this.#counts.has(network))
      this.#counts.set(network, (this.#counts.get(network) ?? 0) + 1);
  }

  #turnPage(): void {
    if (Date.now() - this.#since < minuteMs) return;
    this.#since = Date.now();
    this.#counts = new Map();
  }
}
