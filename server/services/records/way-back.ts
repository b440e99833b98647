import type { Verdict } from '#contract/actions.ts';
import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { OperationObjectKind } from '#contract/records/object-kinds.ts';
import type { WayBack } from '#contract/records/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { OperationPart } from '../../database/queries/records/operation-parts.ts';
import { scopeOf } from '../../domain/scopes.ts';
import type { Context } from '../context.ts';
import { farmHandlers } from '../farms/farms.ts';
import { serverHandlers } from '../farms/servers.ts';
import { imageSetHandlers } from '../image-sets/image-sets.ts';
import { imageHandlers } from '../images/images.ts';
import { replacementHandlers } from '../replacements/replacements.ts';
import { roleHandlers } from '../roles/roles.ts';
import { rolloutHandlers } from '../rollouts/rollouts.ts';
import { kindOf } from './present-operation.ts';

/** What takes an operation back: which operation, on which of its objects, and whether it is possible now. */
interface Way {
  operation: OperationId;
  label: string;
  kind: OperationObjectKind;
  /** Whether this is what was done to an object, where the operation alone does not say. */
  when?: (part: OperationPart) => boolean;
  judge: (ctx: Context, id: string) => Promise<Verdict | undefined>;
}

const withActions = { query: { include: ['actions'] as 'actions'[] }, body: undefined };
const image = async (ctx: Context, imageId: string) =>
  (await imageHandlers.imageGet(ctx, { params: { imageId }, ...withActions })).data;
const imageSet = async (ctx: Context, id: string) =>
  (await imageSetHandlers.imageSetGet(ctx, { params: { imageSetId: Number(id) }, ...withActions }))
    .data;
const role = async (ctx: Context, id: string) =>
  (await roleHandlers.roleGet(ctx, { params: { roleId: Number(id) }, ...withActions })).data;
const farm = async (ctx: Context, id: string) =>
  (await farmHandlers.farmGet(ctx, { params: { farmId: Number(id) }, ...withActions })).data;
const server = async (ctx: Context, serverId: string) =>
  (await serverHandlers.serverGet(ctx, { params: { serverId }, ...withActions })).data;
const rollout = async (ctx: Context, rolloutId: string) => {
  const input = { params: { rolloutId }, query: {}, body: undefined };
  return (await rolloutHandlers.rolloutGet(ctx, input)).data;
};
const rollBack = async (ctx: Context, replacementId: string): Promise<Verdict> => {
  const input = { params: { replacementId }, query: {}, body: undefined };
  return (await replacementHandlers.replacementGet(ctx, input)).data.rollBack;
};

const isDeprecation = ({ after }: OperationPart) => after?.['deprecated'] === true;

/** An object that is not deprecated any more was restored already. */
function ifDeprecated(object: {
  deprecated: boolean;
  actions?: { deprecate: Verdict } | undefined;
}): Verdict | undefined {
  if (object.deprecated) return object.actions?.deprecate;
  return { allowed: false, code: 'UnacceptableState', reason: 'It is not deprecated any more.' };
}

const replaced: Way = {
  operation: 'replacementRollBack',
  label: 'Roll back',
  kind: 'replacement',
  judge: rollBack,
};

/** What undoes a change follows from its operation: the log does not keep it. */
const ways: Partial<Record<OperationId, Way>> = {
  imageReplace: replaced,
  imageSetReplace: replaced,
  roleImageReplace: replaced,
  replacementApply: replaced,
  imageDeprecate: {
    operation: 'imageDeprecate',
    label: 'Restore',
    kind: 'image',
    when: isDeprecation,
    judge: async (ctx, id) => ifDeprecated(await image(ctx, id)),
  },
  roleDeprecate: {
    operation: 'roleDeprecate',
    label: 'Restore',
    kind: 'role',
    when: isDeprecation,
    judge: async (ctx, id) => ifDeprecated(await role(ctx, id)),
  },
  imageSetDeprecate: {
    operation: 'imageSetDeprecate',
    label: 'Restore',
    kind: 'imageSet',
    judge: async (ctx, id) => {
      const { images, actions } = await imageSet(ctx, id);
      return ifDeprecated({ deprecated: images.deprecated > 0, actions });
    },
  },
  imagePromote: {
    operation: 'imageDemote',
    label: 'Move down',
    kind: 'image',
    judge: async (ctx, id) => (await image(ctx, id)).actions?.demote,
  },
  imageSetPromote: {
    operation: 'imageSetDemote',
    label: 'Move down',
    kind: 'imageSet',
    judge: async (ctx, id) => (await imageSet(ctx, id)).actions?.demote,
  },
  rolePromote: {
    operation: 'roleDemote',
    label: 'Move down',
    kind: 'role',
    judge: async (ctx, id) => (await role(ctx, id)).actions?.demote,
  },
  imageDemote: {
    operation: 'imagePromote',
    label: 'Promote',
    kind: 'image',
    judge: async (ctx, id) => (await image(ctx, id)).actions?.promote,
  },
  roleDemote: {
    operation: 'rolePromote',
    label: 'Promote',
    kind: 'role',
    judge: async (ctx, id) => (await role(ctx, id)).actions?.promote,
  },
  farmLock: {
    operation: 'farmUnlock',
    label: 'Unlock',
    kind: 'farm',
    judge: async (ctx, id) => (await farm(ctx, id)).actions?.unlock,
  },
  farmSuspend: {
    operation: 'farmResume',
    label: 'Resume',
    kind: 'farm',
    judge: async (ctx, id) => (await farm(ctx, id)).actions?.resume,
  },
  farmTerminate: {
    operation: 'farmLaunch',
    label: 'Launch',
    kind: 'farm',
    judge: async (ctx, id) => (await farm(ctx, id)).actions?.launch,
  },
  serverSuspend: {
    operation: 'serverResume',
    label: 'Resume',
    kind: 'server',
    judge: async (ctx, id) => (await server(ctx, id)).actions?.resume,
  },
  rolloutStart: {
    operation: 'rolloutUndo',
    label: 'Undo',
    kind: 'rollout',
    judge: async (ctx, id) => (await rollout(ctx, id)).actions.undo,
  },
  rolloutPause: {
    operation: 'rolloutResume',
    label: 'Resume',
    kind: 'rollout',
    judge: async (ctx, id) => (await rollout(ctx, id)).actions.resume,
  },
};

/** @param parts of the operation, as far as the viewer may see them */
export async function findWayBack(
  ctx: Context,
  operation: string,
  parts: readonly OperationPart[],
): Promise<WayBack | null> {
  const way = Object.hasOwn(ways, operation) ? ways[operation as OperationId] : undefined;
  const part = parts.find(
    (one) => kindOf(one.object) === way?.kind && (way.when === undefined || way.when(one)),
  );
  if (!way || !part) return null;
  // An image that was merged into another one is that one since.
  const { id: now } = part.after ?? {};
  const isId = typeof now === 'string' || typeof now === 'number';
  const id = isId ? String(now) : part.object.slice(part.object.indexOf(':') + 1);
  const verdict = await judgeThere(ctx, part, way, id);
  return { ...verdict, operation: way.operation, label: way.label, kind: way.kind, id };
}

/** It is done where the object lives, whichever scope is looked from. */
async function judgeThere(
  ctx: Context,
  part: OperationPart,
  way: Way,
  id: string,
): Promise<Verdict> {
  try {
    const verdict = await way.judge({ ...ctx, scope: placeOf(part) }, id);
    return verdict
      ? {
          allowed: verdict.allowed,
          ...(verdict.code !== undefined && { code: verdict.code }),
          ...(verdict.reason !== undefined && { reason: verdict.reason }),
        }
      : { allowed: false };
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'ObjectNotFound') throw error;
    return { allowed: false, code: error.code, reason: 'It is gone, or has moved since.' };
  }
}

function placeOf({ account_id, environment_id }: OperationPart): ScopeRef {
  const scope = account_id === null ? 'scalr' : environment_id === null ? 'account' : 'environment';
  return scopeOf({ scope, account_id, environment_id });
}
