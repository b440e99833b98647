import type { Blocker } from '#contract/errors.ts';
import { type ScopeRef, scopeLabel, scopeRank } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';
import { findEntryRefusal, type ImageFacts, type RoleFacts } from './role-images.ts';
import { findNameClash, nameClashReason, type NamedRole } from './roles.ts';
import { isVisibleFrom, type ScopedRow, scopeOf } from '../scopes.ts';

/** Where a promotion takes an object: one scope up, or undefined at the top. */
export function promotionTarget(row: ScopedRow): ScopeRef | undefined {
  const own = scopeOf(row);
  if (own.scope === 'environment') return { scope: 'account', accountId: own.accountId };
  return own.scope === 'account' ? { scope: 'scalr' } : undefined;
}

/** The sentence for an object that cannot move further up. */
export function topReason(what: string): string {
  return `${what} is at ${scopeLabel.scalr} scope already. There is no scope above it to promote it to.`;
}

/** What is recommended instead of a deprecated object that moves. */
export interface Recommendation extends ScopedRow {
  id: string | number;
  name: string;
}

export interface MovingImage extends ImageFacts {
  successor: Recommendation | undefined;
}

/** A live row with the same cloud image at the target scope or above it. */
export interface Registration extends ImageFacts {
  /** The moving image that it is a registration of. */
  of: string;
}

export interface MovingRole extends NamedRole {
  successor: Recommendation | undefined;
  category: { name: string };
  /** The category that it has at the target scope: its own, or one of the same name; undefined when there is none. */
  categoryThere: { id: number } | undefined;
  /** Live roles with its name, of its account and of Corporate. */
  namesakes: readonly NamedRole[];
}

export interface PromotionFacts {
  target: ScopeRef;
  /** Only when a role is promoted; then `images` are those that come along. */
  role?: MovingRole | undefined;
  images: readonly MovingImage[];
  /** Ids of others that move in the same go. */
  alongside?: readonly string[];
  registrations: readonly Registration[];
  /** Every role, anywhere, that holds a moving image which has a registration. */
  holders: readonly (RoleFacts & { image_id: string })[];
}

/** A row that stands where the promoted one would go. */
export type PlannedCollision =
  | { type: 'role'; with: NamedRole; of: NamedRole; refusal: Refusal }
  | {
      type: 'image';
      with: Registration;
      of: MovingImage;
      /** Why `merge: true` does not settle it, if it does not. */
      refusal: Refusal | undefined;
    };

/** Exactly what a promotion does; the preview shows it, the promotion carries it out. */
export interface PromotionPlan {
  /** What stands against it even with `merge: true`. */
  refusal: Refusal | undefined;
  /** The first of a role's name and of each image, in this order. */
  collisions: PlannedCollision[];
  /** Ids of the images that move. */
  moves: string[];
  /** Images that give way to the registration that is there. */
  merges: { from: string; into: string }[];
}

/** Decides what a promotion changes: docs/domain.md, "Promotion". */
export function planPromotion(facts: PromotionFacts): PromotionPlan {
  const collisions = [...findRoleCollision(facts), ...findImageCollisions(facts)];
  const blocking = collisions.find((collision) => collision.refusal !== undefined);
  const merges = collisions.flatMap((collision) =>
    collision.type === 'image' ? [{ from: collision.of.id, into: collision.with.id }] : [],
  );
  const merged = new Set(merges.map(({ from }) => from));
  const moves = facts.images.filter(({ id }) => !merged.has(id)).map(({ id }) => id);
  return {
    refusal: findStayingPart(facts, merged) ?? blocking?.refusal,
    collisions,
    moves,
    merges,
  };
}

/** The refusal of collisions that could be merged, by a call that does not ask for it. */
export function mergeNeeded(plan: PromotionPlan): Refusal | undefined {
  const [first] = plan.collisions;
  if (first?.type !== 'image') return undefined;
  const images = plan.collisions.filter(({ type }) => type === 'image');
  const more =
    images.length > 1 ? ` The same is true of ${images.length - 1} more of its images.` : '';
  return {
    code: 'UnicityViolation',
    reason: `The cloud image of "${first.of.name}" is registered at ${scopeLabel[first.with.scope]} scope already, as "${first.with.name}".${more} Send merge: true to use what is there: roles, servers and history move over to it, and the lower registration goes.`,
  };
}

/** The collisions as what stands in the way. */
export function toBlockers(collisions: readonly PlannedCollision[]): Blocker[] {
  return collisions.map((collision) => ({
    type: collision.type,
    id: collision.with.id,
    name: collision.with.name,
    scope: collision.with.scope,
    ...(collision.with.account_id !== null && { accountId: collision.with.account_id }),
    ...(collision.with.environment_id !== null && {
      environmentId: collision.with.environment_id,
    }),
    ...(collision.refusal && {
      code: collision.refusal.code,
      reason: collision.refusal.reason,
    }),
  }));
}

/** What the object refers to and what could not be seen from its new scope. */
function findStayingPart(
  { target, role, images, alongside = [] }: PromotionFacts,
  merged: ReadonlySet<string>,
): Refusal | undefined {
  const moving = new Set<string | number>([...images.map(({ id }) => id), ...alongside]);
  const leaves = (successor: Recommendation | undefined) =>
    successor && !moving.has(successor.id) && !isVisibleFrom(successor, target)
      ? successor
      : undefined;
  const where = scopeLabel[target.scope];
  const behind = leaves(role?.successor);
  if (role && behind) return staysBehind(`Role "${role.name}"`, `role "${behind.name}"`, where);
  if (role && !role.categoryThere)
    return {
      code: 'UnacceptableState',
      reason: `Role "${role.name}" is in the category "${role.category.name}", which belongs to the lower scope, and there is no category of that name at ${where} scope. Give the role another category first.`,
    };
  for (const image of images) {
    const successor = merged.has(image.id) ? undefined : leaves(image.successor);
    if (successor) return staysBehind(`Image "${image.name}"`, `image "${successor.name}"`, where);
  }
  return undefined;
}

function staysBehind(what: string, successor: string, where: string): Refusal {
  return {
    code: 'UnacceptableState',
    reason: `${what} is deprecated in favour of ${successor}, which would not be visible at ${where} scope. Promote that first, or name another successor.`,
  };
}

function findRoleCollision({ target, role }: PromotionFacts): PlannedCollision[] {
  const clash = role && findNameClash(role.namesakes, target, role.id);
  if (!role || !clash) return [];
  const refusal: Refusal = {
    code: 'UnicityViolation',
    reason: `${nameClashReason(clash)} Names cannot be merged: rename one of the two roles first.`,
  };
  return [{ type: 'role', with: clash, of: role, refusal }];
}

/** Each moving image meets the nearest registration: the one of the target scope before one above it. */
function findImageCollisions(facts: PromotionFacts): PlannedCollision[] {
  return facts.images.flatMap((image): PlannedCollision[] => {
    const [nearest] = facts.registrations
      .filter((row) => row.of === image.id && isVisibleFrom(row, facts.target))
      .sort((one, two) => scopeRank[two.scope] - scopeRank[one.scope]);
    if (!nearest) return [];
    const holders = facts.holders.filter((role) => role.image_id === image.id);
    return [
      { type: 'image', with: nearest, of: image, refusal: findMergeRefusal(nearest, holders) },
    ];
  });
}

/** The surviving row enters each role that holds the other one, so it must meet the rules of entering. */
function findMergeRefusal(
  survivor: Registration,
  holders: readonly RoleFacts[],
): Refusal | undefined {
  const where = scopeLabel[survivor.scope];
  const cannot = (why: string): Refusal => ({
    code: 'UnicityViolation',
    reason: `The same cloud image is registered at ${where} scope already, as "${survivor.name}", and cannot be merged with it: ${why}`,
  });
  if (survivor.status !== 'active') return cannot('that one is not active.');
  if (survivor.deprecated_at !== null) return cannot('that one is deprecated. Restore it first.');
  for (const role of holders) {
    const refusal = findEntryRefusal(survivor, role);
    if (refusal) return cannot(refusal.reason);
  }
  return undefined;
}
