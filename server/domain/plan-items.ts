import type { PlanItem } from '#contract/plans.ts';
import { scopeLabel } from '#contract/scope.ts';
import type { MovingImage, PromotionPlan } from './promotions.ts';
import type { RollBackPlan } from './roll-backs.ts';
import type { ReplacementPlan, RoleUse } from './replacements.ts';

// What plans say, object by object: docs/domain.md, "Acting on what was shown".

/** What a replacement changes and what keeps the old image. */
export function replacementItems(
  oldImage: { id: string; name: string },
  plan: Pick<ReplacementPlan, 'roles' | 'otherRegistrations' | 'deprecates'>,
): PlanItem[] {
  const item = ({ id, name }: RoleUse, what: string) => ({ type: 'role' as const, id, name, what });
  const { id, name } = oldImage;
  return [
    ...plan.roles.map(({ role, outcome }) =>
      item(role, outcome === 'change' ? 'changes' : 'keeps the old image'),
    ),
    ...plan.otherRegistrations.map((role) => item(role, 'keeps another registration')),
    ...(plan.deprecates ? [{ type: 'image' as const, id, name, what: 'is deprecated' }] : []),
  ];
}

/** What a roll-back restores, and what it leaves alone. */
export function rollBackItems(
  { places, restoresOldImage, deprecatesNewImage }: RollBackPlan,
  images: {
    oldImage: { id: string; name: string };
    newImage: { id: string; name: string };
  },
): PlanItem[] {
  const flag = ({ id, name }: { id: string; name: string }, what: string) => ({
    type: 'image' as const,
    id,
    name,
    what,
  });
  return [
    ...places.map(({ place: { id, name }, outcome }) => ({
      type: 'role' as const,
      id,
      name,
      what: outcome === 'restore' ? 'gets the old image back' : 'stays as it is',
    })),
    ...(restoresOldImage ? [flag(images.oldImage, 'is restored')] : []),
    ...(deprecatesNewImage ? [flag(images.newImage, 'is deprecated again')] : []),
  ];
}

/** What a promotion moves and merges, and what it meets. */
export function promotionItems(
  images: readonly Pick<MovingImage, 'id' | 'name'>[],
  plan: Pick<PromotionPlan, 'collisions' | 'merges'>,
): PlanItem[] {
  const merged = new Set(plan.merges.map(({ from }) => from));
  return [
    ...images.map(({ id, name }) => ({
      type: 'image' as const,
      id,
      name,
      what: merged.has(id) ? 'is merged' : 'moves',
    })),
    ...plan.collisions.map(({ type, with: other }) => ({
      type,
      id: other.id,
      name: other.name,
      what: `is there already, at ${scopeLabel[other.scope]} scope`,
    })),
  ];
}
