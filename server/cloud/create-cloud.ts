import type { Db } from '../database/connection/connection.ts';
import type { LxdAddress } from './lxd/connection.ts';
import { createLxdCloud } from './lxd/lxd.ts';
import type { CloudDriver } from './port.ts';
import { createSimulatedCloud } from './simulated.ts';
import type { SimulatedTimes } from './simulated/calls.ts';

/** Which cloud there is: docs/operations.md, "LXD" and "The simulated cloud". */
export interface CloudSettings {
  simulatedTimes: Partial<SimulatedTimes>;
  /** The simulated one if undefined. */
  lxd: { address: LxdAddress; namePrefix: string } | undefined;
}

/** The cloud that this Slipway speaks to. */
export function createCloud(db: Db, { simulatedTimes, lxd }: CloudSettings): CloudDriver {
  return lxd ? createLxdCloud(lxd.address, lxd) : createSimulatedCloud(db, simulatedTimes);
}
