import type { ImageRow } from '../../database/queries/images/images.ts';
import type { ImageUseCounts } from '../../database/queries/images/image-usage.ts';
import {
  countImageUsage,
  countServersOfImage,
  fetchFarmsOfImage,
  fetchRolesOfImage,
} from '../../database/queries/images/image-usage.ts';
import { fetchRegistrationsWithin, fetchTwins } from '../../database/queries/images/image-sets.ts';
import { getVisibleImage } from '../access.ts';
import type { Context, Handlers } from '../context.ts';
import { toImageAt, toPlace } from '../present.ts';

const shownItems = 20;
const none: ImageUseCounts = { roles: 0, farms: 0, servers: 0 };

async function seen(ctx: Context, rows: Promise<ImageRow[]>) {
  return (await rows).map((row) => toImageAt(row, ctx.scope));
}

/** Uses of the row itself outside the scope: they stand in the way of deleting it, other registrations do not. */
async function countHidden(ctx: Context, id: string): Promise<ImageUseCounts> {
  const own = { ownOnly: true };
  const all = (await countImageUsage(ctx.tx, { scope: 'scalr' }, [id], own)).get(id) ?? none;
  const seen = (await countImageUsage(ctx.tx, ctx.scope, [id], own)).get(id) ?? none;
  return {
    roles: all.roles - seen.roles,
    farms: all.farms - seen.farms,
    servers: all.servers - seen.servers,
  };
}

/** Where an image is used, and what belongs with it: docs/domain.md, "Use of an image". */
export const imageUsageHandlers: Handlers<
  'imageUsage' | 'imageTwinList' | 'imageRegistrationList'
> = {
  imageUsage: async (ctx, { params }) => {
    const { id } = await getVisibleImage(ctx, params.imageId);
    const shown = (await countImageUsage(ctx.tx, ctx.scope, [id])).get(id) ?? none;
    const hidden = await countHidden(ctx, id);
    const roles = await fetchRolesOfImage(ctx.tx, ctx.scope, id, shownItems);
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
        hidden,
      },
    };
  },

  imageTwinList: async (ctx, { params }) => {
    const image = await getVisibleImage(ctx, params.imageId);
    return { data: await seen(ctx, fetchTwins(ctx.tx, ctx.scope, image)) };
  },

  imageRegistrationList: async (ctx, { params }) => {
    const image = await getVisibleImage(ctx, params.imageId);
    return { data: await seen(ctx, fetchRegistrationsWithin(ctx.tx, ctx.scope, image)) };
  },
};
