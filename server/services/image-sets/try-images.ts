import { ApiError } from '#contract/errors.ts';
import type { Server } from '#contract/farms/servers.ts';
import type { TryImage } from '#contract/images/image-tries.ts';
import { type FarmRoleRow, fetchFarmRolesOf } from '../../database/queries/farms/farm-roles.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import { fetchRoleCells } from '../../database/queries/roles/role-cells.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import {
  findChoiceRefusal,
  findOtherPlaceRefusal,
  findTakenPlaceRefusal,
  planTriedImage,
} from '../../domain/images/tries.ts';
import { getVisibleImage, getVisibleRole } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { getFarm, getFarmRole, toFarmRole } from '../farms/farm-access.ts';
import { farmActionHandlers } from '../farms/farm-actions.ts';
import { farmEditHandlers, readFarm } from '../farms/farm-edit.ts';
import { createFarmRole } from '../farms/farm-role-edit.ts';
import { launchServer } from '../farms/server-actions.ts';
import { fetchRightsHere, findTryRefusal } from '../images/image-actions.ts';
import type { Change } from '../log-entry.ts';
import { refusalError, refuseIf } from '../refuse.ts';
import { readRole } from '../roles/role-changes.ts';
import { createRole } from '../roles/role-edit.ts';
import { setTheScene } from './act.ts';
import { addImages, findEntries } from './add-set-to-role.ts';
import { dueOf } from './findings.ts';

/**
 * A first server of an image, in one change: docs/domain.md, "Trying an image". What they refuse with is what
 * making a role, a farm, a farm role and a server refuses with, on the members of this body.
 */
export const imageTryHandlers = {
  imageTry: async (ctx, { params, body }) => {
    const image = await getVisibleImage(ctx, params.imageId);
    refuseIf(findTryRefusal(ctx, image, await fetchRightsHere(ctx)));
    ctx.expectVersion(image.version);
    return { data: await tryOut(ctx, { image, images: [image] }, body) };
  },

  imageSetTry: async (ctx, { params, body }) => {
    const { set, all } = await setTheScene(ctx, params.imageSetId, {});
    const rights = await fetchRightsHere(ctx);
    const usable = all.filter((image) => !findTryRefusal(ctx, image, rights));
    const image = planTriedImage(set, body.image?.id, { all, usable });
    if ('code' in image) throw refusalError(image);
    refuseIf(findTryRefusal(ctx, image, rights));
    ctx.expectVersion(set.version);
    return { data: await tryOut(ctx, { image, images: all }, body) };
  },
} satisfies SomeHandlers;

/** `image` is what the server runs; `images` are all that the role gets, where it has room for them. */
interface Tried {
  image: ImageRow;
  images: readonly ImageRow[];
}

/** Does what several operations do one by one, and records it as one change: a server, and all that it took. */
async function tryOut(ctx: Context, tried: Tried, body: TryImage): Promise<Server> {
  const { image } = tried;
  refuseIf(findChoiceRefusal(body) ?? findOtherPlaceRefusal(image, body.cloudLocation));
  // The steps are parts of this change: it has the one record, and If-Match names the image.
  const step: Context = { ...ctx, record: () => undefined, expectVersion: () => undefined };
  const { role, entered } = await settleRole(step, tried, body);
  const farmId = await settleFarm(step, body);
  const { farmRole, isNew } = await settleFarmRole(step, { image, role, farmId }, body);
  const server = await inMember('farm', launchServer(step, farmRole));
  const after = toFarmRole(await getFarmRole(ctx, farmRole.id));
  const others: Change[] = [
    ...(body.newRole ? [{ kind: 'role' as const, after: await readRole(ctx, role.id) }] : []),
    ...entered,
    ...(body.newFarm ? [{ kind: 'farm' as const, after: await readFarm(ctx, farmId) }] : []),
    ...(isNew ? [{ kind: 'farmRole' as const, after }] : []),
    // It may have got room for one more.
    ...(!isNew && after.version !== farmRole.version
      ? [{ kind: 'farmRole' as const, before: toFarmRole(farmRole), after }]
      : []),
  ];
  ctx.record({
    kind: 'server',
    after: server,
    others: [...others, { kind: 'image', id: image.id }],
  });
  return server;
}

/** The role that is named, or a new one; with the image in it. @returns what entered it, for the log */
async function settleRole(
  step: Context,
  tried: Tried,
  body: TryImage,
): Promise<{ role: RoleRow; entered: Change[] }> {
  const id = body.role?.id ?? (await makeRole(step, tried.image, body));
  const role = await inMember('role', getVisibleRole(step, id));
  const held = await fetchRoleCells(step.tx, [role.id]);
  if (held.some((cell) => cell.id === tried.image.id)) return { role, entered: [] };
  refuseIf(findTakenPlaceRefusal(role, tried.image, held));
  return { role, entered: await enterRole(step, role, tried) };
}

async function makeRole(
  step: Context,
  image: ImageRow,
  { newRole: { name, category } = { name: '', category: { id: 0 } } }: TryImage,
): Promise<number> {
  const made = createRole(step, {
    params: {},
    query: {},
    body: {
      name,
      category,
      os: { id: image.os_id },
      useScalrAgent: image.scalr_agent_installed || image.cloud_init_installed,
    },
  });
  return (await inMember('newRole', made)).data.id;
}

/** Of the other images of a set, those that fit enter as well; the rest is told as warnings. */
async function enterRole(
  step: Context,
  role: RoleRow,
  { image, images }: Tried,
): Promise<Change[]> {
  const { architecture } = image;
  const findings = await findEntries(step, { images }, { role: { id: role.id }, architecture });
  refuseIf(findings.find((finding) => finding.image.id === image.id)?.refusal);
  for (const { refusal } of findings)
    if (refusal) step.warn({ code: refusal.code, message: refusal.reason });
  return addImages(step, dueOf(findings));
}

/** The farm that is named, or a new one that runs. @returns its id */
async function settleFarm(step: Context, { farm, newFarm }: TryImage): Promise<number> {
  if (farm) return (await inMember('farm', getFarm(step, farm.id))).id;
  const body = { name: newFarm?.name ?? '' };
  const made = farmEditHandlers.farmCreate(step, { params: {}, query: {}, body });
  const farmId = (await inMember('newFarm', made)).data.id;
  await farmActionHandlers.farmLaunch(step, { params: { farmId }, query: {}, body: undefined });
  return farmId;
}

/** The role in the farm: where the farm has it in that place already, one more server of it is launched. */
async function settleFarmRole(
  step: Context,
  { image, role, farmId }: { image: ImageRow; role: RoleRow; farmId: number },
  { alias, cloudLocation, instanceType }: TryImage,
): Promise<{ farmRole: FarmRoleRow; isNew: boolean }> {
  const location = cloudLocation ?? image.cloud_location;
  const there = (await fetchFarmRolesOf(step.tx, farmId)).find(
    (one) =>
      one.role_id === role.id &&
      one.cloud_platform === image.cloud_platform &&
      one.cloud_location === location &&
      (alias ?? one.alias) === one.alias &&
      (instanceType ?? one.instance_type) === one.instance_type,
  );
  if (there) return { farmRole: there, isNew: false };
  const { data } = await createFarmRole(step, {
    params: { farmId },
    query: {},
    body: {
      alias: alias ?? role.name,
      role: { id: role.id },
      cloudPlatform: image.cloud_platform,
      ...(location !== '' && { cloudLocation: location }),
      instanceType,
    },
  });
  return { farmRole: await getFarmRole(step, data.id), isNew: true };
}

/** What refuses a step is told of the member of this body that the step is about. */
async function inMember<T>(
  member: 'role' | 'newRole' | 'farm' | 'newFarm',
  step: Promise<T>,
): Promise<T> {
  try {
    return await step;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const field = `${member}.${error.details.field ?? 'id'}`;
    throw new ApiError(error.code, error.message, { ...error.details, field });
  }
}
