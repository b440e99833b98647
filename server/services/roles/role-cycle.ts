import { ApiError } from '#contract/errors.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import { fetchRoleCells } from '../../database/queries/roles/role-cells.ts';
import { fetchFarmRolesOf } from '../../database/queries/roles/role-usage.ts';
import {
  fetchRecommenders,
  fetchSuccessors,
  insertRole,
  type RoleChanges,
  tombstoneRole,
} from '../../database/queries/roles/role-writes.ts';
import { fetchRoles, type RoleRow } from '../../database/queries/roles/roles.ts';
import { atField } from '../../domain/refusal.ts';
import { findCloneRefusal, findSuccessorRefusal } from '../../domain/roles/roles.ts';
import { isVisibleFrom } from '../../domain/scopes.ts';
import { getOwnRole, getVisibleRole } from '../access.ts';
import type { Context, Handler } from '../context.ts';
import { farmRoleBlockers, listedBlockers } from '../farms/farm-role-blockers.ts';
import { changesOf } from '../log-entry.ts';
import { toRole, toRoleImage } from '../present.ts';
import { refuseIf } from '../refuse.ts';
import { toCopy, usedRefusal } from './role-actions.ts';
import { applyRoleChanges, deprecateNow, readRole, restored } from './role-changes.ts';
import { deletionItems, deprecationItems } from './role-plans.ts';
import { demandFreeName } from './role-rules.ts';

/**
 * Makes a role a tombstone; its images stay, what it held is kept in its history.
 * @throws ApiError ObjectNotFound, ScopeViolation, ObjectInUse with the farm roles that use it
 */
export const deleteRole: Handler<'roleDelete'> = async (ctx, { params }) => {
  const row = await getOwnRole(ctx, params.roleId);
  ctx.expectVersion(row.version);
  await ctx.expectPlan(() => deletionItems(ctx, row));
  const users = await fetchFarmRolesOf(ctx.tx, row.id, undefined, listedBlockers);
  if (users.total > 0) refuseIf(usedRefusal(row), farmRoleBlockers(ctx, users));
  const stamp = { at: ctx.now, by: ctx.actor };
  const images = await fetchRoleCells(ctx.tx, [row.id]);
  await swapRoleImages(
    ctx.tx,
    images.map((image) => ({
      roleId: row.id,
      cloudPlatform: image.cloud_platform,
      cloudLocation: image.cloud_location,
      oldImageId: image.id,
      newImageId: null,
    })),
    stamp,
  );
  const recommenders = await fetchRecommenders(ctx.tx, row.id, ctx.scope);
  await tombstoneRole(ctx.tx, row.id, ctx.now);
  const ids = recommenders.map(({ id }) => id);
  const after = (await fetchRoles(ctx.tx, ids, ctx.scope)).map(toRole);
  ctx.record({
    kind: 'role',
    before: toRole(row),
    others: [
      ...images.map((image) => ({ kind: 'roleImage' as const, before: toRoleImage(row, image) })),
      ...changesOf('role', recommenders.map(toRole), after),
    ],
  });
  return { data: null };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidValue, Deprecated for a deprecated successor */
export const deprecateRole: Handler<'roleDeprecate'> = async (ctx, { params, body }) => {
  const row = await getOwnRole(ctx, params.roleId);
  ctx.expectVersion(row.version);
  await ctx.expectPlan(() => deprecationItems(ctx, row));
  if (body.deprecate === false) {
    if (body.replacement)
      throw new ApiError(
        'InvalidValue',
        `Role "${row.name}" is to be restored: a successor is named for deprecated roles only.`,
        { field: 'replacement' },
      );
    return {
      data: await applyRoleChanges(ctx, row, row.deprecated_at ? restored : {}, body.reason),
    };
  }
  const changes: RoleChanges = row.deprecated_at ? {} : deprecateNow(ctx);
  const reason = body.reason === '' ? null : body.reason;
  if (reason !== undefined && reason !== row.deprecation_reason)
    changes.deprecation_reason = reason;
  if (body.replacement !== undefined) {
    const successorId = body.replacement?.id ?? null;
    if (successorId !== null) await demandSuccessor(ctx, row, successorId);
    if (successorId !== row.deprecation_replacement_id)
      changes.deprecation_replacement_id = successorId;
  }
  return { data: await applyRoleChanges(ctx, row, changes, body.reason) };
};

async function demandSuccessor(ctx: Context, row: RoleRow, id: number): Promise<void> {
  const [successor] = await fetchSuccessors(ctx.tx, [id]);
  if (!successor || !isVisibleFrom(successor, ctx.scope))
    throw new ApiError(
      'ObjectNotFound',
      `No role has the id ${id} here to succeed "${row.name}".`,
      {
        field: 'replacement.id',
      },
    );
  refuseIf(atField(findSuccessorRefusal(row, successor), 'replacement.id'));
}

/**
 * Copies a role with its images to the request's scope. The copy is not deprecated and no quick start.
 * @throws ApiError ObjectNotFound, UnicityViolation, Deprecated when it holds a deprecated image
 */
export const cloneRole: Handler<'roleClone'> = async (ctx, { params, body }) => {
  const row = await getVisibleRole(ctx, params.roleId);
  ctx.expectVersion(row.version);
  await demandFreeName(ctx, body.name, ctx.scope);
  const images = await fetchRoleCells(ctx.tx, [row.id]);
  refuseIf(findCloneRefusal(toCopy(ctx, row), images));
  const stamp = { now: ctx.now, by: ctx.actor };
  const id = await insertRole(
    ctx.tx,
    ctx.scope,
    {
      name: body.name,
      description: row.description,
      categoryId: row.category_id,
      osId: row.os_id,
      quickStart: false,
      useScalrAgent: row.use_scalr_agent,
      builtinAutomation: row.builtin_automation,
      deprecated: false,
    },
    { ...stamp, version: images.length > 0 ? 0 : 1 },
  );
  await swapRoleImages(
    ctx.tx,
    images.map((image) => ({
      roleId: id,
      cloudPlatform: image.cloud_platform,
      cloudLocation: image.cloud_location,
      oldImageId: null,
      newImageId: image.id,
    })),
    { at: ctx.now, by: ctx.actor },
  );
  const copy = await readRole(ctx, id);
  ctx.record({
    kind: 'role',
    after: copy,
    others: [
      { kind: 'role', id: row.id },
      ...images.map((image) => ({ kind: 'roleImage' as const, after: toRoleImage(copy, image) })),
    ],
  });
  return { data: copy };
};
