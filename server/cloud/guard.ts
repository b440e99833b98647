import { type ActingRight, rightIsOff } from '#contract/clouds/acting-rights.ts';
import { CloudError } from './call.ts';
import type { CloudGroups } from './groups.ts';
import type { CloudImages } from './images.ts';
import type { CloudDriver } from './port.ts';
import type { CloudPointers } from './pointers.ts';
import type { CloudServers } from './servers.ts';

/** What is asked of a cloud may be done there, and not by Slipway. */
export class RightIsOffError extends CloudError {
  override name = 'RightIsOffError';

  constructor(credentials: string, right: ActingRight) {
    super(rightIsOff(credentials, right), { willPass: false });
  }
}

/** Which right each call needs; whatever is not here only looks. */
const forImages: Partial<Record<keyof CloudImages, ActingRight>> = {
  copy: 'registerImages',
  deprecate: 'deprecateImages',
  delete: 'deleteImages',
};
const forServers: Partial<Record<keyof CloudServers, ActingRight>> = {
  launch: 'launchServers',
  resume: 'launchServers',
  reboot: 'launchServers',
  suspend: 'terminateServers',
  terminate: 'terminateServers',
};

const forPointers: Partial<Record<keyof CloudPointers, ActingRight>> = {
  put: 'publishPointers',
  remove: 'publishPointers',
};

const forGroups: Partial<Record<keyof CloudGroups, ActingRight>> = {
  refresh: 'changeGroups',
  cancel: 'changeGroups',
  rollBack: 'changeGroups',
  aim: 'changeGroups',
  replaceMember: 'changeGroups',
};

export interface Guard {
  /** As people call the credentials. */
  name: string;
  rights: readonly ActingRight[];
  /** Told when the cloud has answered. */
  onAnswer: () => void;
}

/**
 * The same cloud, of which nothing is asked that its credentials do not allow: the one place where the rights of
 * credentials are enforced, whoever asks and whatever for.
 */
export function guardCloud(
  { access, groups, images, inventory, pointers, servers, ...cloud }: CloudDriver,
  guard: Guard,
): CloudDriver {
  return {
    ...cloud,
    ...(access && { access: guarded(access, {}, guard) }),
    ...(groups && { groups: guarded(groups, forGroups, guard) }),
    ...(images && { images: guarded(images, forImages, guard) }),
    ...(inventory && { inventory: guarded(inventory, {}, guard) }),
    ...(pointers && { pointers: guarded(pointers, forPointers, guard) }),
    ...(servers && { servers: guarded(servers, forServers, guard) }),
  };
}

function guarded<Able extends object>(
  able: Able,
  needs: Partial<Record<keyof Able, ActingRight>>,
  { name, rights, onAnswer }: Guard,
): Able {
  return new Proxy(able, {
    get: (target, verb) => {
      const call: unknown = Reflect.get(target, verb);
      // Lists come in pages, which nobody waits for here.
      if (typeof call !== 'function' || verb === 'list' || verb === 'scan') return call;
      const right = needs[verb as keyof Able];
      return async (...args: unknown[]): Promise<unknown> => {
        if (right !== undefined && !rights.includes(right)) throw new RightIsOffError(name, right);
        const answer: unknown = await Reflect.apply(call, target, args);
        onAnswer();
        return answer;
      };
    },
  });
}
