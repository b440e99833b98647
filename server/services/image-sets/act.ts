import type { ImageSetAct, ImageSetPlan } from '#contract/image-sets/image-set-acts.ts';
import { ApiError, type Blocker } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { PlanItem } from '#contract/plans.ts';
import { fetchImageSets, type ImageSetRow } from '../../database/queries/image-sets/image-sets.ts';
import {
  fetchImages,
  fetchImagesOfSets,
  type ImageRow,
} from '../../database/queries/images/images.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { judge } from '../access.ts';
import type { Context } from '../context.ts';
import { toBlocker } from '../images/image-blockers.ts';
import type { Change, Mention, Recorded } from '../log-entry.ts';
import { toPlan } from '../plan-digest.ts';
import { toPlace } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { type Due, dueOf, type Finding, findWholeRefusal, toItem, toResult } from './findings.ts';
import { getVisibleImageSet } from './image-set-access.ts';

/** Which images of a set, and what becomes of those that are refused. */
export interface Selection {
  images?: readonly string[] | undefined;
  onRefusal?: 'refuse' | 'skip' | undefined;
}

/** The set that an act is about, all its images, and those that were named, or else all again. */
export interface Scene {
  set: ImageSetRow;
  all: readonly ImageRow[];
  images: readonly ImageRow[];
}

/** What has been done: for the log, and what the images of the answer are now. */
export interface Done {
  changes: (Change | Mention)[];
  /** Ids of images that tell which set it is now. */
  now: readonly string[];
  reason?: string | undefined;
  status?: 202;
}

/** One act on the images of a set: what decides, what carries out, and the words for both. */
export interface SetAct<Body extends Selection, Step> {
  operation: OperationId;
  /** For whoever lacks the right, e.g. `deprecate images`. */
  doing: string;
  /** What becomes of an image, e.g. `is deprecated`. */
  verb: (body: Body) => string;
  /** What stands against the set as a whole, whatever its images are. */
  gate: (ctx: Context, set: ImageSetRow) => Refusal | undefined;
  find: (ctx: Context, scene: Scene, body: Body) => Promise<Finding<Step>[]>;
  /** What it concerns, where that is more than what becomes of the images. */
  items?: (ctx: Context, scene: Scene, body: Body, own: readonly PlanItem[]) => Promise<PlanItem[]>;
  /** What stands in the way of images that are refused, where that is more than the images themselves. */
  blockers?: (ctx: Context, refused: readonly Finding<Step>[], body: Body) => Promise<Blocker[]>;
  carryOut: (ctx: Context, due: readonly Due<Step>[], scene: Scene, body: Body) => Promise<Done>;
}

/**
 * Does something with the images of a set: all that were named or none, unless what is refused may be left out
 * (docs/domain.md, "Image sets").
 * @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed, Conflict, and what the act refuses with
 */
export async function performAct<Body extends Selection, Step>(
  act: SetAct<Body, Step>,
  ctx: Context,
  setId: number,
  body: Body,
): Promise<{ data: ImageSetAct; status?: 202 }> {
  const scene = await setTheScene(ctx, setId, body);
  refuseIf(act.gate(ctx, scene.set));
  ctx.expectVersion(scene.set.version);
  const findings = await act.find(ctx, scene, body);
  await ctx.expectPlan(() => itemsOf(act, ctx, scene, { findings, body }));
  const refusal = findWholeRefusal(findings, body.onRefusal);
  if (refusal) throw refusalError(refusal, await blockersOf(act, ctx, findings, body));
  const due = dueOf(findings);
  const done = due.length > 0 ? await act.carryOut(ctx, due, scene, body) : undefined;
  const after = await findSetNow(ctx, scene, done?.now);
  if (done)
    ctx.record({
      kind: 'imageSet',
      before: toRecordedSet(scene.set),
      after: after && toRecordedSet(after),
      others: done.changes,
      reason: done.reason,
    });
  return {
    data: {
      imageSet: after ? { id: after.id, name: after.name } : null,
      results: findings.map((finding) => toResult(ctx, finding)),
    },
    ...(done?.status && { status: done.status }),
  };
}

/** What the same would do; it changes nothing. @throws ApiError ObjectNotFound */
export async function previewAct<Body extends Selection, Step>(
  act: SetAct<Body, Step>,
  ctx: Context,
  setId: number,
  body: Body,
): Promise<{ data: ImageSetPlan }> {
  const scene = await setTheScene(ctx, setId, body);
  const gate = act.gate(ctx, scene.set);
  const findings = await act.find(ctx, scene, body);
  const refusal = gate ?? findWholeRefusal(findings, body.onRefusal);
  const items = await itemsOf(act, ctx, scene, { findings, body });
  const blockers = await blockersOf(act, ctx, findings, body);
  const verdict = judge(ctx, act.operation, act.doing, refusal);
  const results = findings.map((finding) => toResult(ctx, finding));
  return { data: { ...toPlan(verdict, items, blockers), results } };
}

/** @throws ApiError ObjectNotFound for a set, or an image of it, that is not there */
export async function setTheScene(
  ctx: Context,
  setId: number,
  { images: named }: Selection,
): Promise<Scene> {
  const set = await getVisibleImageSet(ctx, setId);
  const all = await fetchImagesOfSets(ctx.tx, [set.id], ctx.scope);
  const missing = named?.find((id) => !all.some((image) => image.id === id));
  if (missing !== undefined)
    throw new ApiError(
      'ObjectNotFound',
      `Image set "${set.name}" has no image with the id ${missing}. images/?set=${set.id} lists those that it has.`,
      { field: 'images' },
    );
  return { set, all, images: named ? all.filter(({ id }) => named.includes(id)) : all };
}

async function itemsOf<Body extends Selection, Step>(
  act: SetAct<Body, Step>,
  ctx: Context,
  scene: Scene,
  { findings, body }: { findings: readonly Finding<Step>[]; body: Body },
): Promise<PlanItem[]> {
  const own = findings.map((finding) => toItem(finding, act.verb(body)));
  return (await act.items?.(ctx, scene, body, own)) ?? own;
}

async function blockersOf<Body extends Selection, Step>(
  act: SetAct<Body, Step>,
  ctx: Context,
  findings: readonly Finding<Step>[],
  body: Body,
): Promise<Blocker[]> {
  const refused = findings.filter(({ refusal }) => refusal !== undefined);
  return (await act.blockers?.(ctx, refused, body)) ?? refusedImages(refused);
}

/** Refused images as what stands in the way, each with its reason. */
export function refusedImages(refused: readonly Finding<unknown>[]): Blocker[] {
  return refused.map(({ image, refusal }) => ({
    ...toBlocker({ ...image, type: 'image' }),
    ...(refusal && { code: refusal.code, reason: refusal.reason }),
  }));
}

/** The set that the images are of now; the same one where they are gone and it is not. */
async function findSetNow(
  ctx: Context,
  { set }: Scene,
  now: readonly string[] = [],
): Promise<ImageSetRow | undefined> {
  const [image] = await fetchImages(ctx.tx, now.slice(0, 1), ctx.scope);
  const [row] = await fetchImageSets(ctx.tx, ctx.scope, [image?.set_id ?? set.id]);
  return row;
}

function toRecordedSet(row: ImageSetRow): Recorded<'imageSet'> {
  const { id, name, os_id: osId, os_name: osName, line } = row;
  return { id, name, os: { id: osId }, osName, line, ...toPlace(row) };
}
