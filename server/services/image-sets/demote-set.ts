import type { ServiceInput } from '#contract/operations.ts';
import { moveImages } from '../../database/queries/replacements/promotions.ts';
import { fetchImages } from '../../database/queries/images/images.ts';
import { idOf, planSetDemotion } from '../../domain/roles/demotions.ts';
import type { Context, Handler } from '../context.ts';
import { changesOf } from '../log-entry.ts';
import { toImage } from '../present.ts';
import {
  demotionItems,
  findDemotionGate,
  findImageBlockers,
  getTargetBelow,
  withTies,
} from '../replacements/demotion-plan.ts';
import { demandOwnHere, toPreview } from '../replacements/demotions.ts';
import { type Scene, type SetAct, setTheScene } from './act.ts';
import { dueOf, type Finding, findWholeRefusal, toItem, toResult } from './findings.ts';
import { setInWords } from './image-set-access.ts';

type DemoteBody = ServiceInput<'imageSetDemote'>['body'];

/** Moves images one scope down: docs/domain.md, "Demotion". */
export const demoteAct: SetAct<DemoteBody, true> = {
  operation: 'imageSetDemote',
  doing: 'move this to another scope',
  verb: () => 'moves',
  gate: (ctx, set) => findDemotionGate(ctx, setInWords(set), set),
  find: findMoves,
  items: async (ctx, scene, body) => (await plan(ctx, scene, body)).items,
  blockers: async (ctx, refused, body) => {
    const target = await getTargetBelow(ctx, body);
    const images = refused.map(({ image }) => image);
    return (await findImageBlockers(ctx, images, target)).blockers;
  },
  carryOut: async (ctx, due, _scene, body) => {
    const images = due.map(({ image }) => image);
    const ids = images.map(({ id }) => id);
    await moveImages(ctx.tx, ids, await getTargetBelow(ctx, body));
    const after = (await fetchImages(ctx.tx, ids, ctx.scope)).map(toImage);
    return { changes: changesOf('image', images.map(toImage), after), now: ids };
  },
};

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidStructure, InvalidValue */
export const previewSetDemotion: Handler<'imageSetDemotePreview'> = async (
  ctx,
  { params, body },
) => {
  const scene = await setTheScene(ctx, params.imageSetId, body);
  const what = setInWords(scene.set);
  demandOwnHere(ctx, what, scene.set);
  const planned = await plan(ctx, scene, body);
  const { findings, moving } = planned;
  const refusal =
    findDemotionGate(ctx, what, scene.set) ?? findWholeRefusal(findings, body.onRefusal);
  const preview = await toPreview(ctx, scene.set, { ...planned, refusal, images: moving }, moving);
  return { data: { ...preview, results: findings.map((finding) => toResult(ctx, finding)) } };
};

async function findMoves(ctx: Context, { images }: Scene, body: DemoteBody) {
  const target = await getTargetBelow(ctx, body);
  const refusals = planSetDemotion(await withTies(ctx, images), idOf(target));
  return images.map((image): Finding<true> => ({
    image,
    refusal: refusals.get(image.id),
    step: true,
  }));
}

async function plan(ctx: Context, scene: Scene, body: DemoteBody) {
  const target = await getTargetBelow(ctx, body);
  const findings = await findMoves(ctx, scene, body);
  const moving = dueOf(findings).map(({ image }) => image);
  const left = findings.filter(({ refusal }) => refusal !== undefined);
  const refused = left.map(({ image }) => image);
  const { rows, blockers } = await findImageBlockers(ctx, refused, target);
  const items = [
    ...demotionItems(moving, rows),
    ...left.map((finding) => toItem(finding, 'moves')),
  ];
  return { target, findings, moving, blockers, items };
}
