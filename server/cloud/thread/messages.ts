import type { AwsAddress } from '../ec2/address.ts';
import type { Capability } from '../port.ts';

/** Which driver of the thread is asked for what: a method of a capability, without its CallOptions. */
export interface ThreadCall {
  address: AwsAddress;
  capability: Capability;
  verb: string;
  args: readonly unknown[];
}

/** What the thread is told. Pages are asked for one by one; `end` gives a call up. */
export type ToThread =
  | ({ kind: 'call'; id: number } & ThreadCall)
  | { kind: 'next'; id: number }
  | { kind: 'end'; id: number };

/** What it answers, once to each call and each `next`; `done` is after the last page. */
export type FromThread =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'done'; id: number }
  | { kind: 'failed'; id: number; error: ThreadFailure };

/** An error as it travels: classes do not. */
export interface ThreadFailure {
  message: string;
  /** Unless Slipway itself is at fault. */
  ofCloud: { willPass: boolean; isThrottled: boolean } | undefined;
}
