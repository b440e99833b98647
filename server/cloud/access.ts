import type { ActingRight } from '#contract/clouds/acting-rights.ts';
import type { CallOptions } from './call.ts';

/** What a cloud lets whoever holds the credentials do there. */
export interface AccessFinding {
  right: 'read' | ActingRight;
  isThere: boolean;
  /** In the cloud's own words where it has some. */
  words: string;
}

/** What Slipway asks of a cloud about its own credentials. */
export interface CloudAccess {
  /**
   * Looks, without changing anything.
   * @returns a finding for each right
   * @throws CloudError where the cloud does not answer
   */
  examine(options: CallOptions): Promise<AccessFinding[]>;

  /**
   * Which account of the cloud they are of, where clouds have accounts.
   * @throws CloudError
   */
  identify?(options: CallOptions): Promise<string>;
}
