import type { PlanItem } from '#contract/plans.ts';
import { scopeLabel } from '#contract/scope.ts';
import type { MovingImage, PromotionPlan } from './roles/promotions.ts';
import type { RollBackPlan } from './replacements/roll-backs.ts';
import type { ManyPlan, PairPlan } from './replacements/replacement-plans.ts';
import { type RoleUse } from './replacements/replacements.ts';
import { placeOf } from './replacements/replacement-images.ts';

// What plans say, object by object: docs/domain.md, "Acting on what was shown".

type Placed = Parameters<typeof placeOf>[0];
type Named = { id: string; name: string };

/** What a replacement changes and what keeps the old image; of many pairs, also what is paired with what. */
export function replacementItems<Image extends Named & Placed, Role extends RoleUse>(
  { pairs, holes }: Pick<ManyPlan<Image, Role>, 'pairs' | 'holes'>,
  { isWhole }: { isWhole: boolean },
): PlanItem[] {
  return [
    ...pairs.flatMap((pair) => pairItems(pair, isWhole)),
    ...holes.map(({ image }) =>
      ofImage(image, `has nothing in its place in ${placeOf(image)} and stays`),
    ),
  ];
}

/** @param isWhole whether the images are part of the plan, and a role may have several places in it */
function pairItems<Image extends Named & Placed, Role extends RoleUse>(
  { oldImage, newImage, ...pair }: PairPlan<Image, Role>,
  isWhole: boolean,
): PlanItem[] {
  const where = isWhole ? ` in ${placeOf(oldImage)}` : '';
  const ofRole = ({ id, name }: RoleUse, what: string) => ({
    type: 'role' as const,
    id,
    name,
    what: `${what}${where}`,
  });
  return [
    ...(isWhole
      ? [{ ...ofImage(oldImage, `is replaced${where} by`), other: namedOf(newImage) }]
      : []),
    ...pair.roles.map(({ role, outcome }) =>
      ofRole(role, outcome === 'change' ? 'changes' : 'keeps the old image'),
    ),
    ...pair.otherRegistrations.map((role) => ofRole(role, 'keeps another registration')),
    ...(pair.deprecates ? [ofImage(oldImage, `is deprecated${where}`)] : []),
  ];
}

const namedOf = ({ id, name }: Named) => ({ id, name });
const ofImage = ({ id, name }: Named, what: string) => ({ type: 'image' as const, id, name, what });

/** What a roll-back restores, and what it leaves alone. */
export function rollBackItems(
  { places, flags }: RollBackPlan,
  pairs: readonly { oldImage: Named; newImage: Named }[],
): PlanItem[] {
  return [
    ...places.map(({ place, outcome }) => ({
      type: 'role' as const,
      id: place.id,
      name: place.name,
      what: `${outcome === 'restore' ? 'gets the old image back' : 'stays as it is'}${
        pairs.length > 1 ? ` in ${placeOf(place)}` : ''
      }`,
    })),
    ...flags.flatMap((flag) => {
      const pair = pairs[flag.pair];
      if (!pair) return [];
      return [
        ...(flag.restoresOldImage ? [ofImage(pair.oldImage, 'is restored')] : []),
        ...(flag.deprecatesNewImage ? [ofImage(pair.newImage, 'is deprecated again')] : []),
      ];
    }),
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
