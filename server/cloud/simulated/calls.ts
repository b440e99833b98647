import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../database/connection/connection.ts';
import {
  fetchFaultsAt,
  type SimulatedFault,
} from '../../database/queries/simulated-cloud/faults.ts';
import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';

/** How long things take in the simulated cloud, in milliseconds. */
export interface SimulatedTimes {
  /** Each call. */
  latencyMs: number;
  /** A server from its launch until it runs: a quarter more or less. */
  bootMs: number;
  suspendMs: number;
  resumeMs: number;
  terminateMs: number;
  /** A copy of an image. */
  copyMs: number;
  /** One batch of the servers that a group exchanges. */
  exchangeMs: number;
}

export const usualTimes: SimulatedTimes = {
  latencyMs: 400,
  bootMs: 20_000,
  suspendMs: 8_000,
  resumeMs: 8_000,
  terminateMs: 10_000,
  copyMs: 6_000,
  exchangeMs: 20_000,
};

/** Which of the faults at a place befall this call. */
export type Befalls = (kind: SimulatedFault['kind']) => SimulatedFault | undefined;

/** Does one thing in the cloud, as a call over a network would. */
export type SimulatedCall = <Answer>(
  place: CloudPlace,
  options: CallOptions,
  deed: (befalls: Befalls) => Promise<Answer>,
) => Promise<Answer>;

/**
 * Calls take half of their time before the deed and half after it, so that one that is given up may have done
 * it or not, as with a real cloud.
 */
export function makeCalls(db: Db, { latencyMs }: SimulatedTimes): SimulatedCall {
  return async (place, { signal }, deed) => {
    signal.throwIfAborted();
    const befalls = draw(await fetchFaultsAt(db, place));
    const halfMs = (latencyMs + (befalls('slow')?.seconds ?? 0) * 1_000) / 2;
    await pass(halfMs, signal);
    if (befalls('throttled'))
      throw new CloudError('RequestLimitExceeded: the simulated cloud was asked too often.', {
        willPass: true,
        isThrottled: true,
      });
    const flaps = befalls('flapping') !== undefined;
    // Of a cloud that comes and goes, nobody knows whether it heard.
    if (flaps && Math.random() < 0.5) throw unavailable();
    const answer = await deed(befalls);
    await pass(halfMs, signal);
    if (flaps) throw unavailable();
    return answer;
  };
}

/** Each fault once for a call: what has befallen it stays so. */
function draw(faults: SimulatedFault[]): Befalls {
  const drawn = faults.filter(({ probability }) => Math.random() < probability);
  return (kind) => drawn.find((fault) => fault.kind === kind);
}

async function pass(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal });
  signal.throwIfAborted();
}

function unavailable(): CloudError {
  return new CloudError('Unavailable: the simulated cloud comes and goes.', { willPass: true });
}
