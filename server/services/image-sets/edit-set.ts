import { ApiError } from '#contract/errors.ts';
import type { ServiceInput } from '#contract/operations.ts';
import { fetchImagesOfSets, type ImageRow } from '../../database/queries/images/images.ts';
import {
  findSuccessorRefusal,
  type ImageChange,
  planDeprecation,
  planProtection,
  planUpdate,
} from '../../domain/images/images.ts';
import { findChangeRefusal } from '../../domain/images/image-states.ts';
import type { Context } from '../context.ts';
import { changeImages } from '../images/change-images.ts';
import { deprecationItemsOf } from '../images/image-plans.ts';
import { demandFittingName } from '../policies/name-policies.ts';
import type { Done, SetAct } from './act.ts';
import type { Due, Finding } from './findings.ts';
import { findForeignSet, getVisibleImageSet } from './image-set-access.ts';

type UpdateBody = ServiceInput<'imageSetUpdate'>['query'] & ServiceInput<'imageSetUpdate'>['body'];
type DeprecateBody = ServiceInput<'imageSetDeprecate'>['body'];
type ProtectBody = ServiceInput<'imageSetProtect'>['body'];

/** Renames and describes: docs/domain.md, "Changing an image". */
export const updateAct: SetAct<UpdateBody, ImageChange> = {
  operation: 'imageSetUpdate',
  doing: 'change images',
  verb: () => 'changes',
  gate: findForeignSet,
  find: async (ctx, { set, images }, { name, description }) => {
    if (name !== undefined && name !== set.name) await demandFittingName(ctx, 'images', name);
    const stamp = { at: ctx.now, by: ctx.actor };
    const patch = { name, description: description ?? undefined };
    return images.map((image) => toFinding(image, planUpdate(image, patch, stamp)));
  },
  carryOut: (ctx, due) => change(ctx, due),
};

/** Deprecates, with a reason and a set to use instead, or restores: docs/domain.md, "Deprecating an image". */
export const deprecateAct: SetAct<DeprecateBody, ImageChange> = {
  operation: 'imageSetDeprecate',
  doing: 'deprecate images',
  verb: ({ deprecate }) => (deprecate === false ? 'is restored' : 'is deprecated'),
  gate: findForeignSet,
  find: findDeprecations,
  items: async (ctx, { images }, _body, own) => [
    ...own,
    ...(await deprecationItemsOf(ctx, images)),
  ],
  carryOut: (ctx, due, _scene, { reason }) => change(ctx, due, reason),
};

/** Protects from being deleted, or ends that: docs/domain.md, "Protecting an image". */
export const protectAct: SetAct<ProtectBody, ImageChange> = {
  operation: 'imageSetProtect',
  doing: 'protect images',
  verb: ({ protect }) => (protect === false ? 'is no longer protected' : 'is protected'),
  gate: findForeignSet,
  find: async (ctx, { images }, wish) => {
    const stamp = { at: ctx.now, by: ctx.actor };
    return images.map((image) => toFinding(image, planProtection(image, wish, stamp)));
  },
  carryOut: (ctx, due, _scene, { reason }) => change(ctx, due, reason),
};

function toFinding(image: ImageRow, change: ImageChange): Finding<ImageChange> {
  const step = Object.keys(change).length > 0 ? change : undefined;
  return { image, refusal: findChangeRefusal(image), step };
}

async function findDeprecations(
  ctx: Context,
  { images }: { images: readonly ImageRow[] },
  body: DeprecateBody,
): Promise<Finding<ImageChange>[]> {
  const deprecate = body.deprecate ?? true;
  const successors = await fetchSuccessors(ctx, body, deprecate);
  const stamp = { at: ctx.now, by: ctx.actor };
  return images.map((image) => {
    const successor = successors?.find((other) => isCounterpart(image, other));
    const replacementId = body.replacement === undefined ? undefined : (successor?.id ?? null);
    const wish = { deprecate, reason: body.reason, replacementId };
    const finding = toFinding(image, planDeprecation(image, wish, stamp));
    const unfit = successor && findSuccessorRefusal(image, successor);
    return { ...finding, refusal: finding.refusal ?? unfit };
  });
}

/** The images of the set that is recommended, if one is. @throws ApiError InvalidValue, ObjectNotFound */
async function fetchSuccessors(
  ctx: Context,
  { replacement }: DeprecateBody,
  deprecate: boolean,
): Promise<ImageRow[] | undefined> {
  if (replacement == null) return undefined;
  if (!deprecate)
    throw new ApiError(
      'InvalidValue',
      'Images that are restored need no replacement. Leave replacement out, or deprecate them.',
      { field: 'replacement' },
    );
  try {
    const { id } = await getVisibleImageSet(ctx, replacement.id);
    return await fetchImagesOfSets(ctx.tx, [id], ctx.scope);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, error.message, { field: 'replacement.id' });
  }
}

/** The image of another set that stands in the same place for the same architecture. */
function isCounterpart(image: ImageRow, other: ImageRow): boolean {
  return (
    other.cloud_platform === image.cloud_platform &&
    other.cloud_location === image.cloud_location &&
    other.architecture === image.architecture
  );
}

async function change(
  ctx: Context,
  due: readonly Due<ImageChange>[],
  reason?: string,
): Promise<Done> {
  const changes = await changeImages(
    ctx,
    due.map(({ image, step }) => [image, step]),
  );
  return { changes, now: due.map(({ image }) => image.id), reason };
}
