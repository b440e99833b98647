import { locationListPlan } from '../../database/queries/images/locations.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { SomeHandlers } from '../context.ts';

/** Where images are, and where old ones run: docs/domain.md, "Images". */
export const locationHandlers = {
  locationList: async (ctx, { query }) => {
    const plan = locationListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['locationList', ctx.scope]);
    return { data: ids.map(toLocation), page };
  },
} satisfies SomeHandlers;

function toLocation(id: string) {
  const colon = id.indexOf(':');
  return { id, cloudPlatform: id.slice(0, colon), cloudLocation: id.slice(colon + 1) };
}
