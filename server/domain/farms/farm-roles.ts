import type { Refusal } from '../refusal.ts';

/** What the rules need to know of a Role that is to enter a farm. */
export interface EnteringRole {
  id: number;
  name: string;
  deprecated_at: Date | null;
  os_family: string | null;
  os_name: string;
  use_scalr_agent: boolean;
  builtin_automation: readonly string[];
}

/** Of these, a farm has one at most; the second group counts as one. */
const once = [['postgresql'], ['redis'], ['mongodb'], ['mysql', 'percona', 'mariadb']];

/**
 * Why a Role cannot enter a farm: docs/domain.md, "Roles in farms".
 * @param others the roles that the farm has beside it
 */
export function findFarmEntryRefusal(
  role: EnteringRole,
  others: readonly { alias: string; builtin_automation: readonly string[] }[],
): Refusal | undefined {
  if (role.deprecated_at)
    return {
      code: 'Deprecated',
      reason: `Role "${role.name}" is deprecated and cannot enter another farm. Use its successor, or another role.`,
    };
  for (const group of once) {
    const automated = role.builtin_automation.find((one) => group.includes(one));
    if (automated === undefined) continue;
    const other = others.find((one) => one.builtin_automation.some((name) => group.includes(name)));
    if (other)
      return {
        code: 'UnicityViolation',
        reason: `A farm has at most one role of ${group.join(', ')}, and this one has it already: its farm role "${other.alias}".`,
      };
  }
  return undefined;
}

/** Why a farm role cannot go over to another Role, beside what keeps the Role out of the farm. */
export function findExchangeRefusal(now: EnteringRole, next: EnteringRole): Refusal | undefined {
  if (now.os_family !== next.os_family)
    return {
      code: 'OperatingSystemMismatch',
      reason: `Role "${next.name}" is for ${next.os_name}, but the farm role runs ${now.os_name} with role "${now.name}".`,
    };
  if (now.use_scalr_agent && !next.use_scalr_agent)
    return {
      code: 'ConfigurationMismatch',
      reason: `Role "${now.name}" works with the agent, and role "${next.name}" works without it.`,
    };
  const lost = now.builtin_automation.find(
    (one) => one !== 'chef' && !next.builtin_automation.includes(one),
  );
  if (lost === undefined) return undefined;
  return {
    code: 'UnicityViolation',
    reason: `Role "${next.name}" does not automate ${lost}, which role "${now.name}" does.`,
  };
}

/** How many servers a farm role keeps. */
export interface Scaling {
  enabled: boolean;
  minInstances: number;
  maxInstances: number;
}

/** Left out when a farm role is made: scaling is on, from 1 to 2 servers. */
export const defaultScaling: Scaling = { enabled: true, minInstances: 1, maxInstances: 2 };

/** The scaling that a request asks for. A maximum that it leaves out makes room for its minimum. */
export function planScaling(
  now: Scaling,
  wanted: { [Member in keyof Scaling]?: Scaling[Member] | undefined },
): Scaling | Refusal {
  const enabled = wanted.enabled ?? now.enabled;
  const minInstances = wanted.minInstances ?? now.minInstances;
  const maxInstances = wanted.maxInstances ?? Math.max(now.maxInstances, minInstances);
  if (maxInstances >= minInstances) return { enabled, minInstances, maxInstances };
  return {
    code: 'InvalidValue',
    field: 'scaling.maxInstances',
    reason: `maxInstances is ${maxInstances}, less than minInstances, which is ${minInstances}.`,
  };
}

/** One thing that may be said in two spellings. */
export interface Spelling {
  field: string;
  value: string | undefined;
}

/**
 * What is meant when something may be said in two spellings. Who sends back what they read, with one of
 * the two changed, means the changed one.
 * @param now how it is, if it is already
 * @returns undefined when neither says anything
 */
export function settleSpellings(
  now: string | undefined,
  one: Spelling,
  two: Spelling,
): { value: string | undefined } | Refusal {
  const said = [one, two].filter(({ value }) => value !== undefined);
  const changed = said.filter(({ value }) => value !== now);
  const [first, second] = changed;
  if (first && second && first.value !== second.value)
    return {
      code: 'InvalidValue',
      field: two.field,
      reason: `${one.field} says "${one.value}" and ${two.field} says "${two.value}": send one of them, or the same in both.`,
    };
  return { value: (first ?? said[0])?.value };
}

/** Why the servers of a farm role cannot run elsewhere: those that it has would stay behind. */
export function findMoveRefusal(farmRole: { alias: string }, servers: number): Refusal | undefined {
  if (servers === 0) return undefined;
  return {
    code: 'ObjectInUse',
    reason: `Farm role "${farmRole.alias}" has ${servers === 1 ? 'a server' : `${servers} servers`} that ${servers === 1 ? 'has' : 'have'} not ended. Terminate ${servers === 1 ? 'it' : 'them'} before it moves to another place.`,
  };
}

/** Scalr's names for the configurations of a platform; null where it has none that we know. */
export function configurationTypes(cloudPlatform: string): {
  placement: string | null;
  instance: string | null;
} {
  const names: Record<string, string> = { ec2: 'AwsClassic', gce: 'Gce' };
  const name = names[cloudPlatform];
  if (name === undefined) return { placement: null, instance: null };
  return {
    placement: `${name}PlacementConfiguration`,
    instance: `${name.replace('Classic', '')}InstanceConfiguration`,
  };
}
