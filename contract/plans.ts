import { z } from 'zod';
import { verdictSchema } from './actions.ts';
import { blockerSchema } from './blockers.ts';

/** What stands in a digest's place in the answer of a preview, to be sent back as it is. */
export const planDigest = z.string().regex(/^[hp][\w-]{1,6000}$/);

/** One thing that a plan says of one object. */
const planItemSchema = z.object({
  type: z.enum(['image', 'role', 'farmRole', 'server']),
  id: z.union([z.string(), z.int()]),
  name: z.string(),
  /** What it does there, or what it found: `changes`, `keeps the old image`. */
  what: z.string(),
  /** The object that `what` leads to: `is replaced in ec2 us-east-1 by` that image. */
  other: z.object({ id: z.string(), name: z.string() }).optional(),
});
export type PlanItem = z.output<typeof planItemSchema>;

/** How the plan now differs from the one that was shown; at most 100 of each, and none where it is not known. */
export const planDifferenceSchema = z.object({
  added: z.array(planItemSchema),
  gone: z.array(planItemSchema),
});
export type PlanDifference = z.output<typeof planDifferenceSchema>;

/** What an act on one object would do, before it is done. */
export const planSchema = verdictSchema.extend({
  /** To be sent back in `X-Plan-Digest` by who acts on it. */
  digest: planDigest,
  /** What it concerns beside the object, and what stands in its way. */
  items: z.array(planItemSchema),
  /** What stands in its way, as the refusal would name it. */
  blockers: z.array(blockerSchema),
});
export type Plan = z.output<typeof planSchema>;
