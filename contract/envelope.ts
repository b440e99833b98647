import { z } from 'zod';
import { blockerSchema } from './blockers.ts';
import { confirmationWays, errorCodes } from './error-codes.ts';
import type { OperationSpec } from './operation.ts';
import { passkeyRequestSchema } from './people/passkey-forms.ts';
import { planDifferenceSchema } from './plans.ts';

/** What every answer names: its request, for questions and records. */
export const metaSchema = z.object({ requestId: z.uuid() });

/** Something that the caller should know although the request was carried out. */
export const warningSchema = z.object({
  code: z.string(),
  message: z.string(),
  field: z.string().optional(),
});
export type Warning = z.infer<typeof warningSchema>;

/**
 * Links are paths, as in Scalr, and null when there is nothing to link to; with `cursor`, `first` and
 * `last` are null.
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

/** What an operation answers when it is carried out. */
export function answerSchema({
  response,
  meta,
  kind,
}: Pick<OperationSpec, 'response' | 'meta' | 'kind'>): z.ZodObject {
  return z.object({
    meta: meta ? metaSchema.extend(meta.shape) : metaSchema,
    data: response,
    warnings: z.array(warningSchema),
    ...(kind === 'list' && { pagination: paginationSchema }),
  });
}

/** What every operation answers when it is refused: Scalr's envelope, with one error. */
export const errorEnvelopeSchema = z.object({
  meta: metaSchema,
  errors: z
    .array(
      z.object({
        code: z.enum(errorCodes),
        message: z.string(),
        /** Path of the member of the input that is wrong. */
        field: z.string().optional(),
        blockers: z.array(blockerSchema).optional(),
        /** With `ConfirmationRequired`: by which ways one can sign in again. */
        confirmBy: z.array(z.enum(confirmationWays)).optional(),
        /** With `PasskeyRequired`: what to ask the browser for, to send the same once more with its answer. */
        passkey: passkeyRequestSchema.optional(),
        /** With `Conflict`, where the plan that was shown is no longer the one that would be carried out. */
        difference: planDifferenceSchema.optional(),
      }),
    )
    .length(1),
});
export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;
