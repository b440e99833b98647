import type { ServiceInput } from '#contract/operations.ts';
import { ApiError } from '#contract/errors.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { fetchRoleCells, type RoleCellRow } from '../../database/queries/roles/role-cells.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findDeprecationRefusal } from '../../domain/replacements/replacements.ts';
import { findReplacementImageRefusal } from '../../domain/replacements/replacement-images.ts';
import { findEntryRefusal } from '../../domain/roles/role-images.ts';
import { isOwn } from '../../domain/scopes.ts';
import { getOwnRole } from '../access.ts';
import type { Context } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { toRoleImage } from '../present.ts';
import { findLackingRights } from '../replacements/make-plan.ts';
import { replaceInRole } from '../replacements/replace-in-role.ts';
import type { Scene, SetAct } from './act.ts';
import type { Due, Finding } from './findings.ts';

type AddBody = ServiceInput<'imageSetAddToRole'>['body'];

/**
 * Fills the places of a role where it has no image, and the others when told to: docs/domain.md, "Acts on
 * image sets". A step is the role.
 */
export const addToRoleAct: SetAct<AddBody, RoleRow> = {
  operation: 'imageSetAddToRole',
  doing: 'add images to roles',
  verb: ({ role }) => `enters role ${role.id}`,
  // Roles take images of scopes above too.
  gate: () => undefined,
  find: findEntries,
  carryOut: async (ctx, due, { all }) => ({
    changes: [...(await addImages(ctx, due)), ...(await replaceImages(ctx, due))],
    now: all.map(({ id }) => id),
  }),
};

/** Fills the places that are empty. @returns what that changes, for the log */
export async function addImages(ctx: Context, due: readonly Due<RoleRow>[]): Promise<Change[]> {
  const added = due.filter(({ replaced }) => !replaced);
  const changes = added.map(({ image, step: role }) => ({
    roleId: role.id,
    cloudPlatform: image.cloud_platform,
    cloudLocation: image.cloud_location,
    oldImageId: null,
    newImageId: image.id,
  }));
  await swapRoleImages(ctx.tx, changes, { at: ctx.now, by: ctx.actor });
  return added.map(({ image, step: role }) => ({
    kind: 'roleImage',
    after: toRoleImage(role, image),
  }));
}

/** Replaces what is in the others, all in one replacement. @returns what that changes, for the log */
async function replaceImages(ctx: Context, due: readonly Due<RoleRow>[]): Promise<Change[]> {
  const swaps = due.flatMap(({ image: newImage, replaced }) =>
    replaced ? [{ oldImage: replaced.image, newImage, deprecates: replaced.deprecates }] : [],
  );
  const [role] = due.map(({ step }) => step);
  if (!role || swaps.length === 0) return [];
  const { replacement, others } = await replaceInRole(ctx, role, swaps);
  return [{ kind: 'replacement', after: replacement }, ...others];
}

/** What becomes of each image when they are added to a role. */
export async function findEntries(
  ctx: Context,
  scene: Pick<Scene, 'images'>,
  body: AddBody,
): Promise<Finding<RoleRow>[]> {
  const role = await getRole(ctx, body);
  const cells = await fetchRoleCells(ctx.tx, [role.id]);
  const held = await fetchImages(
    ctx.tx,
    cells.map(({ id }) => id),
    ctx.scope,
  );
  const architecture = body.architecture ?? findArchitecture(cells);
  const asked = scene.images.filter(
    (image) => body.architecture === undefined || image.architecture === body.architecture,
  );
  const places = Map.groupBy(asked, (image) => `${image.cloud_platform} ${image.cloud_location}`);
  return [...places.values()].flatMap((options) => {
    const old = held.find((image) => isSamePlace(image, options[0]));
    const chosen = chooseFor(role, options, { old, architecture });
    return options.map((image) => judgeEntry(ctx, role, image, { old, chosen, body }));
  });
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed on the members of the body */
async function getRole(ctx: Context, { role: { id }, roleVersion }: AddBody): Promise<RoleRow> {
  const role = await getOwnRole(ctx, id).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, error.message, { field: 'role.id' });
  });
  if (roleVersion !== undefined && roleVersion !== role.version)
    throw new ApiError(
      'PreconditionFailed',
      `Role "${role.name}" was changed by someone else in the meantime. Look at what it has now, and try again.`,
      { field: 'roleVersion' },
    );
  return role;
}

/** The one architecture of all images of a role, if it has images and they agree. */
function findArchitecture(cells: readonly RoleCellRow[]): string | undefined {
  const [first, ...others] = new Set(cells.map(({ architecture }) => architecture));
  return others.length === 0 ? first : undefined;
}

/**
 * Of the images of one place, the one that enters: the one that is there already, or else, of the wanted
 * architecture, the last one registered that may. Undefined where several architectures may.
 */
function chooseFor(
  role: RoleRow,
  options: readonly ImageRow[],
  { old, architecture }: { old: ImageRow | undefined; architecture: string | undefined },
): ImageRow | undefined {
  const there = options.find(({ id }) => id === old?.id);
  if (there) return there;
  const fitting = options.filter((image) => !findEntryRefusal(image, role));
  const wanted = fitting.filter((image) => image.architecture === architecture);
  const choice = wanted.length > 0 || fitting.length === 0 ? wanted : fitting;
  if (new Set(choice.map((image) => image.architecture)).size > 1) return undefined;
  return choice.at(-1);
}

function judgeEntry(
  ctx: Context,
  role: RoleRow,
  image: ImageRow,
  facts: { old: ImageRow | undefined; chosen: ImageRow | undefined; body: AddBody },
): Finding<RoleRow> {
  const { old, chosen, body } = facts;
  if (old?.id === image.id) return { image };
  const step = role;
  const refusal = findEntryRefusal(image, role);
  const holdsChosen = chosen !== undefined && chosen.id === old?.id;
  if (old && !holdsChosen && body.replace !== true)
    return { image, aside: placeTaken(role, old), step };
  if (chosen && chosen.id !== image.id)
    return { image, aside: otherChosen(role, image, chosen), step };
  if (refusal) return { image, refusal, step };
  if (!chosen) return { image, refusal: chooseArchitecture(role, image), step };
  return old ? judgeReplacing(ctx, old, image, { role, body }) : { image, step };
}

function judgeReplacing(
  ctx: Context,
  old: ImageRow,
  image: ImageRow,
  { role, body }: { role: RoleRow; body: AddBody },
): Finding<RoleRow> {
  // What belongs to a scope above is deprecated there.
  const deprecates =
    body.deprecateOldImage === true && isOwn(old, ctx.scope) && old.deprecated_at === null;
  const facts = { at: ctx.scope, oldImage: old, newImage: image, lacking: findLackingRights(ctx) };
  return {
    image,
    refusal:
      findReplacementImageRefusal(old, image, { at: ctx.scope }) ??
      (deprecates ? findDeprecationRefusal(facts) : undefined),
    step: role,
    replaced: { image: old, deprecates },
  };
}

const whereIs = (image: ImageRow) => `${image.cloud_platform} ${image.cloud_location}`.trim();

function placeTaken(role: RoleRow, old: ImageRow): Refusal {
  return {
    code: 'BadRequest',
    reason: `Role "${role.name}" has image "${old.name}" in ${whereIs(old)} already. Send replace: true to put another in its place.`,
  };
}

function otherChosen(role: RoleRow, image: ImageRow, chosen: ImageRow): Refusal {
  return {
    code: 'BadRequest',
    reason: `Role "${role.name}" takes one image in ${whereIs(image)}, and gets the one for ${chosen.architecture} with the id ${chosen.cloud_image_id}.`,
  };
}

function chooseArchitecture(role: RoleRow, image: ImageRow): Refusal {
  return {
    code: 'InvalidValue',
    field: 'architecture',
    reason: `Role "${role.name}" takes one image in ${whereIs(image)}, and the set has several architectures there. Name one (architecture), or the images.`,
  };
}

function isSamePlace(image: ImageRow, other: ImageRow | undefined): boolean {
  return (
    image.cloud_platform === other?.cloud_platform && image.cloud_location === other.cloud_location
  );
}
