import type { Blocker } from '#contract/errors.ts';
import type { PlanItem } from '#contract/plans.ts';
import { fetchRecommenders } from '../../database/queries/images/image-changes.ts';
import { fetchRegistrationsWithin } from '../../database/queries/images/image-kin.ts';
import { fetchRolesOfImages } from '../../database/queries/images/image-usage.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import { isWithin, scopeOf } from '../../domain/scopes.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toPlan } from '../plan-digest.ts';
import { decideImageActions } from './image-actions.ts';
import { listBlockers } from './image-blockers.ts';

/** No more roles than this are part of a plan. */
const listedRoles = 500;

/** What deprecating an image concerns: what it covers further down, and the roles that keep it. */
export async function deprecationItems(ctx: Context, image: ImageRow): Promise<PlanItem[]> {
  return deprecationItemsOf(ctx, [image]);
}

/** What deprecating images, all of one scope, concerns. */
export async function deprecationItemsOf(
  ctx: Context,
  images: readonly ImageRow[],
): Promise<PlanItem[]> {
  const [image] = images;
  if (!image) return [];
  const ids = images.map(({ id }) => id);
  const below = await fetchRegistrationsWithin(ctx.tx, scopeOf(image), ids);
  const roles = await fetchRolesOfImages(ctx.tx, ctx.scope, ids, listedRoles);
  return [
    ...below.map(({ id, name }) => ({ type: 'image' as const, id, name, what: 'is covered too' })),
    ...roles.map(({ id, name }) => ({ type: 'role' as const, id, name, what: 'keeps it' })),
  ];
}

/** What deleting an image concerns: what stands in the way, and what recommends it. */
export async function deletionItems(ctx: Context, image: ImageRow): Promise<PlanItem[]> {
  return deletionItemsOf(ctx, [image]);
}

/**
 * What deleting images concerns: what stands in the way, and what recommends one of them.
 * @param known what stands in the way, where it was looked up already
 */
export async function deletionItemsOf(
  ctx: Context,
  images: readonly ImageRow[],
  known?: readonly Blocker[],
): Promise<PlanItem[]> {
  const ids = images.map(({ id }) => id);
  const recommenders = await fetchRecommenders(ctx.tx, ids, ctx.scope);
  return [
    ...blockerItems(known ?? (await listBlockers(ctx, images, false))),
    ...recommenders
      .filter((row) => isWithin(row, ctx.scope) && !ids.includes(row.id))
      .map(({ id, name }) => ({
        type: 'image' as const,
        id,
        name,
        what: 'no longer recommends it',
      })),
  ];
}

/** What stands in the way, by name; what is only counted is no item. */
function blockerItems(blockers: readonly Blocker[]): PlanItem[] {
  return blockers.flatMap(({ type, id, name }): PlanItem[] =>
    id !== undefined &&
    (type === 'image' || type === 'role' || type === 'farmRole' || type === 'server')
      ? [
          {
            type,
            id,
            name: name ?? '',
            what: type === 'image' ? 'is being copied from it' : 'uses it',
          },
        ]
      : [],
  );
}

async function getVerdict(ctx: Context, row: ImageRow, act: 'deprecate' | 'delete') {
  const verdict = (await decideImageActions(ctx, [row])).get(row.id)?.[act];
  if (!verdict) throw new Error(`Image ${row.id} got no verdict`);
  return verdict;
}

/** What deprecating or deleting an image would do: docs/domain.md, "Acting on what was shown". */
export const imagePlanHandlers = {
  imageDeprecatePreview: async (ctx, { params }) => {
    const row = await getVisibleImage(ctx, params.imageId);
    const verdict = await getVerdict(ctx, row, 'deprecate');
    return { data: toPlan(verdict, await deprecationItems(ctx, row), []) };
  },
  imageDeletePreview: async (ctx, { params }) => {
    const row = await getVisibleImage(ctx, params.imageId);
    const verdict = await getVerdict(ctx, row, 'delete');
    const blockers = await listBlockers(ctx, [row], false);
    return { data: toPlan(verdict, await deletionItemsOf(ctx, [row], blockers), blockers) };
  },
} satisfies SomeHandlers;
