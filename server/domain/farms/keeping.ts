/** A farm role as whoever keeps it between its minimum and its maximum looks at it. */
export interface KeptFarmRole {
  farm_status: 'running' | 'suspended' | 'terminated';
  scaling_enabled: boolean;
  min_servers: number;
  max_servers: number;
  /** Its live servers (docs/domain.md, "Usage and staleness"): suspended ones count. */
  live: number;
}

/** Why a farm role is left as it is. */
export type Rest = 'farm' | 'scaling' | 'balanced';

/** How many servers to start or to end, or why neither. */
export type Keeping = { launch: number } | { terminate: number } | { rest: Rest };

/**
 * What keeps a farm role in balance: docs/domain.md, "What is kept". A lock keeps people from changing a
 * farm; its servers are kept all the same.
 */
export function planKeeping(farmRole: KeptFarmRole): Keeping {
  const { farm_status, scaling_enabled, min_servers, max_servers, live } = farmRole;
  if (farm_status !== 'running') return { rest: 'farm' };
  if (!scaling_enabled) return { rest: 'scaling' };
  if (live < min_servers) return { launch: min_servers - live };
  if (live > max_servers) return { terminate: live - max_servers };
  return { rest: 'balanced' };
}

/** Whether a server comes in the place of one that is terminated, and otherwise why none does. */
export type AfterTermination = { starts: true } | { starts: false; why: Rest };

/** What follows from terminating one of the live servers of a farm role. */
export function planAfterTermination(farmRole: KeptFarmRole): AfterTermination {
  const plan = planKeeping({ ...farmRole, live: Math.max(farmRole.live - 1, 0) });
  if ('launch' in plan) return { starts: true };
  return { starts: false, why: 'rest' in plan ? plan.rest : 'balanced' };
}

/** The minimum with which no server comes in the place of one that is terminated; undefined where it stays. */
export function planLowerMinimum(
  farmRole: Pick<KeptFarmRole, 'min_servers' | 'live'>,
): number | undefined {
  const left = Math.max(farmRole.live - 1, 0);
  return left < farmRole.min_servers ? left : undefined;
}

/** What follows from terminating a server, as one sentence before it is done. */
export function afterTerminationWords(
  farmRole: KeptFarmRole & { alias: string; farm_name: string; image_name: string },
): string {
  const plan = planAfterTermination(farmRole);
  if (plan.starts) return `A new one will start on ${farmRole.image_name}.`;
  const { alias, farm_name, min_servers, farm_status } = farmRole;
  const left = Math.max(farmRole.live - 1, 0);
  const why: Record<Rest, string> = {
    farm: `No new one will start while farm "${farm_name}" is ${farm_status}.`,
    scaling: `No new one will start: the scaling of "${alias}" is off. Turn it on, or launch one by hand.`,
    balanced: `No new one will start: "${alias}" keeps at least ${min_servers}, and ${left} ${left === 1 ? 'stays' : 'stay'}. Raise its minimum, or launch one by hand.`,
  };
  return why[plan.why];
}
