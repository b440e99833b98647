import { z } from 'zod';

/** Whether something may be done with an object now, and if not, why: decided on the server alone. */
export const verdictSchema = z.object({
  allowed: z.boolean(),
  /** An error code (contract/errors.ts) when it is not allowed. */
  code: z.string().optional(),
  /** One sentence: which rule or right is missing, and what to do. */
  reason: z.string().optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

/** A verdict for each named action, answered with `include=actions`. */
export function actionsSchema<const Names extends readonly [string, ...string[]]>(names: Names) {
  const shape = Object.fromEntries(names.map((name) => [name, verdictSchema])) as {
    [K in Names[number]]: typeof verdictSchema;
  };
  return z.object(shape);
}
