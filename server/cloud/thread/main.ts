import { parentPort } from 'node:worker_threads';
import { CloudError } from '../call.ts';
import type { AwsAddress } from '../ec2/address.ts';
import { createEc2Driver } from '../ec2/driver.ts';
import { type CloudDriver, demandCapability } from '../port.ts';
import type { FromThread, ThreadFailure, ToThread } from './messages.ts';

// The thread itself: server/cloud/thread/cloud-thread.ts starts it.

/** So many drivers keep their connections open; of the others, the one used longest ago goes first. */
const keptDrivers = 100;

interface Call {
  abort: AbortController;
  pages?: AsyncIterator<unknown>;
}

const drivers = new Map<string, CloudDriver>();
const calls = new Map<number, Call>();

function driverAt(address: AwsAddress): CloudDriver {
  const key = JSON.stringify(address);
  const driver = drivers.get(key) ?? createEc2Driver(address);
  drivers.delete(key);
  drivers.set(key, driver);
  const [oldest] = drivers.keys();
  if (drivers.size > keptDrivers && oldest !== undefined) drivers.delete(oldest);
  return driver;
}

async function serve(message: ToThread): Promise<FromThread | undefined> {
  const { id } = message;
  const known = calls.get(id);
  if (message.kind === 'end') {
    known?.abort.abort();
    calls.delete(id);
    return undefined;
  }
  const call = known ?? { abort: new AbortController() };
  try {
    if (message.kind === 'call') {
      calls.set(id, call);
      const { address, capability, verb, args } = message;
      const able = demandCapability(driverAt(address), capability);
      const method = Reflect.get(able, verb) as (...all: unknown[]) => unknown;
      const answer = Reflect.apply(method, able, [...args, { signal: call.abort.signal }]);
      if (!isPaged(answer)) {
        const value = await answer;
        calls.delete(id);
        return { kind: 'answer', id, value };
      }
      call.pages = answer[Symbol.asyncIterator]();
    }
    const page = await call.pages?.next();
    if (!page) throw new CloudError('The list was not read to its end.', { willPass: true });
    if (page.done !== true) return { kind: 'answer', id, value: page.value };
    calls.delete(id);
    return { kind: 'done', id };
  } catch (error) {
    calls.delete(id);
    return { kind: 'failed', id, error: toFailure(error) };
  }
}

function isPaged(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function toFailure(error: unknown): ThreadFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof CloudError)) return { message, ofCloud: undefined };
  const { willPass, isThrottled } = error;
  return { message, ofCloud: { willPass, isThrottled } };
}

parentPort?.on('message', (message: ToThread) => {
  void serve(message).then((reply) => reply && parentPort?.postMessage(reply));
});
