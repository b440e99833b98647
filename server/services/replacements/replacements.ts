import { fetchPage } from '../../database/queries/lists/paging.ts';
import { fetchFarmsInShort } from '../../database/queries/replacements/replacement-reach.ts';
import { replacementListPlan } from '../../database/queries/replacements/replacement-list.ts';
import {
  countOnOldImages,
  countStartingOnOldImages,
  fetchFarmsOnOldImage,
} from '../../database/queries/replacements/replaced-places.ts';
import { fetchStoredPlan } from '../../database/queries/replacements/replacement-writes.ts';
import {
  fetchReplacements,
  type ReplacementRow,
} from '../../database/queries/replacements/replacements.ts';
import type { ReplacementDetail } from '#contract/replacements/replacements.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { readReplacementBurnDowns } from '../farms/burn-down.ts';
import { refuseLocationWithoutPlatform } from '../images/images.ts';
import { getVisibleReplacement } from './find-replacement.ts';
import { replaceImageHandlers } from './replace-image.ts';
import { toFarmOnOld, toReplacement } from './replacement-present.ts';
import { planAnew, type PlanNow, toStoredPlan } from './stored-plans.ts';
import { planRollBackOf, rollBackHandlers, toRoleList, toRollBack } from './roll-backs.ts';

/** Replacements, planned and carried out: docs/domain.md, "Replacement". */
export const replacementHandlers = {
  ...replaceImageHandlers,
  ...rollBackHandlers,

  replacementList: async (ctx, { query }) => {
    refuseLocationWithoutPlatform(query);
    const plan = replacementListPlan(ctx.scope, query, ctx.now);
    const of = ['replacementList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, of);
    const rows = await fetchReplacements(ctx.tx, ctx.scope, ids);
    const left = await countOnOldImages(ctx.tx, ctx.scope, ids);
    const burnDowns = query.include?.includes('burnDown')
      ? await readReplacementBurnDowns(ctx, ids, (id) => left.get(id)?.old ?? 0)
      : undefined;
    const data = rows.map((row) => ({
      ...toReplacement(ctx, row, left.get(row.id)),
      ...(burnDowns && { burnDown: burnDowns.get(row.id) ?? [] }),
    }));
    return { data, page };
  },

  replacementGet: async (ctx, { params }) => {
    const row = await getVisibleReplacement(ctx, params.replacementId);
    return { data: await toDetail(ctx, row) };
  },
} satisfies SomeHandlers;

/** At most so many farms are listed; the count is whole. */
const listedFarms = 200;

/**
 * A replacement with its roles and farms, what it would do, and what rolling it back would do.
 * @param made its plan, where it was made in this transaction already
 */
export async function toDetail(
  ctx: Context,
  row: ReplacementRow,
  made?: PlanNow,
): Promise<ReplacementDetail> {
  const rollBack = await planRollBackOf(ctx, row);
  const left = await countOnOldImages(ctx.tx, ctx.scope, [row.id]);
  const onOld = await fetchFarmsOnOldImage(ctx.tx, ctx.scope, row.id, listedFarms);
  const farms = await fetchFarmsInShort(
    ctx.tx,
    onOld.map((farm) => farm.farm_id),
  );
  const planNow = row.state === 'planned' ? (made ?? (await planAnew(ctx, row))) : undefined;
  const stored = planNow ?? (row.planned_at && (await fetchStoredPlan(ctx.tx, row.id)));
  return {
    ...toReplacement(ctx, row, left.get(row.id)),
    startingServers: await countStartingOnOldImages(ctx.tx, ctx.scope, row.id),
    roleList: toRoleList(rollBack),
    farmList: onOld.flatMap((farm) => toFarmOnOld(farms.get(farm.farm_id), farm.servers)),
    rollBack: toRollBack(rollBack),
    wish: stored?.wish ?? null,
    plan: planNow ? await toStoredPlan(ctx, row, planNow) : null,
  };
}
