import type { Image } from '#contract/images/images.ts';
import type { Role } from '#contract/roles/roles.ts';

/** Something to do on the way to a new version that stands next to the old; done one by one. */
export type NewVersionStep = { key: string; words: string } & (
  | { kind: 'clone'; roleId: number; name: string }
  | { kind: 'create'; like: Role; name: string }
  | { kind: 'swap'; of: string; oldImageId: string; newImageId: string }
  | { kind: 'add'; of: string; imageId: string }
  | { kind: 'deprecate role'; roleId: number; successor: string }
  | { kind: 'deprecate image'; imageId: string; successorId: string }
);

/** A role that is to have a successor, and the successor's name. */
export interface Succession {
  role: Role;
  name: string;
}

export interface NewVersionChoice {
  oldImage: Pick<Image, 'id' | 'name' | 'architecture'>;
  newImage: Pick<Image, 'id' | 'name' | 'architecture'>;
  successions: readonly Succession[];
  deprecateRoles: boolean;
  deprecateImage: boolean;
}

/** A role with a deprecated image cannot be copied: it is made anew, without what is deprecated. */
function holdsDeprecated({ images = [] }: Role): boolean {
  return images.some(({ image }) => image.deprecated);
}

function stepsOfRole(
  { oldImage, newImage }: NewVersionChoice,
  { role, name }: Succession,
): NewVersionStep[] {
  const key = `role ${role.id}`;
  // In one role an image only gives way to one of the same architecture.
  const isSwap = oldImage.architecture === newImage.architecture;
  if (isSwap && !holdsDeprecated(role)) {
    return [
      { key, kind: 'clone', roleId: role.id, name, words: `Copy role ${role.name} as ${name}` },
      {
        key: `${key} swap`,
        kind: 'swap',
        of: key,
        oldImageId: oldImage.id,
        newImageId: newImage.id,
        words: `Put ${newImage.name} in the place of ${oldImage.name} in ${name}`,
      },
    ];
  }
  const kept = (role.images ?? []).filter(
    ({ image }) => !image.deprecated && image.id !== oldImage.id && image.id !== newImage.id,
  );
  const add = (image: { id: string; name: string }, where: string): NewVersionStep => ({
    key: `${key} add ${image.id}`,
    kind: 'add',
    of: key,
    imageId: image.id,
    words: `Add ${image.name}${where} to ${name}`,
  });
  return [
    {
      key,
      kind: 'create',
      like: role,
      name,
      words: `Create role ${name} like ${role.name}${holdsDeprecated(role) ? ', without its deprecated images' : ''}`,
    },
    add(newImage, ''),
    ...kept.map((cell) => add(cell.image, ` (${cell.cloudPlatform} ${cell.cloudLocation})`)),
  ];
}

/**
 * What to do, in order, so that a new image is offered next to the old one: successors first, and
 * deprecations last, since a role that holds a deprecated image cannot be copied.
 */
export function planNewVersion(choice: NewVersionChoice): NewVersionStep[] {
  const { oldImage, newImage, successions } = choice;
  const deprecations: NewVersionStep[] = choice.deprecateRoles
    ? successions
        .filter(({ role }) => role.actions?.deprecate.allowed === true)
        .map(({ role, name }) => ({
          key: `role ${role.id} deprecate`,
          kind: 'deprecate role',
          roleId: role.id,
          successor: `role ${role.id}`,
          words: `Deprecate role ${role.name}, with ${name} as its successor`,
        }))
    : [];
  const image: NewVersionStep[] = choice.deprecateImage
    ? [
        {
          key: 'image',
          kind: 'deprecate image',
          imageId: oldImage.id,
          successorId: newImage.id,
          words: `Deprecate image ${oldImage.name}, in favour of ${newImage.name}`,
        },
      ]
    : [];
  return [
    ...successions.flatMap((succession) => stepsOfRole(choice, succession)),
    ...deprecations,
    ...image,
  ];
}

/** A first idea for the successor's name: the last number one higher, or a 2 behind. */
export function nextName(name: string): string {
  const match = /^(.*?)(\d+)$/.exec(name);
  const [, head = '', digits = ''] = match ?? [];
  if (match === null || digits.length > 6) return `${name}-2`;
  return `${head}${String(Number(digits) + 1).padStart(digits.length, '0')}`;
}
