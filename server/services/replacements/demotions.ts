import type { DemotionPreview } from '#contract/replacements/demotions.ts';
import { ApiError, type Blocker } from '#contract/errors.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { fetchScopeNames } from '../../database/queries/organisation/scopes.ts';
import { fetchRoleTies, listRoleTies } from '../../database/queries/replacements/demotions.ts';
import { moveImages, moveRole } from '../../database/queries/replacements/promotions.ts';
import { fetchRoleCells } from '../../database/queries/roles/role-cells.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import {
  findDemotionRefusal,
  findImageDemotionRefusal,
  idOf,
  planSetDemotion,
} from '../../domain/roles/demotions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { toVerdict } from '../../domain/refusal.ts';
import { isOwn, scopeOf } from '../../domain/scopes.ts';
import { getVisibleImage, getVisibleRole, readImage } from '../access.ts';
import type { Context, Handler, SomeHandlers } from '../context.ts';
import { toBlockers } from '../images/image-blockers.ts';
import { changesOf } from '../log-entry.ts';
import { toPlan } from '../plan-digest.ts';
import { toImage, toImageAt, toPlace, toRole } from '../present.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { roleInWords } from '../roles/role-actions.ts';
import { readRole } from '../roles/role-changes.ts';
import {
  demotionItems,
  findDemotionGate,
  findImageBlockers,
  getTargetBelow,
  namedTies,
  type Target,
  withTies,
} from './demotion-plan.ts';

/** What one demotion would do. */
export interface Demotion {
  target: ScopeRef;
  refusal: Refusal | undefined;
  blockers: Blocker[];
  /** The images that move. */
  images: readonly ImageRow[];
  items: PlanItem[];
}

async function planImage(ctx: Context, row: ImageRow, body: Target): Promise<Demotion> {
  const target = await getTargetBelow(ctx, body);
  const [image] = await withTies(ctx, [row]);
  const refusal = image && findImageDemotionRefusal(image, { to: idOf(target) });
  const { rows, blockers } = await findImageBlockers(ctx, [row], target);
  return { target, refusal, blockers, images: [row], items: demotionItems([row], rows) };
}

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidStructure, InvalidValue */
const previewImage: Handler<'imageDemotePreview'> = async (ctx, { params, body }) => {
  const row = await getVisibleImage(ctx, params.imageId);
  demandOwnHere(ctx, `Image "${row.name}"`, row);
  const plan = await planImage(ctx, row, body);
  const gate = findDemotionGate(ctx, `Image "${row.name}"`, row);
  return { data: await toPreview(ctx, row, { ...plan, refusal: gate ?? plan.refusal }, []) };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, PermissionViolation, ObjectInUse, UnicityViolation */
const demoteImage: Handler<'imageDemote'> = async (ctx, { params, body }) => {
  const row = await getVisibleImage(ctx, params.imageId);
  refuseIf(findDemotionGate(ctx, `Image "${row.name}"`, row));
  ctx.expectVersion(row.version);
  const { target, refusal, blockers, items } = await planImage(ctx, row, body);
  await ctx.expectPlan(() => items);
  if (refusal) throw refusalError(refusal, blockers);
  const before = toImage(row);
  await moveImages(ctx.tx, [row.id], target);
  const after = await readImage(ctx, row.id);
  ctx.record({ kind: 'image', before, after: toImage(after) });
  return { data: toImageAt(after, ctx.scope) };
};

type RoleBody = Target & { images?: readonly string[] | undefined };

async function planRole(ctx: Context, role: RoleRow, body: RoleBody): Promise<Demotion> {
  const target = await getTargetBelow(ctx, body);
  const to = idOf(target);
  const ties = (await fetchRoleTies(ctx.tx, ctx.scope, [role.id])).get(role.id);
  const own = ties && findDemotionRefusal(roleInWords(role), ties, { to });
  // The role itself sees its images where it goes.
  const candidates = await withTies(ctx, await fetchMovable(ctx, role, body.images), role.id);
  const refusals = planSetDemotion(candidates, to);
  const images = candidates.filter(({ id }) => !refusals.get(id)).map(({ row }) => row);
  const stuck = body.images ? candidates.filter(({ id }) => refusals.get(id)) : [];
  const roleRows = await listRoleTies(ctx.tx, role.id, ctx.scope, { target, limit: namedTies });
  const ofImages = await findImageBlockers(ctx, stuck, target, role.id);
  return {
    target,
    refusal: own ?? (stuck[0] && refusals.get(stuck[0].id)),
    blockers: [...toBlockers(ctx, roleRows), ...ofImages.blockers],
    images,
    items: demotionItems(images, [...roleRows, ...ofImages.rows]),
  };
}

/** The images of a role that are of its own scope, or those of them that are named. @throws ApiError InvalidValue */
async function fetchMovable(
  ctx: Context,
  role: RoleRow,
  named: readonly string[] | undefined,
): Promise<ImageRow[]> {
  const cells = await fetchRoleCells(ctx.tx, [role.id]);
  const ids = cells.map(({ id }) => id);
  const own = (await fetchImages(ctx.tx, ids, ctx.scope)).filter((image) =>
    isOwn(image, scopeOf(role)),
  );
  const missing = named?.find((id) => !own.some((image) => image.id === id));
  if (missing !== undefined)
    throw new ApiError(
      'InvalidValue',
      `Role "${role.name}" holds no image ${missing} of its own scope that could come along.`,
      { field: 'images' },
    );
  return named ? own.filter(({ id }) => named.includes(id)) : own;
}

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidStructure, InvalidValue */
const previewRole: Handler<'roleDemotePreview'> = async (ctx, { params, body }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  demandOwnHere(ctx, roleInWords(row), row);
  const plan = await planRole(ctx, row, body);
  const refusal = findDemotionGate(ctx, roleInWords(row), row) ?? plan.refusal;
  return { data: await toPreview(ctx, row, { ...plan, refusal }, plan.images) };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, PermissionViolation, ObjectInUse, UnicityViolation */
const demoteRole: Handler<'roleDemote'> = async (ctx, { params, body }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  refuseIf(findDemotionGate(ctx, roleInWords(row), row));
  ctx.expectVersion(row.version);
  const { target, refusal, blockers, images, items } = await planRole(ctx, row, body);
  await ctx.expectPlan(() => items);
  if (refusal) throw refusalError(refusal, blockers);
  // What it is called above, it is called below as well: a category that is seen above is seen below.
  await moveRole(ctx.tx, row.id, target, row.category_id);
  const ids = images.map(({ id }) => id);
  await moveImages(ctx.tx, ids, target);
  const role = await readRole(ctx, row.id);
  const after = await fetchImages(ctx.tx, ids, ctx.scope);
  const others = changesOf('image', images.map(toImage), after.map(toImage));
  ctx.record({ kind: 'role', before: toRole(row), after: role, others });
  return { data: role };
};

/** Where somebody else's object goes is nothing to look at. @throws ApiError ScopeViolation */
export function demandOwnHere(
  ctx: Context,
  what: string,
  row: Parameters<typeof findDemotionGate>[2],
): void {
  const gate = findDemotionGate(ctx, what, row);
  if (gate?.code === 'ScopeViolation' || !isOwn(row, ctx.scope)) refuseIf(gate);
}

/** The wire form of what a demotion would do. @param coming the images that come along */
export async function toPreview(
  ctx: Context,
  row: Parameters<typeof toPlace>[0],
  plan: Demotion,
  coming: readonly ImageRow[],
): Promise<DemotionPreview> {
  return {
    ...toPlan(toVerdict(plan.refusal), plan.items, plan.blockers),
    from: toPlace(row),
    to: toPlace(await fetchScopeNames(ctx.tx, plan.target)),
    images: coming.map((image) => toImageAt(image, ctx.scope)),
  };
}

/** Moving objects one scope down: docs/domain.md, "Demotion". */
export const demotionHandlers = {
  imageDemotePreview: previewImage,
  imageDemote: demoteImage,
  roleDemotePreview: previewRole,
  roleDemote: demoteRole,
} satisfies SomeHandlers;
