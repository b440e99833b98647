import type { Verdict } from '#contract/actions.ts';
import type { Warning } from '#contract/envelope.ts';
import { type Scope, type ScopeRef, scopeLabel } from '#contract/scope.ts';
import { isDeprecatedAt } from '../images/deprecations.ts';
import { findChangeRefusal } from '../images/image-states.ts';
import { atField, type Refusal, toVerdict } from '../refusal.ts';
import { findEntryRefusal, type RoleFacts } from '../roles/role-images.ts';
import { isOwn } from '../scopes.ts';
import {
  findReplacementImageRefusal,
  isSameCloudImage,
  type ReplacedImage,
} from './replacement-images.ts';

/** A role that holds the old image now, or another registration of its cloud image. */
export interface RoleUse extends RoleFacts {
  /** Which registration it holds. */
  image_id: string;
  /** It held the new image at that place before: then it may come back although it is deprecated. */
  held_new_image: boolean;
}

export interface ReplacementOptions {
  deprecateOldImage?: boolean | undefined;
  onIncompatible?: 'refuse' | 'skip' | undefined;
  allowArchitectureChange?: boolean | undefined;
  /** Take along roles that hold another registration of the old cloud image. */
  otherRegistrations?: boolean | undefined;
}

export interface ReplacementFacts {
  /** The scope of the request. */
  at: ScopeRef;
  /** As planReach (replacement-reach.ts) settled it. */
  reach: readonly Scope[];
  oldImage: ReplacedImage;
  newImage: ReplacedImage;
  /** Every role at and below `at` that holds a registration of the old cloud image. */
  roles: readonly RoleUse[];
  /** How many roles above `at`, inherited from there, hold the old image. */
  inheritedRoles: number;
  options: ReplacementOptions;
  /** Beside other pairs, one that no role uses may bring a deprecated image: nothing enters a role. */
  isOneOfMany?: boolean | undefined;
  /** For each right that is missing, the sentence that says so. */
  lacking: { replace?: string | undefined; deprecate?: string | undefined };
}

export interface PlannedRole<Role extends RoleUse = RoleUse> {
  role: Role;
  outcome: 'change' | 'skip';
  /** Why it cannot change. */
  refusal?: Refusal | undefined;
}

/** Exactly what a replacement does; the preview shows it, the replacement carries it out. */
export interface ReplacementPlan<Role extends RoleUse = RoleUse> {
  /** Set when nothing at all may happen. */
  refusal?: Refusal | undefined;
  /** The roles in reach: those that cannot change first, then by id. */
  roles: PlannedRole<Role>[];
  change: Role[];
  skip: PlannedRole<Role>[];
  /** Roles in reach that hold another registration of the old cloud image, and keep it. */
  otherRegistrations: Role[];
  /** Roles at and below the scope of the request that keep the old image, since they are out of reach. */
  outsideReach: number;
  /** Whether the old image may be deprecated from here, asked for or not. */
  deprecateOldImage: Verdict;
  /** Whether it will be: asked for, and not deprecated already. */
  deprecates: boolean;
  /** Every role that changes held the new image before: the roll-back by hand. */
  returnsToEarlierImage: boolean;
  warnings: Warning[];
}

/**
 * Decides what replacing an image changes. Preview and replacement both call it, so they cannot disagree.
 * Rules: docs/domain.md, "Replacement".
 */
export function planReplacement<Role extends RoleUse>(
  facts: Omit<ReplacementFacts, 'roles'> & { roles: readonly Role[] },
): ReplacementPlan<Role> {
  const old = facts.roles.filter((role) => role.image_id !== facts.newImage.id);
  const inReach = old.filter((role) => facts.reach.includes(role.scope));
  const takesAll = facts.options.otherRegistrations === true;
  const isMeant = (role: Role) => takesAll || role.image_id === facts.oldImage.id;
  const meant = inReach.filter(isMeant);
  const imageRefusal = findReplacementImageRefusal(facts.oldImage, facts.newImage, {
    ...facts.options,
    at: facts.at,
    allowDeprecated:
      meant.some((role) => role.held_new_image) ||
      (facts.isOneOfMany === true && meant.length === 0),
  });
  const roles = meant
    .map((role) => planRole(facts.newImage, role, imageRefusal))
    .sort(
      (a, b) =>
        Number(a.outcome === 'change') - Number(b.outcome === 'change') || a.role.id - b.role.id,
    );
  const change = roles.flatMap((planned) => (planned.outcome === 'change' ? [planned.role] : []));
  const skip = roles.filter((planned) => planned.outcome === 'skip');
  const undeprecatable = findDeprecationRefusal(facts);
  const plan = {
    roles,
    change,
    skip,
    otherRegistrations: inReach.filter((role) => !isMeant(role)),
    outsideReach: old.length - inReach.length,
    deprecateOldImage: toVerdict(undeprecatable),
    deprecates: facts.options.deprecateOldImage === true && facts.oldImage.deprecated_at === null,
    returnsToEarlierImage: change.length > 0 && change.every((role) => role.held_new_image),
  };
  const refusal =
    missingRight(facts) ??
    imageRefusal ??
    (facts.options.deprecateOldImage === true ? undeprecatable : undefined) ??
    rolesRefusal(facts, plan);
  return { ...plan, refusal, warnings: refusal ? [] : findWarnings(facts, plan) };
}

function planRole<Role extends RoleUse>(
  newImage: ReplacedImage,
  role: Role,
  imageRefusal: Refusal | undefined,
): PlannedRole<Role> {
  const refusal =
    imageRefusal ?? findEntryRefusal(newImage, role, { allowDeprecated: role.held_new_image });
  return { role, outcome: refusal ? 'skip' : 'change', refusal };
}

function missingRight(facts: Pick<ReplacementFacts, 'lacking'>): Refusal | undefined {
  return facts.lacking.replace === undefined
    ? undefined
    : { code: 'PermissionViolation', reason: facts.lacking.replace };
}

/** Why the old image may not be deprecated here: an image is changed at its own scope only. */
export function findDeprecationRefusal({
  at,
  oldImage,
  newImage,
  lacking,
}: Pick<ReplacementFacts, 'at' | 'oldImage' | 'newImage' | 'lacking'>): Refusal | undefined {
  const field = 'deprecateOldImage';
  if (isSameCloudImage(oldImage, newImage))
    return {
      field,
      code: 'InvalidValue',
      reason: `Image "${newImage.name}" is the same cloud image as "${oldImage.name}": deprecating one would deprecate the other here as well.`,
    };
  if (!isOwn(oldImage, at))
    return {
      field,
      code: 'ScopeViolation',
      reason: `Image "${oldImage.name}" belongs to the ${scopeLabel[oldImage.scope]} scope and can only be deprecated there.`,
    };
  const unchangeable = findChangeRefusal(oldImage);
  if (unchangeable) return atField(unchangeable, field);
  if (lacking.deprecate !== undefined)
    return { field, code: 'PermissionViolation', reason: lacking.deprecate };
  return undefined;
}

const namedRoles = 3;

/** All or nothing: roles that cannot change refuse the call, unless they are to be skipped. */
function rolesRefusal(
  { newImage, options }: Omit<ReplacementFacts, 'roles'>,
  { roles, skip }: Pick<ReplacementPlan, 'roles' | 'skip'>,
): Refusal | undefined {
  const [first] = skip;
  if (!first?.refusal || options.onIncompatible === 'skip') return undefined;
  const names = namesOf(skip.map(({ role }) => role));
  return {
    code: first.refusal.code,
    reason: `Nothing was changed: image "${newImage.name}" cannot enter ${skip.length} of the ${roles.length} roles in reach, ${names}. ${first.refusal.reason} Resolve this, choose another image, or skip what cannot change (onIncompatible "skip").`,
    blockers: skip.map(({ role, refusal }) => ({
      type: 'role' as const,
      id: role.id,
      name: role.name,
      scope: role.scope,
      ...(role.account_id !== null && { accountId: role.account_id }),
      ...(role.environment_id !== null && { environmentId: role.environment_id }),
      ...(refusal && { code: refusal.code, reason: refusal.reason }),
    })),
  };
}

function findWarnings(
  { at, oldImage, newImage, inheritedRoles }: Omit<ReplacementFacts, 'roles'>,
  {
    change,
    skip,
    otherRegistrations,
  }: Pick<ReplacementPlan, 'change' | 'skip' | 'otherRegistrations'>,
): Warning[] {
  const warnings: Warning[] = skip.map(({ role, refusal }) => ({
    code: refusal?.code ?? 'Conflict',
    message: `Role "${role.name}" (${role.id}) was skipped and keeps "${oldImage.name}": ${refusal?.reason ?? ''}`,
  }));
  if (change.length === 0)
    warnings.push({
      code: 'NothingToReplace',
      message:
        skip.length === 0
          ? `No role in reach uses "${oldImage.name}", so no role was changed.`
          : `No role was changed: none of those in reach can take "${newImage.name}".`,
    });
  else if (isDeprecatedAt(newImage, at))
    warnings.push({
      code: 'Deprecated',
      message: `Image "${newImage.name}" is deprecated and stays so: it came back to roles that held it before, but cannot enter others.`,
    });
  if (otherRegistrations.length > 0)
    warnings.push({
      code: 'OtherRegistrations',
      message: `Roles in reach hold another registration of the same cloud image and keep it: ${namesOf(otherRegistrations)}. Send otherRegistrations: true to take them along.`,
    });
  if (inheritedRoles > 0)
    warnings.push({
      code: 'InheritedRoles',
      message: `Roles of higher scopes that are used here still hold "${oldImage.name}": ${inheritedRoles}. They can only be changed at their own scope.`,
    });
  return warnings;
}

/** `"a", "b", "c" and 4 more` */
function namesOf(roles: readonly { name: string }[]): string {
  const names = roles.slice(0, namedRoles).map(({ name }) => `"${name}"`);
  const more = roles.length > namedRoles ? ` and ${roles.length - namedRoles} more` : '';
  return `${names.join(', ')}${more}`;
}
