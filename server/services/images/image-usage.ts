import type { ImageRow } from '../../database/queries/images/images.ts';
import type { ImageUseCounts } from '../../database/queries/images/image-usage.ts';
import {
  countImageUsage,
  countServersOfImage,
  fetchFarmsOfImage,
  fetchRolesOfImages,
} from '../../database/queries/images/image-usage.ts';
import { fetchRegistrationsWithin, fetchTwins } from '../../database/queries/images/image-kin.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toImageAt, toPlace } from '../present.ts';

const shownItems = 20;
const none: ImageUseCounts = { roles: 0, farms: 0, servers: 0 };

async function seen(ctx: Context, rows: Promise<ImageRow[]>) {
  return (await rows).map((row) => toImageAt(row, ctx.scope));
}

/** Where an image is used, and what belongs with it: docs/domain.md, "Use of an image". */
export const imageUsageHandlers = {
  imageUsage: async (ctx, { params }) => {
    const { id } = await getVisibleImage(ctx, params.imageId);
    const shown = (await countImageUsage(ctx.tx, ctx.scope, [id])).get(id) ?? none;
    const roles = await fetchRolesOfImages(ctx.tx, ctx.scope, [id], shownItems);
    const farms = await fetchFarmsOfImage(ctx.tx, ctx.scope, id, shownItems);
    const servers = await countServersOfImage(ctx.tx, ctx.scope, id);
    return {
      data: {
        roles: {
          total: shown.roles,
          items: roles.map((role) => ({
            id: role.id,
            name: role.name,
            ...toPlace(role),
            deprecated: role.deprecated,
          })),
        },
        farms: {
          total: shown.farms,
          items: farms.map((farm) => ({
            id: farm.id,
            name: farm.name,
            accountId: farm.account_id,
            envId: farm.environment_id,
            envName: farm.environment_name,
            ownerEmail: farm.owner_email,
            servers: farm.servers,
          })),
        },
        servers: {
          total: shown.servers,
          stale: servers.stale,
          byStatus: servers.byStatus,
        },
      },
    };
  },

  imageTwinList: async (ctx, { params }) => {
    const image = await getVisibleImage(ctx, params.imageId);
    return { data: await seen(ctx, fetchTwins(ctx.tx, ctx.scope, image)) };
  },

  imageRegistrationList: async (ctx, { params }) => {
    const image = await getVisibleImage(ctx, params.imageId);
    return { data: await seen(ctx, fetchRegistrationsWithin(ctx.tx, ctx.scope, [image.id])) };
  },
} satisfies SomeHandlers;
