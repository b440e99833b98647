import type { CallOptions } from '../call.ts';
import type { Capability, CloudDriver } from '../port.ts';
import { cloudThread } from '../thread/cloud-thread.ts';
import type { AwsAddress } from './address.ts';

/**
 * EC2, asked as somebody. A place is the platform `ec2` and the name of a region. The driver and the SDK of AWS are
 * in a thread apart, since long answers take seconds to parse; both are loaded with the first call.
 */
export function createEc2Cloud(address: AwsAddress): CloudDriver {
  return {
    name: 'ec2',
    access: inThread(address, 'access'),
    groups: inThread(address, 'groups'),
    images: inThread(address, 'images'),
    inventory: inThread(address, 'inventory'),
    pointers: inThread(address, 'pointers'),
    servers: inThread(address, 'servers'),
  };
}

/** A capability of the driver in the thread. */
function inThread<Kind extends Capability>(
  address: AwsAddress,
  capability: Kind,
): NonNullable<CloudDriver[Kind]> {
  const methods = new Proxy(
    {},
    {
      get: (_, verb) => {
        // Whoever awaits it looks whether it is a promise.
        if (typeof verb !== 'string' || verb === 'then') return undefined;
        return (...all: unknown[]) => {
          const { signal } = all.at(-1) as CallOptions;
          const call = { address, capability, verb, args: all.slice(0, -1) };
          const isPaged = verb === 'list' || verb === 'scan';
          return isPaged ? cloudThread.pages(call, signal) : cloudThread.ask(call, signal);
        };
      },
    },
  );
  return methods as NonNullable<CloudDriver[Kind]>;
}
