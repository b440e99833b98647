import type { ScopeRef } from '#contract/scope.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchHolders,
  fetchRegistrations,
} from '../../database/queries/replacements/promotions.ts';
import {
  fetchCategoryNamesakes,
  fetchRoleCategories,
} from '../../database/queries/roles/role-categories.ts';
import { fetchRoleImages } from '../../database/queries/roles/role-images.ts';
import { fetchNamesakes, fetchSuccessors } from '../../database/queries/roles/role-writes.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { findMoveRefusal } from '../../domain/images/image-states.ts';
import {
  type MovingImage,
  type MovingRole,
  planPromotion,
  type PromotionFacts,
  type PromotionPlan,
  promotionTarget,
} from '../../domain/roles/promotions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { planSetPromotion, type SetPromotionPlan } from '../../domain/roles/set-promotions.ts';
import { isOwn, scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { findPromotionRefusal } from './promotion-rights.ts';

/** What one promotion moves. */
interface Mover {
  images: readonly ImageRow[];
  role?: RoleRow;
}

/** A promotion as it would be carried out, with what moves. */
export interface Promotion extends PromotionPlan {
  images: readonly ImageRow[];
  role?: MovingRole | undefined;
}

/** Plans the promotion of each of these images, all of one scope: docs/domain.md, "Promotion". */
export async function planImagePromotions(
  ctx: Context,
  target: ScopeRef,
  images: readonly ImageRow[],
): Promise<Promotion[]> {
  const movers = images.map((image) => ({ images: [image] }));
  const plans = await planPromotions(ctx, target, movers);
  return plans.map((plan) => {
    const [image] = plan.images;
    return { ...plan, refusal: (image && findMoveRefusal(image)) ?? plan.refusal };
  });
}

/** Plans the promotion of each of these roles, all of one scope, with the images of that scope that it brings. */
export async function planRolePromotions(
  ctx: Context,
  target: ScopeRef,
  roles: readonly RoleRow[],
): Promise<Promotion[]> {
  const held = await fetchRoleImages(
    ctx.tx,
    roles.map(({ id }) => id),
  );
  const rows = await fetchImages(ctx.tx, [...new Set(held.map((row) => row.image_id))], ctx.scope);
  const images = new Map(rows.map((row) => [row.id, row]));
  const movers = roles.map((role) => ({
    role,
    images: held
      .filter((row) => row.role_id === role.id)
      .flatMap((row) => images.get(row.image_id) ?? [])
      .filter((image) => isOwn(image, scopeOf(role))),
  }));
  return planPromotions(ctx, target, movers);
}

type PlanPromotions<Row> = (
  ctx: Context,
  target: ScopeRef,
  rows: readonly Row[],
) => Promise<Promotion[]>;

/** The plan of one promotion. */
export async function planPromotionOf<Row>(
  plan: PlanPromotions<Row>,
  ctx: Context,
  target: ScopeRef,
  row: Row,
): Promise<Promotion> {
  const [promotion] = await plan(ctx, target, [row]);
  if (!promotion) throw new Error('One row in, but no plan out');
  return promotion;
}

/**
 * Of objects that may be seen from the request's scope, what stands against promoting each, even with
 * `merge: true`; what may not be promoted from here anyway is not planned.
 */
export async function findPromotionRefusals<Row extends ImageRow | RoleRow>(
  plan: PlanPromotions<Row>,
  ctx: Context,
  rows: readonly Row[],
  what: (row: Row) => string,
): Promise<Map<Row['id'], Refusal | undefined>> {
  const refusals = new Map(rows.map((row) => [row.id, findPromotionRefusal(ctx, what(row), row)]));
  const movable = rows.filter((row) => refusals.get(row.id) === undefined);
  // What may be promoted from a scope lives there, so all of it moves to the same one.
  const target = movable[0] && promotionTarget(movable[0]);
  const plans = target ? await plan(ctx, target, movable) : [];
  for (const [index, row] of movable.entries()) refusals.set(row.id, plans[index]?.refusal);
  return refusals;
}

/** Plans the promotion of the images of a set that are named, as one. */
export async function planImageSetPromotion(
  ctx: Context,
  target: ScopeRef,
  images: readonly ImageRow[],
  merge: boolean,
): Promise<SetPromotionPlan> {
  const [facts] = await collectFacts(ctx, target, [{ images }]);
  if (!facts) throw new Error('One set in, but no facts out');
  return planSetPromotion(facts, merge);
}

/** Decides each of several promotions. */
async function planPromotions(
  ctx: Context,
  target: ScopeRef,
  movers: readonly Mover[],
): Promise<Promotion[]> {
  const facts = await collectFacts(ctx, target, movers);
  return facts.map((fact, index) => ({
    ...planPromotion(fact),
    images: movers[index]?.images ?? [],
    role: fact.role,
  }));
}

/** Collects what the rules of promotions ask for, in as many queries for many as for one. */
async function collectFacts(
  ctx: Context,
  target: ScopeRef,
  movers: readonly Mover[],
): Promise<PromotionFacts[]> {
  const images = new Map(movers.flatMap((mover) => mover.images.map((row) => [row.id, row])));
  const registrations = await fetchRegistrations(ctx.tx, [...images.keys()], target);
  const holders = await fetchHolders(ctx.tx, [...new Set(registrations.map((row) => row.of))]);
  const moving = await describeImages(ctx, [...images.values()]);
  const roles = await describeRoles(
    ctx,
    target,
    movers.flatMap((mover) => mover.role ?? []),
  );
  return movers.map((mover) => ({
    target,
    images: mover.images.flatMap(({ id }) => moving.get(id) ?? []),
    registrations,
    holders,
    role: mover.role && roles.get(mover.role.id),
  }));
}

async function describeImages(
  ctx: Context,
  images: readonly ImageRow[],
): Promise<Map<string, MovingImage>> {
  const successorIds = images.flatMap((image) => image.deprecation_replacement_id ?? []);
  const successors = await fetchImages(ctx.tx, [...new Set(successorIds)], ctx.scope);
  return new Map(
    images.map((image) => [
      image.id,
      {
        ...image,
        successor: successors.find((row) => row.id === image.deprecation_replacement_id),
      },
    ]),
  );
}

async function describeRoles(
  ctx: Context,
  target: ScopeRef,
  roles: readonly RoleRow[],
): Promise<Map<number, MovingRole>> {
  if (roles.length === 0) return new Map();
  const categories = await fetchRoleCategories(ctx.tx, [
    ...new Set(roles.map((role) => role.category_id)),
  ]);
  const names = categories.map(({ name }) => name);
  const categoriesThere = await fetchCategoryNamesakes(ctx.tx, names, target);
  const namesakes = await fetchNamesakes(
    ctx.tx,
    roles.map(({ name }) => name),
    target,
  );
  const successors = await fetchSuccessors(
    ctx.tx,
    roles.flatMap((role) => role.deprecation_replacement_id ?? []),
  );
  return new Map(
    roles.map((role) => {
      const name = categories.find(({ id }) => id === role.category_id)?.name ?? '';
      const there = categoriesThere.filter((category) => category.name === name);
      return [
        role.id,
        {
          ...role,
          category: { name },
          categoryThere: there.find(({ id }) => id === role.category_id) ?? there[0],
          namesakes: namesakes.filter((other) => other.name === role.name),
          successor: successors.find(({ id }) => id === role.deprecation_replacement_id),
        },
      ];
    }),
  );
}
