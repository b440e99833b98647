import { z } from 'zod';
import { time, uuid } from '../fields.ts';
import { read } from '../operation.ts';
import { farmOnOldSchema } from '../replacements/replacement-members.ts';
import { burnDownPointSchema } from './burn-down-points.ts';
import { usageFilters } from './usage.ts';

/** What a burn-down can be split by. */
export const burnDownSplits = ['account', 'environment', 'farm', 'owner', 'place'] as const;
export type BurnDownSplit = (typeof burnDownSplits)[number];

/** How it goes on: docs/domain.md, "Burn-down". */
export const burnDownTrends = ['tooFew', 'still', 'rising', 'falling', 'zero'] as const;

const trendSchema = z.object({
  is: z.enum(burnDownTrends),
  /** Servers that leave old images in a day; null unless it falls. */
  perDay: z.number().nullable(),
  /** When the last will have left at this rate; null where that is not in sight. */
  zeroAt: time.nullable(),
});
export type BurnDownTrend = z.output<typeof trendSchema>;

export const burnDownSchema = z.object({
  /** Now, as `usage/totals/` counts them. */
  servers: z.int(),
  /** At most 122, oldest first. The first may lie before `from`, and the last is now, unless `to` says otherwise. */
  points: z.array(burnDownPointSchema),
  /** With `split`: the eight with the most servers, now or gone meanwhile, and the rest as one, whose id is null. */
  lines: z.array(
    z.object({
      id: z.string().nullable(),
      name: z.string(),
      /** One count for each of `points`. */
      servers: z.array(z.int()),
    }),
  ),
  trend: trendSchema,
  /** Farms that have had no fewer for a week; at most 20, most servers first. The counts are whole. */
  still: z.object({ farms: z.int(), servers: z.int(), items: z.array(farmOnOldSchema) }),
});

const query = z.strictObject({
  ...usageFilters,
  /** In the roles that this replacement changed, on their old images. */
  replacement: uuid.optional(),
  split: z.enum(burnDownSplits).optional(),
  /** 90 days before the end unless said. */
  from: time.optional(),
  to: time.optional(),
});
export type BurnDownQuery = z.output<typeof query>;

export const burnDownOperations = {
  usageBurnDown: read({
    id: 'usageBurnDown',
    path: '/usage/burn-down/',
    summary:
      'Servers on old images over time, how fast they leave, and the farms that do not move.',
    query,
    response: burnDownSchema,
  }),
  usageBurnDownExport: read({
    id: 'usageBurnDownExport',
    path: '/usage/burn-down/csv/',
    kind: 'csv',
    summary: 'The same points as CSV: a row for each, or with `split` for each of its lines.',
    query,
    response: z.string(),
  }),
};
