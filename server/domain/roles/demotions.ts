import { type ScopeRef, scopeLabel } from '#contract/scope.ts';
import { findMoveRefusal } from '../images/image-states.ts';
import type { ImageFacts } from './role-images.ts';
import type { Refusal } from '../refusal.ts';

/** Which scopes below an object have something that must see it: their ids, null for what is elsewhere. */
export interface RoleTies {
  scopes: readonly (number | null)[];
  /** Scopes below that have something in the place where it would go. */
  taken: readonly number[];
}

export interface ImageTies extends RoleTies {
  /** Images that recommend it, each with its scope below. */
  recommenders: readonly { id: string; scope: number | null }[];
}

/** The id that tells a scope from others of its kind. */
export function idOf(target: ScopeRef): number {
  if (target.scope === 'account') return target.accountId;
  if (target.scope === 'environment') return target.environmentId;
  throw new Error('Nothing moves down to Corporate');
}

/**
 * Why an object cannot move one scope down: to one scope, or to any (docs/domain.md, "Demotion").
 * @param what to begin a sentence with
 * @param below ids of the scopes that it may go to, or how many there are where it may go to any
 */
export function findDemotionRefusal(
  what: string,
  { scopes, taken }: RoleTies,
  below: { to: number } | { count: number },
): Refusal | undefined {
  const needed = new Set(scopes);
  const [only] = needed;
  const to = 'to' in below ? below.to : only;
  if (needed.size > 1 || (needed.size === 1 && (only === null || only !== to)))
    return {
      code: 'ObjectInUse',
      reason: `${what} is used by what would no longer see it there. Clear what blockers lists first, or leave it where it is.`,
    };
  const isFull =
    to === undefined && 'count' in below
      ? new Set(taken).size >= below.count
      : taken.some((id) => id === to);
  if (!isFull) return undefined;
  return {
    code: 'UnicityViolation',
    reason: `${what} cannot go there: the same is there already. Delete or rename that first.`,
  };
}

/** The sentence for what cannot move further down. */
export function bottomReason(what: string): string {
  return `${what} is at ${scopeLabel.environment} scope already. There is no scope below it.`;
}

/** An image that may move down, with what is tied to it. */
export type TiedImage = Pick<ImageFacts, 'id' | 'name' | 'status'> & { ties: ImageTies };

/** Why one image cannot move down. @param alongside ids of images that move in the same go */
export function findImageDemotionRefusal(
  image: TiedImage,
  below: { to: number } | { count: number },
  alongside: ReadonlySet<string> = new Set(),
): Refusal | undefined {
  const { scopes, taken, recommenders } = image.ties;
  const others = recommenders.filter(({ id }) => !alongside.has(id));
  const ties = { scopes: [...scopes, ...others.map(({ scope }) => scope)], taken };
  return findMoveRefusal(image) ?? findDemotionRefusal(`Image "${image.name}"`, ties, below);
}

/** Decides which images of a set move down together; one may be recommended by another that moves as well. */
export function planSetDemotion(
  images: readonly TiedImage[],
  to: number,
): Map<string, Refusal | undefined> {
  let moving = images;
  for (;;) {
    const ids = new Set(moving.map(({ id }) => id));
    const left = moving.filter((image) => !findImageDemotionRefusal(image, { to }, ids));
    if (left.length === moving.length) break;
    moving = left;
  }
  const ids = new Set(moving.map(({ id }) => id));
  return new Map(images.map((image) => [image.id, findImageDemotionRefusal(image, { to }, ids)]));
}
