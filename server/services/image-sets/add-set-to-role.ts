import type { ServiceInput } from '#contract/operations.ts';
import { ApiError } from '#contract/errors.ts';
import { fetchImages, type ImageRow } from '../../database/queries/images/images.ts';
import { swapRoleImages } from '../../database/queries/roles/role-images.ts';
import type { RoleRow } from '../../database/queries/roles/roles.ts';
import { fetchRoleCells, type RoleCellRow } from '../../database/queries/roles/role-cells.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { findReplacementImageRefusal } from '../../domain/replacements.ts';
import { findEntryRefusal } from '../../domain/role-images.ts';
import { getOwnRole } from '../access.ts';
import type { Context } from '../context.ts';
import { toRoleImage } from '../present.ts';
import type { Scene, SetAct } from './act.ts';
import type { Finding } from './findings.ts';

type AddBody = ServiceInput<'imageSetAddToRole'>['body'];

/** The image that the place of a role holds, if it holds one. */
interface Step {
  oldImageId: string | null;
}

/** Fills the places of a role where it has no image: docs/domain.md, "What may enter a role". */
export const addToRoleAct: SetAct<AddBody, Step> = {
  operation: 'imageSetAddToRole',
  doing: 'add images to roles',
  verb: ({ role }) => `enters role ${role.id}`,
  // Roles take images of scopes above too.
  gate: () => undefined,
  find: findEntries,
  carryOut: async (ctx, due, { all }, body) => {
    const changes = due.map(({ image, step }) => ({
      roleId: body.role.id,
      cloudPlatform: image.cloud_platform,
      cloudLocation: image.cloud_location,
      oldImageId: step.oldImageId,
      newImageId: image.id,
    }));
    await swapRoleImages(ctx.tx, changes, { at: ctx.now, by: ctx.actor });
    const recorded = changes.map(({ oldImageId, newImageId }) => {
      const after = toRoleImage(body.role, { id: newImageId });
      const kind = 'roleImage' as const;
      return oldImageId === null
        ? { kind, after }
        : { kind, before: toRoleImage(body.role, { id: oldImageId }), after };
    });
    return { changes: recorded, now: all.map(({ id }) => id) };
  },
};

async function findEntries(ctx: Context, scene: Scene, body: AddBody): Promise<Finding<Step>[]> {
  const role = await getRole(ctx, body.role.id);
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

/** @throws ApiError ObjectNotFound, ScopeViolation on the member of the body */
async function getRole(ctx: Context, id: number): Promise<RoleRow> {
  try {
    return await getOwnRole(ctx, id);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new ApiError(error.code, error.message, { field: 'role.id' });
  }
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
): Finding<Step> {
  const { old, chosen, body } = facts;
  if (old?.id === image.id) return { image };
  const step = { oldImageId: old?.id ?? null };
  const refusal = findEntryRefusal(image, role);
  const holdsChosen = chosen !== undefined && chosen.id === old?.id;
  if (old && !holdsChosen && body.replace !== true)
    return { image, aside: placeTaken(role, old), step };
  if (chosen && chosen.id !== image.id)
    return { image, aside: otherChosen(role, image, chosen), step };
  if (refusal) return { image, refusal, step };
  if (!chosen) return { image, refusal: chooseArchitecture(role, image), step };
  return {
    image,
    refusal: old && findReplacementImageRefusal(old, image, { at: ctx.scope }),
    step,
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
