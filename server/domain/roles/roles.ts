import type { builtinAutomations } from '#contract/roles/roles.ts';
import { type ScopeRef, scopeLabel } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';
import { findEntryRefusal, type ImageFacts, isSameSystem, type RoleFacts } from './role-images.ts';
import { isAtOrAbove, isVisibleFrom, type ScopedRow } from '../scopes.ts';

type Automation = (typeof builtinAutomations)[number];

/** A live role with the name that another one is to get. */
export interface NamedRole extends ScopedRow {
  id: number;
  name: string;
}

/**
 * Of the live roles that have a name already, the one that forbids it to a role at `at`: one that is
 * visible from there and, at account scope, one of any environment of the account
 * (docs/domain.md, "Names of roles").
 * @param ownId the role that is being renamed or moved; it does not stand in its own way
 */
export function findNameClash<Role extends NamedRole>(
  namesakes: readonly Role[],
  at: ScopeRef,
  ownId?: number,
): Role | undefined {
  return namesakes.find(
    (other) =>
      other.id !== ownId &&
      (isVisibleFrom(other, at) || (at.scope === 'account' && other.account_id === at.accountId)),
  );
}

/** The sentence for a name that is taken. */
export function nameClashReason(clash: NamedRole): string {
  const where =
    clash.scope === 'scalr' ? `the ${scopeLabel.scalr} scope` : `an ${clash.scope} scope`;
  return `A role at ${where} is called "${clash.name}" already. Choose another name.`;
}

const databases: readonly Automation[] = [
  'mysql',
  'percona',
  'mariadb',
  'postgresql',
  'mongodb',
  'redis',
];

/**
 * What cannot be automated on one server together, or without the agent (docs/domain.md, "Automation").
 * @returns the first rule that stands against it, or undefined
 */
export function findAutomationRefusal(
  automation: readonly Automation[],
  useScalrAgent: boolean,
): Refusal | undefined {
  if (!useScalrAgent)
    return automation.length === 0
      ? undefined
      : {
          code: 'InvalidStructure',
          reason: 'A role without the agent automates nothing: leave builtinAutomation out.',
        };
  if (automation.length === 0)
    return {
      code: 'InvalidStructure',
      reason: 'A role with the agent automates something: name "base" at least.',
    };
  if (new Set(automation).size < automation.length)
    return { code: 'UnicityViolation', reason: 'builtinAutomation names the same thing twice.' };
  for (const [index, one] of automation.entries()) {
    const other = automation.slice(index + 1).find((two) => !fitTogether(one, two));
    if (other)
      return {
        code: 'UnicityViolation',
        reason: `"${one}" and "${other}" cannot be automated on one server. Leave one of them out.`,
      };
  }
  return undefined;
}

function fitTogether(one: Automation, two: Automation): boolean {
  const names = new Set([one, two]);
  if (names.has('base')) return names.has('chef');
  if (databases.includes(one) && databases.includes(two)) return false;
  if (names.has('apache')) return !names.has('tomcat') && !names.has('nginx');
  return !(names.has('nginx') && names.has('haproxy'));
}

interface SystemFacts {
  os_name: string;
  os_family: string | null;
  os_generation: string | null;
}

/** Of a role's images, those that would not fit another operating system. */
export function findMisfits<Image extends SystemFacts>(
  images: readonly Image[],
  system: SystemFacts,
): Image[] {
  return images.filter((image) => !isSameSystem(image, system));
}

/**
 * Whether a role with these images may be copied to a scope: each image enters the copy, so each must
 * meet the rules of entering (docs/domain.md, "What may enter a role").
 */
export function findCloneRefusal(
  copy: RoleFacts,
  images: readonly ImageFacts[],
): Refusal | undefined {
  for (const image of images) {
    const refusal = findEntryRefusal(image, copy);
    if (refusal?.code === 'Deprecated')
      return {
        code: 'Deprecated',
        reason: `Role "${copy.name}" holds image "${image.name}", which is deprecated and cannot enter a new role. Replace it in the role first.`,
      };
    if (refusal) return refusal;
  }
  return undefined;
}

/** What the rules need to know of a role to name it as a successor. */
export interface SuccessorFacts extends NamedRole {
  deprecated_at: Date | null;
}

/**
 * Whether a role may be recommended instead of a deprecated one: everyone who sees the deprecated one
 * must see it, and it must not be deprecated itself, which also keeps recommendations from running in
 * a circle (docs/domain.md, "Deprecating a role").
 */
export function findSuccessorRefusal(
  role: NamedRole,
  successor: SuccessorFacts,
): Refusal | undefined {
  if (successor.id === role.id)
    return { code: 'InvalidValue', reason: `Role "${role.name}" cannot be its own successor.` };
  if (!isAtOrAbove(successor, role))
    return {
      code: 'ScopeViolation',
      reason: `Role "${successor.name}" lives below role "${role.name}", so others could not see it. Promote it first.`,
    };
  if (successor.deprecated_at)
    return {
      code: 'Deprecated',
      reason: `Role "${successor.name}" is deprecated itself. Name a role that can still be used.`,
    };
  return undefined;
}
