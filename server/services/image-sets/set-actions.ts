import type { Verdict } from '#contract/actions.ts';
import type { ImageSet } from '#contract/image-sets/image-sets.ts';
import type { ImageSetRow } from '../../database/queries/image-sets/image-sets.ts';
import { fetchImagesOfSets, type ImageRow } from '../../database/queries/images/images.ts';
import type { Context } from '../context.ts';
import { decideImageActions } from '../images/image-actions.ts';

type SetActions = NonNullable<ImageSet['actions']>;
type ImageActions = Awaited<ReturnType<typeof decideImageActions>>;

/** For each set, what the caller may do with at least one of its images, by the rules of the images themselves. */
export async function decideSetActions(
  ctx: Context,
  sets: readonly ImageSetRow[],
): Promise<Map<number, SetActions>> {
  const ids = sets.map(({ id }) => id);
  const images = await fetchImagesOfSets(ctx.tx, ids, ctx.scope);
  const verdicts = await decideImageActions(ctx, images);
  const bySet = Map.groupBy(images, (image) => image.set_id);
  return new Map(ids.map((id) => [id, decide(bySet.get(id) ?? [], verdicts)]));
}

function decide(images: readonly ImageRow[], verdicts: ImageActions): SetActions {
  const ofAny = (action: keyof SetActions, among = images): Verdict => {
    const all = among.flatMap(({ id }) => verdicts.get(id)?.[action] ?? []);
    const verdict = all.find(({ allowed }) => allowed) ?? all[0];
    if (!verdict) throw new Error('A set without images got a verdict');
    return verdict;
  };
  const onEc2 = images.filter((image) => image.cloud_platform === 'ec2');
  return {
    update: ofAny('update'),
    promote: ofAny('promote'),
    demote: ofAny('demote'),
    // What is on other clouds is not asked for, as long as some of the set is on EC2.
    copy: ofAny('copy', onEc2.length > 0 ? onEc2 : images),
    deprecate: ofAny('deprecate'),
    protect: ofAny('protect'),
    delete: ofAny('delete'),
    deleteFromCloud: ofAny('deleteFromCloud'),
    addToRole: ofAny('addToRole'),
    try: ofAny('try'),
    move: ofAny('move'),
  };
}
