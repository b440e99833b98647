import type { ScopeRef } from '#contract/scope.ts';
import type { Refusal } from '../refusal.ts';

/** Why an image cannot be tried at a scope: servers run in environments (docs/domain.md, "Trying an image"). */
export function findPlaceToTryRefusal(
  { name }: { name: string },
  { scope }: Pick<ScopeRef, 'scope'>,
): Refusal | undefined {
  if (scope === 'environment') return undefined;
  return {
    code: 'ScopeViolation',
    reason: `Servers run in environments. Open image "${name}" in the environment where it is to be tried.`,
  };
}

/** What is named of two things of which one is needed, by the members of the body. */
type Named = Partial<Record<'role' | 'newRole' | 'farm' | 'newFarm', unknown>>;

/** Why it is not clear which role and which farm are meant: of each, one is named or a new one. */
export function findChoiceRefusal(body: Named): Refusal | undefined {
  const pairs = [
    ['role', 'newRole'],
    ['farm', 'newFarm'],
  ] as const;
  for (const [there, made] of pairs) {
    if ((body[there] === undefined) !== (body[made] === undefined)) continue;
    const [wrong, verb] =
      body[there] === undefined
        ? (['is missing', 'Send'] as const)
        : (['is too much', 'Send only'] as const);
    return {
      code: 'InvalidStructure',
      field: there,
      reason: `"${there}" ${wrong}: ${verb} ${there} for one that is there, or ${made} for a new one.`,
    };
  }
  return undefined;
}

/** An image, with where it is. */
interface Placed {
  id: string;
  name: string;
  cloud_platform: string;
  cloud_location: string;
}

/**
 * Why a role cannot be used to try an image: it has another one in that place, and others run that.
 * @param held the images that the role has now
 */
export function findTakenPlaceRefusal(
  role: { name: string },
  image: Placed,
  held: readonly Placed[],
): Refusal | undefined {
  const other = held.find(
    (one) =>
      one.id !== image.id &&
      one.cloud_platform === image.cloud_platform &&
      one.cloud_location === image.cloud_location,
  );
  if (!other) return undefined;
  const where = `${image.cloud_platform} ${image.cloud_location}`.trim();
  return {
    code: 'BadRequest',
    field: 'role.id',
    reason: `Role "${role.name}" has image "${other.name}" in ${where}, and trying another one does not replace it. Choose another role, or a new one.`,
  };
}

/** Why a server of an image cannot run where it is asked for: most images are in one place alone. */
export function findOtherPlaceRefusal(
  image: Placed,
  cloudLocation: string | undefined,
): Refusal | undefined {
  if (image.cloud_location === '' || [undefined, image.cloud_location].includes(cloudLocation))
    return undefined;
  return {
    code: 'InvalidValue',
    field: 'cloudLocation',
    reason: `Image "${image.name}" is in ${image.cloud_location}, so its servers run there. Leave cloudLocation out, or try an image that is in ${cloudLocation}.`,
  };
}

/**
 * Which image of a set the first server runs.
 * @param wanted its id, if one is named
 * @param usable those that may enter a role
 * @returns the image, or why none can be told
 */
export function planTriedImage<Image extends Placed>(
  set: { name: string },
  wanted: string | undefined,
  { all, usable }: { all: readonly Image[]; usable: readonly Image[] },
): Image | Refusal {
  if (wanted !== undefined)
    return (
      all.find(({ id }) => id === wanted) ?? {
        code: 'ObjectNotFound',
        field: 'image.id',
        reason: `Image set "${set.name}" has no image with the id ${wanted}.`,
      }
    );
  const [only = all[0], another] = usable;
  if (only && !another) return only;
  return {
    code: 'InvalidStructure',
    field: 'image',
    reason: `"image" is missing: image set "${set.name}" has several images. Name the one that the server is to run.`,
  };
}
