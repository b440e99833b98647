import { actingRights } from '#contract/clouds/acting-rights.ts';
import type { CloudAccess } from '../access.ts';
import type { SimulatedCall } from './calls.ts';

const everywhere = { cloudPlatform: '*', cloudLocation: '*' };

/** It lets everybody do everything that it can do. */
export function simulateAccess(call: SimulatedCall): CloudAccess {
  return {
    examine: (options) =>
      call(everywhere, options, async () =>
        (['read', ...actingRights] as const).map((right) => ({
          right,
          isThere: true,
          words: 'The simulated cloud refuses nobody.',
        })),
      ),
  };
}
