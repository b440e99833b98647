import type { ServiceInput } from '#contract/operations.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { promotionTarget } from '../../domain/roles/promotions.ts';
import { promotionItems } from '../../domain/plan-items.ts';
import type { Context, Handler } from '../context.ts';
import { digestOf } from '../plan-digest.ts';
import { changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import { planImageSetPromotion } from '../replacements/promotion-plan.ts';
import { getTarget, toPreview } from '../replacements/promotion-preview.ts';
import { findPromotionRefusal } from '../replacements/promotion-rights.ts';
import { movePlanned, readPromoted, warnOfMerges } from '../replacements/promotions.ts';
import { type Scene, type SetAct, setTheScene } from './act.ts';
import { dueOf, type Finding, findWholeRefusal, toItem, toResult } from './findings.ts';
import { setInWords } from './image-set-access.ts';

type PromoteBody = ServiceInput<'imageSetPromote'>['body'];

/** What becomes of an image: it moves, or gives way to another. */
interface Step {
  into: string | undefined;
}

/** Moves images one scope up: docs/domain.md, "Promotion". */
export const promoteAct: SetAct<PromoteBody, Step> = {
  operation: 'imageSetPromote',
  doing: 'promote this',
  verb: () => 'moves',
  gate: (ctx, set) => findPromotionRefusal(ctx, setInWords(set), set),
  find: async (ctx, scene, { merge = false }) =>
    (await planSet(ctx, targetOf(scene), scene, merge)).findings,
  // Whoever forgot to send `merge` is refused for that, and not for a plan that was not shown.
  items: async (ctx, scene, { merge = false, onRefusal }) =>
    itemsOf(await planSet(ctx, targetOf(scene), scene, merge || onRefusal !== 'skip')),
  carryOut: async (ctx, due, scene) => {
    const images = due.map(({ image }) => image);
    const merges = due.flatMap(({ image, step }) =>
      step.into === undefined ? [] : [{ from: image.id, into: step.into }],
    );
    const moves = due.flatMap(({ image, step }) => (step.into === undefined ? image.id : []));
    await movePlanned(ctx, { merges, moves }, targetOf(scene));
    warnOfMerges(ctx, { merges }, images);
    const after = await readPromoted(ctx, { merges }, images);
    return {
      changes: changesOf('image', images.map(toImage), after),
      now: after.map(({ id }) => id),
    };
  },
};

/** Unless told otherwise, the preview looks at the promotion with `merge: true`, as those of an image and a role do. */
export const previewSetPromotion: Handler<'imageSetPromotePreview'> = async (
  ctx,
  { params, body },
) => {
  const scene = await setTheScene(ctx, params.imageSetId, body);
  const what = setInWords(scene.set);
  const target = getTarget(ctx, what, scene.set);
  const planned = await planSet(ctx, target, scene, body.merge ?? true);
  const { plan, findings, moving } = planned;
  const refusal =
    findPromotionRefusal(ctx, what, scene.set) ?? findWholeRefusal(findings, body.onRefusal);
  const preview = await toPreview(ctx, scene.set, target, {
    ...plan,
    refusal,
    moving,
    images: moving,
  });
  const results = findings.map((finding) => toResult(ctx, finding));
  return { data: { ...preview, digest: digestOf(itemsOf(planned)), results } };
};

function itemsOf({ plan, findings, moving }: Awaited<ReturnType<typeof planSet>>): PlanItem[] {
  const left = findings.filter(({ refusal }) => refusal !== undefined);
  return [...promotionItems(moving, plan), ...left.map((finding) => toItem(finding, 'moves'))];
}

function targetOf({ set }: Scene): ScopeRef {
  const target = promotionTarget(set);
  if (!target) throw new Error(`Set ${set.id} has no scope above it, but was not refused`);
  return target;
}

async function planSet(ctx: Context, target: ScopeRef, { images }: Scene, merge: boolean) {
  const plan = await planImageSetPromotion(ctx, target, images, merge);
  const survivors = new Map(plan.merges.map(({ from, into }) => [from, into]));
  const names = new Map(plan.collisions.map(({ with: { id, name } }) => [id, name]));
  const findings = images.map((image): Finding<Step> => {
    const into = survivors.get(image.id);
    const refusal = plan.refusals.get(image.id);
    const made = into === undefined ? undefined : { id: into, name: names.get(into) ?? '' };
    return { image, refusal, step: { into }, made };
  });
  return { plan, findings, moving: dueOf(findings).map(({ image }) => image) };
}
