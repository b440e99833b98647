import { insertRole, type RoleChanges } from '../../database/queries/roles/role-writes.ts';
import { inOneTrip } from '../../database/connection/sent-ahead.ts';
import { atField } from '../../domain/refusal.ts';
import { findAutomationRefusal } from '../../domain/roles/roles.ts';
import { getOs, getOwnRole, refuseOtherScope } from '../access.ts';
import type { Handler } from '../context.ts';
import { refuseIf } from '../refuse.ts';
import { applyRoleChanges, deprecateNow, readRole, restored } from './role-changes.ts';
import { demandCategory, demandFit, demandFreeName } from './role-rules.ts';

/** @throws ApiError InvalidValue, InvalidStructure, UnicityViolation (docs/domain.md, "Roles") */
export const createRole: Handler<'roleCreate'> = async (ctx, { body }) => {
  refuseOtherScope(ctx, body.scope);
  const useScalrAgent = body.useScalrAgent ?? true;
  const builtinAutomation = body.builtinAutomation ?? (useScalrAgent ? ['base' as const] : []);
  refuseIf(atField(findAutomationRefusal(builtinAutomation, useScalrAgent), 'builtinAutomation'));
  await inOneTrip(
    demandCategory(ctx, body.category.id),
    getOs(ctx, body.os.id),
    demandFreeName(ctx, body.name, ctx.scope),
  );
  const id = await insertRole(
    ctx.tx,
    ctx.scope,
    {
      name: body.name,
      description: body.description ?? '',
      categoryId: body.category.id,
      osId: body.os.id,
      quickStart: body.quickStart ?? false,
      useScalrAgent,
      builtinAutomation,
      deprecated: body.deprecated ?? false,
    },
    { now: ctx.now, by: ctx.actor },
  );
  const role = await readRole(ctx, id);
  ctx.record({ kind: 'role', after: role });
  return { data: role };
};

/** @throws ApiError ObjectNotFound, ScopeViolation, InvalidValue, UnicityViolation, OperatingSystemMismatch */
export const updateRole: Handler<'roleUpdate'> = async (ctx, { params, body }) => {
  const row = await getOwnRole(ctx, params.roleId);
  ctx.expectVersion(row.version);
  const changes: RoleChanges = {};
  if (body.name !== undefined && body.name !== row.name) {
    await demandFreeName(ctx, body.name, ctx.scope, row.id);
    changes.name = body.name;
  }
  if (body.description !== undefined && body.description !== row.description)
    changes.description = body.description;
  if (body.category !== undefined && body.category.id !== row.category_id) {
    await demandCategory(ctx, body.category.id);
    changes.category_id = body.category.id;
  }
  if (body.os !== undefined && body.os.id !== row.os_id) {
    await demandFit(ctx, row, await getOs(ctx, body.os.id));
    changes.os_id = body.os.id;
  }
  if (body.quickStart !== undefined && body.quickStart !== row.quick_start)
    changes.quick_start = body.quickStart;
  if (body.deprecated !== undefined && body.deprecated !== (row.deprecated_at !== null))
    Object.assign(changes, body.deprecated ? deprecateNow(ctx) : restored);
  return { data: await applyRoleChanges(ctx, row, changes) };
};
