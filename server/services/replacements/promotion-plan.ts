import type { ScopeRef } from '#contract/scope.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchHolders,
  fetchRegistrations,
} from '../../database/queries/replacements/promotions.ts';
import {
  fetchRoleCategories,
  findVisibleCategory,
} from '../../database/queries/roles/role-categories.ts';
import { fetchRoleImages } from '../../database/queries/roles/role-images.ts';
import { fetchNamesakes, findSuccessor } from '../../database/queries/roles/role-writes.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import {
  type MovingImage,
  type MovingRole,
  planPromotion,
  type PromotionPlan,
} from '../../domain/promotions.ts';
import { isOwn, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';

/** The images that come along when a role moves up: those of its own scope. */
export async function fetchCompanions(ctx: Context, role: RoleRow): Promise<ImageRow[]> {
  const held = await fetchRoleImages(ctx.tx, [role.id]);
  const images = await fetchImages(
    ctx.tx,
    held.map((row) => row.image_id),
    ctx.scope,
  );
  return images.filter((image) => isOwn(image, scopeOf(role)));
}

/** Collects what the rules of a promotion ask for, and decides: docs/domain.md, "Promotion". */
export async function makePromotionPlan(
  ctx: Context,
  target: ScopeRef,
  images: readonly ImageRow[],
  role?: RoleRow,
): Promise<PromotionPlan & { role?: MovingRole | undefined }> {
  const registrations = await fetchRegistrations(
    ctx.tx,
    images.map(({ id }) => id),
    target,
  );
  const moving = role && (await describeRole(ctx, target, role));
  const plan = planPromotion({
    target,
    images: await describeImages(ctx, images),
    registrations,
    holders: await fetchHolders(ctx.tx, [...new Set(registrations.map((row) => row.of))]),
    role: moving,
  });
  return { ...plan, role: moving };
}

async function describeImages(ctx: Context, images: readonly ImageRow[]): Promise<MovingImage[]> {
  const successorIds = images.flatMap((image) => image.deprecation_replacement_id ?? []);
  const successors = await fetchImages(ctx.tx, [...new Set(successorIds)], ctx.scope);
  return images.map((image) => ({
    ...image,
    successor: successors.find((row) => row.id === image.deprecation_replacement_id),
  }));
}

async function describeRole(ctx: Context, target: ScopeRef, role: RoleRow): Promise<MovingRole> {
  const [category] = await fetchRoleCategories(ctx.tx, [role.category_id]);
  const name = category?.name ?? '';
  return {
    ...role,
    category: { name },
    categoryThere:
      (await findVisibleCategory(ctx.tx, target, { id: role.category_id })) ??
      (await findVisibleCategory(ctx.tx, target, { name })),
    namesakes: await fetchNamesakes(ctx.tx, role.name, target),
    successor:
      role.deprecation_replacement_id === null
        ? undefined
        : await findSuccessor(ctx.tx, role.deprecation_replacement_id),
  };
}
