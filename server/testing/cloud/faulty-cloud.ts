import { CloudError } from '../../cloud/call.ts';
import type { CloudDriver } from '../../cloud/port.ts';

/** What befalls one call to a cloud, before or after the cloud has done what it was asked. */
export type CloudFault = 'throttled' | 'ended before the deed' | 'done but not answered';

/** A call that ended without anybody knowing what came of it: the caller died, or the network did. */
export class LostCallError extends Error {
  override name = 'LostCallError';
}

/**
 * The same cloud behind a bad line: each call takes the next fault of the list, if there is one left.
 * What a real cloud cannot be told to do is done to it here.
 * @param faults taken from the front, `undefined` lets a call pass
 */
export function makeFaulty(cloud: CloudDriver, faults: (CloudFault | undefined)[]): CloudDriver {
  const { name, images, servers } = cloud;
  return {
    name,
    ...(images && { images: behindFaults(images, faults) }),
    ...(servers && { servers: behindFaults(servers, faults) }),
  };
}

function behindFaults<Capability extends object>(
  able: Capability,
  faults: (CloudFault | undefined)[],
): Capability {
  return new Proxy(able, {
    get: (target, name) => {
      const call: unknown = Reflect.get(target, name);
      if (typeof call !== 'function') return call;
      // Its pages are calls of their own.
      if (name === 'list') return call.bind(target) as unknown;
      return async (...args: unknown[]) => {
        const fault = faults.shift();
        if (fault === 'throttled')
          throw new CloudError('RequestLimitExceeded: asked too often.', {
            willPass: true,
            isThrottled: true,
          });
        if (fault === 'ended before the deed') throw new LostCallError(fault);
        const answer: unknown = await Reflect.apply(call, target, args);
        if (fault === 'done but not answered') throw new LostCallError(fault);
        return answer;
      };
    },
  });
}
