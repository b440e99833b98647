import { findMoveRefusal } from '../images/image-states.ts';
import {
  mergeNeeded,
  type MovingImage,
  planPromotion,
  type PromotionFacts,
  type PromotionPlan,
} from './promotions.ts';
import type { Refusal } from '../refusal.ts';

export interface SetPromotionPlan extends PromotionPlan {
  /** What stands against each image that stays where it is. */
  refusals: Map<string, Refusal>;
}

/**
 * Decides which images of a set move one scope up together, and which cannot: what one recommends may come along
 * with it, and stays behind when the other cannot move (docs/domain.md, "Image sets").
 * @param merge whether an image may give way to the registration that is there
 */
export function planSetPromotion(facts: PromotionFacts, merge: boolean): SetPromotionPlan {
  const refusalOf = (image: MovingImage, moving: readonly MovingImage[]) =>
    findMoveRefusal(image) ?? findAlone(facts, image, moving, merge);
  let moving = facts.images;
  for (;;) {
    const among = moving;
    const left = among.filter((image) => refusalOf(image, among) === undefined);
    if (left.length === among.length) break;
    moving = left;
  }
  const refusals = new Map(
    facts.images.flatMap((image) => {
      const refusal = moving.includes(image) ? undefined : refusalOf(image, moving);
      return refusal ? [[image.id, refusal] as const] : [];
    }),
  );
  return { ...planPromotion({ ...facts, images: moving }), refusals };
}

function findAlone(
  facts: PromotionFacts,
  image: MovingImage,
  moving: readonly MovingImage[],
  merge: boolean,
): Refusal | undefined {
  const plan = planPromotion({
    ...facts,
    images: [image],
    alongside: moving.map(({ id }) => id),
  });
  return plan.refusal ?? (merge ? undefined : mergeNeeded(plan));
}
