import { ApiError } from '#contract/errors.ts';
import { hasImageLocation } from '#contract/images/platforms.ts';
import { fetchRoleCells, type RoleCellRow } from '../../database/queries/roles/role-cells.ts';
import { isDeprecatedAt } from '../../domain/images/deprecations.ts';
import { scopeOf } from '../../domain/scopes.ts';
import { getVisibleRole } from '../access.ts';
import type { SomeHandlers } from '../context.ts';

/** The image of a role at a place, for what starts servers itself: docs/domain.md, "Roles". */
export const currentImageHandlers = {
  roleCurrentImageGet: async (ctx, { params, query }) => {
    const role = await getVisibleRole(ctx, params.roleId);
    const cells = await fetchRoleCells(ctx.tx, [role.id]);
    const location = hasImageLocation(query.platform) ? query.location : '';
    if (location === undefined)
      throw new ApiError(
        'InvalidStructure',
        `Images on ${query.platform} are in one location each: say which (location).`,
        { field: 'location' },
      );
    const cell = cells.find(
      (one) => one.cloud_platform === query.platform && one.cloud_location === location,
    );
    if (!cell)
      throw new ApiError('ObjectNotFound', nothingThere(role, [query.platform, location], cells));
    return {
      data: {
        cloudImageId: cell.cloud_image_id,
        image: {
          id: cell.id,
          name: cell.name,
          cloudImageId: cell.cloud_image_id,
          deprecated: isDeprecatedAt(cell, scopeOf(role)),
        },
        architecture: cell.architecture,
        role: { id: role.id, name: role.name },
        cloudPlatform: cell.cloud_platform,
        cloudLocation: cell.cloud_location,
      },
    };
  },
} satisfies SomeHandlers;

function nothingThere(
  role: { name: string },
  place: readonly string[],
  cells: readonly RoleCellRow[],
): string {
  const words = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');
  const places = cells.map((cell) => words([cell.cloud_platform, cell.cloud_location]));
  const known = places.length > 0 ? `It has images in ${places.join(', ')}.` : 'It has no images.';
  return `Role "${role.name}" has no image in ${words(place)}. ${known}`;
}
