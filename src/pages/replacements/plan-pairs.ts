import type { PairedImage } from '#contract/replacements/replacement-members.ts';
import type { PlanWish, StoredPlan } from '#contract/replacements/replacement-plans.ts';

import { placeWords } from '../../components/flows/flow-names.ts';

/** One old image of a plan with what takes its place; a hole where nothing does. */
export interface PlanLine {
  oldImage: PairedImage;
  newImage: PairedImage | undefined;
  byHand: boolean;
  /** Roles that change. */
  roles: number;
  /** Roles that keep the old image since nothing takes its place. */
  kept: number;
  skipped: number;
  alreadyNew: number;
  /** Why it stays. */
  reason: string | null;
  deprecates: boolean;
}

/** Pairs and holes, by place. */
export function linesOf({ pairs, holes }: StoredPlan, wish: PlanWish | null): PlanLine[] {
  const deprecate = wish?.deprecateOldImage === true;
  const lines = [
    ...pairs.map(
      ({ oldImage, newImage, deprecateOldImage, outcome, reason, ...pair }): PlanLine => ({
        ...pair,
        oldImage,
        newImage,
        kept: 0,
        reason: outcome === 'skip' ? (reason ?? 'It cannot be replaced.') : null,
        deprecates:
          deprecate && outcome === 'change' && deprecateOldImage.allowed && !oldImage.deprecated,
      }),
    ),
    ...holes.map(({ image, byHand, roles }): PlanLine => ({
      oldImage: image,
      newImage: undefined,
      byHand,
      roles: 0,
      kept: roles,
      skipped: 0,
      alreadyNew: 0,
      reason: null,
      deprecates: false,
    })),
  ];
  return lines.toSorted((a, b) => placeWords(a.oldImage).localeCompare(placeWords(b.oldImage)));
}

/**
 * What is paired by hand once another choice is made for one old image.
 * @param newImageId null leaves the image as it is; undefined pairs it by place again
 */
export function pairsWith(
  wish: PlanWish | null,
  oldImageId: string,
  newImageId: string | null | undefined,
): NonNullable<PlanWish['pairs']> {
  const others = (wish?.pairs ?? []).filter(({ oldImage }) => oldImage.id !== oldImageId);
  if (newImageId === undefined) return others;
  const newImage = newImageId === null ? null : { id: newImageId };
  return [...others, { oldImage: { id: oldImageId }, newImage }];
}
