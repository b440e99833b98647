import { hasImageLocation } from '#contract/images/platforms.ts';
import { findBootWords, findRoleImageOrigin } from '../../database/queries/farms/boot-image.ts';
import type { SomeHandlers } from '../context.ts';
import { getFarmRole, toFarmRole } from './farm-access.ts';

/** What a server of a farm role would start from now, and why: docs/domain.md, "Farms". */
export const bootImageHandlers = {
  farmRoleBootImageGet: async (ctx, { params }) => {
    const row = await getFarmRole(ctx, params.farmRoleId);
    const { image, role, cloudPlatform } = toFarmRole(row);
    const located = hasImageLocation(row.cloud_platform);
    const cloudLocation = located ? row.cloud_location : '';
    const origin = await findRoleImageOrigin(ctx.tx, {
      roleId: row.role_id,
      platform: row.cloud_platform,
      location: cloudLocation,
    });
    const observedWords = row.observed ? await findBootWords(ctx.tx, row.id) : undefined;
    return {
      data: {
        image,
        role: { id: role.id, name: role.name },
        cloudPlatform,
        cloudLocation,
        rule: observedWords === undefined ? (located ? 'location' : 'everywhere') : 'observed',
        words: observedWords || null,
        since: origin?.at.toISOString() ?? null,
        by: origin?.by ?? null,
        replacement: origin?.replacement_id
          ? {
              id: origin.replacement_id,
              at: origin.at.toISOString(),
              by: origin.by,
              reason: origin.replacement_reason,
              rollsBack: origin.rolls_back_id === null ? null : { id: origin.rolls_back_id },
            }
          : null,
      },
    };
  },
} satisfies SomeHandlers;
