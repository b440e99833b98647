import type { ImageSetResult } from '#contract/image-sets/image-set-acts.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import { isDeprecatedAt } from '../../domain/images/deprecations.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

/** What an act on a set finds of one image, before anything is done. */
export interface Finding<Step> {
  image: ImageRow;
  /** What stands against it. */
  refusal?: Refusal | undefined;
  /** Why it is left out although nobody refuses it. */
  aside?: Refusal | undefined;
  /** What is to be done with it; without it, all is as asked already. */
  step?: Step | undefined;
  /** Where a copy of it goes. */
  to?: ImageSetResult['to'];
  /** What comes of it. */
  made?: ImageSetResult['made'];
  /** The image that it takes the place of, and whether that is deprecated with it. */
  replaced?: { image: ImageRow; deprecates: boolean } | undefined;
}

/** A finding that something is to be done about. */
export type Due<Step> = Finding<Step> & { step: Step };

/** Those that something is to be done about. */
export function dueOf<Step>(findings: readonly Finding<Step>[]): Due<Step>[] {
  return findings.filter(
    (finding): finding is Due<Step> =>
      !finding.refusal && !finding.aside && finding.step !== undefined,
  );
}

/** The wire form of a finding: what is done, or would be. */
export function toResult(ctx: Context, finding: Finding<unknown>): ImageSetResult {
  const { image, refusal, aside, step, to, made, replaced } = finding;
  const against = refusal ?? aside;
  const outcome = step === undefined ? ('unchanged' as const) : ('done' as const);
  return {
    image: {
      id: image.id,
      name: image.name,
      cloudImageId: image.cloud_image_id,
      deprecated: isDeprecatedAt(image, ctx.scope),
      cloudPlatform: image.cloud_platform,
      cloudLocation: image.cloud_location,
      architecture: image.architecture,
    },
    outcome: against ? 'skipped' : outcome,
    ...(against && { code: against.code, reason: against.reason }),
    ...(to && { to }),
    ...(made && { made }),
    ...(replaced &&
      !against && {
        oldImage: { id: replaced.image.id, name: replaced.image.name },
        deprecatedOldImage: replaced.deprecates,
      }),
  };
}

/** What a plan says of a finding. */
export function toItem(
  { image, refusal, aside, step, to, replaced }: Finding<unknown>,
  verb: string,
): PlanItem {
  const { id, name } = image;
  const where = to ? ` to ${to.cloudLocation}` : '';
  const instead = replaced ? ` in the place of ${replaced.image.id}` : '';
  const also = replaced?.deprecates === true ? ', which is deprecated' : '';
  const fate = step === undefined ? 'stays as it is' : `${verb}${where}${instead}${also}`;
  return { type: 'image', id, name, what: refusal || aside ? `is left out${where}` : fate };
}

/**
 * What stands against the whole act: the first refusal where nothing may be left out, or nothing is left.
 * @returns undefined when it can be done
 */
export function findWholeRefusal(
  findings: readonly Finding<unknown>[],
  onRefusal: 'refuse' | 'skip' | undefined,
): Refusal | undefined {
  const refused = findings.filter(({ refusal }) => refusal !== undefined);
  const first = refused[0]?.refusal;
  const rest = findings.length - refused.length;
  if (!first || (onRefusal === 'skip' && rest > 0)) return undefined;
  if (findings.length === 1) return first;
  const more = refused.length - 1;
  const others = more === 0 ? '' : ` ${more} more of the set ${more === 1 ? 'is' : 'are'} refused.`;
  const wayOut = rest === 0 ? '' : ' Send onRefusal: "skip" to leave out what is refused.';
  return { ...first, reason: `${first.reason}${others}${wayOut}` };
}
