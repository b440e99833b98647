import { ApiError, type Blocker } from '#contract/errors.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import type { BlockerRow } from '../../database/queries/images/image-deletion.ts';
import { findAccount } from '../../database/queries/organisation/accounts.ts';
import { fetchAccountOfEnvironment } from '../../database/queries/organisation/environments.ts';
import {
  countScopesBelow,
  fetchImageTies,
  fetchRegistrationsAt,
  fetchRoleTies,
  listImageTies,
} from '../../database/queries/replacements/demotions.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import {
  bottomReason,
  findDemotionRefusal,
  findImageDemotionRefusal,
  type ImageTies,
  type TiedImage,
} from '../../domain/roles/demotions.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { ScopedRow } from '../../domain/scopes.ts';
import { findMissingRight, findOtherScope } from '../access.ts';
import type { Context } from '../context.ts';
import { toBlocker, toBlockers } from '../images/image-blockers.ts';
import { roleInWords } from '../roles/role-actions.ts';

/** No more of each kind of what stands in the way are named. */
export const namedTies = 100;

/** Where a demotion goes, as its body says. */
export interface Target {
  accountId?: number | undefined;
  envId?: number | undefined;
}

/**
 * Whether the caller may move an object down from the request's scope, before anything is looked up.
 * @param what e.g. `Image "fcos-44"`, to begin a sentence with
 */
export function findDemotionGate(ctx: Context, what: string, row: ScopedRow): Refusal | undefined {
  return (
    findMissingRight(ctx, 'promote', ctx.scope, 'move this to another scope') ??
    (row.scope === 'environment'
      ? { code: 'ScopeViolation', reason: bottomReason(what) }
      : findOtherScope(ctx, row, what))
  );
}

/**
 * The scope that a body names, one below the request's.
 * @throws ApiError InvalidStructure, InvalidValue, ObjectNotFound on the member of the body
 */
export async function getTargetBelow(ctx: Context, body: Target): Promise<ScopeRef> {
  const { scope } = ctx;
  if (scope.scope === 'environment') throw new Error('No level below has this operation');
  const [own, other] =
    scope.scope === 'scalr' ? (['accountId', 'envId'] as const) : (['envId', 'accountId'] as const);
  if (body[other] !== undefined)
    throw new ApiError(
      'InvalidValue',
      `What is here goes one scope down: name it with ${own}, and leave ${other} out.`,
      { field: other },
    );
  const id = body[own];
  if (id === undefined)
    throw new ApiError('InvalidStructure', `Say where it goes: ${own} is missing.`, { field: own });
  const isThere =
    scope.scope === 'scalr'
      ? (await findAccount(ctx.tx, id)) !== undefined
      : (await fetchAccountOfEnvironment(ctx.tx, id)) === scope.accountId;
  if (!isThere)
    throw new ApiError('ObjectNotFound', `There is no ${own} ${id} here.`, { field: own });
  return scope.scope === 'scalr'
    ? { scope: 'account', accountId: id }
    : { scope: 'environment', accountId: scope.accountId, environmentId: id };
}

const noTies: ImageTies = { scopes: [], taken: [], recommenders: [] };

/** Images of one scope with what is tied to them, but for a role that moves as well. */
export async function withTies(
  ctx: Context,
  images: readonly ImageRow[],
  exceptRole?: number,
): Promise<(TiedImage & { row: ImageRow })[]> {
  const ids = images.map(({ id }) => id);
  const ties =
    ids.length > 0
      ? await fetchImageTies(ctx.tx, ctx.scope, ids, exceptRole)
      : new Map<string, ImageTies>();
  return images.map((row) => ({
    id: row.id,
    name: row.name,
    status: row.status,
    ties: ties.get(row.id) ?? noTies,
    row,
  }));
}

/** Of images that may be seen from the request's scope, what stands against moving each down, wherever to. */
export async function findImageDemotionRefusals(
  ctx: Context,
  rows: readonly ImageRow[],
): Promise<Map<string, Refusal | undefined>> {
  const refusals = new Map(
    rows.map((row) => [row.id, findDemotionGate(ctx, `Image "${row.name}"`, row)]),
  );
  const movable = rows.filter(({ id }) => refusals.get(id) === undefined);
  if (movable.length === 0) return refusals;
  const count = await countScopesBelow(ctx.tx, ctx.scope);
  for (const image of await withTies(ctx, movable))
    refusals.set(image.id, findImageDemotionRefusal(image, { count }));
  return refusals;
}

/** The same for roles; their images may stay where they are. */
export async function findRoleDemotionRefusals(
  ctx: Context,
  rows: readonly RoleRow[],
): Promise<Map<number, Refusal | undefined>> {
  const refusals = new Map(
    rows.map((row) => [row.id, findDemotionGate(ctx, roleInWords(row), row)]),
  );
  const movable = rows.filter(({ id }) => refusals.get(id) === undefined);
  if (movable.length === 0) return refusals;
  const ids = movable.map(({ id }) => id);
  const count = await countScopesBelow(ctx.tx, ctx.scope);
  const ties = await fetchRoleTies(ctx.tx, ctx.scope, ids);
  for (const row of movable)
    refusals.set(
      row.id,
      findDemotionRefusal(roleInWords(row), ties.get(row.id) ?? noTies, { count }),
    );
  return refusals;
}

/** What is tied to images from outside a scope, or stands where they would go. */
export async function findImageBlockers(
  ctx: Context,
  images: readonly { id: string }[],
  target: ScopeRef,
  exceptRole?: number,
): Promise<{ rows: BlockerRow[]; blockers: Blocker[] }> {
  const ids = images.map(({ id }) => id);
  if (ids.length === 0) return { rows: [], blockers: [] };
  // Images that move too see each other where they go.
  const rows = (await listImageTies(ctx.tx, ids, target, { limit: namedTies, exceptRole })).filter(
    ({ type, id }) => type !== 'image' || !ids.includes(id),
  );
  const there = await fetchRegistrationsAt(ctx.tx, ids, target);
  const taken = there.map((row) => toBlocker({ ...row, type: 'image' }));
  return { rows, blockers: [...toBlockers(ctx, rows), ...taken] };
}

/** What a demotion moves, and what stands in its way. */
export function demotionItems(
  images: readonly { id: string; name: string }[],
  rows: readonly BlockerRow[],
): PlanItem[] {
  return [
    ...images.map(({ id, name }) => ({ type: 'image' as const, id, name, what: 'moves' })),
    ...rows.flatMap(({ type, id, name }): PlanItem[] =>
      type === 'replacement' || type === 'cloudReference'
        ? []
        : [
            {
              type,
              id: type === 'role' || type === 'farmRole' ? Number(id) : id,
              name,
              what: 'would no longer see it',
            },
          ],
    ),
  ];
}
