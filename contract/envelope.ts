import { z } from 'zod';

/** What every answer names: its request, for questions and records. */
export const metaSchema = z.object({ requestId: z.string() });

/** Something that the caller should know although the request was carried out. */
export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
});
export type Warning = z.infer<typeof warningSchema>;

/**
 * Links are null when there is nothing to link to. With `pageNum` they are paths, as in Scalr;
 * with `cursor`, `next` and `prev` hold the cursor of that page and `first`/`last` are null.
 */
export const paginationSchema = z.object({
  first: z.string().nullable(),
  last: z.string().nullable(),
  prev: z.string().nullable(),
  next: z.string().nullable(),
  /** Only with `include=total`: the number of matches, at most `totalCap`. */
  total: z.int().optional(),
  /** True when there are more than `total`. */
  totalCapped: z.boolean().optional(),
});
export type Pagination = z.infer<typeof paginationSchema>;

/** A count stops here, since counting everything costs more than it tells. */
export const totalCap = 1000;

export const emptyPagination: Pagination = { first: null, last: null, prev: null, next: null };

export interface Envelope<Data> {
  meta: { requestId: string };
  data: Data;
  warnings: Warning[];
  pagination?: Pagination;
}

export interface ErrorEnvelope {
  meta: { requestId: string };
  errors: [{ code: string; message: string; field?: string; blockers?: unknown[] }];
}
