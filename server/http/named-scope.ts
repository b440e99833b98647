import { z } from 'zod';
import { ApiError } from '#contract/errors.ts';
import { scopeSchema } from '#contract/fields.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type Scope, scopeLabel, scopeRank, scopes } from '#contract/scope.ts';
import type { Level } from './address.ts';

const scopeOf: Record<Level, Scope | undefined> = {
  global: 'scalr',
  account: 'account',
  user: 'environment',
  self: undefined,
};

/**
 * Checks the scope that a request names besides its path, before anything else is missed: a body may
 * repeat the path's, a list may be narrowed to that or a higher one.
 * @throws ApiError InvalidValue
 */
export function checkNamedScope(
  spec: OperationSpec,
  level: Level,
  { query, body }: { query: unknown; body: unknown },
): void {
  const at = scopeOf[level];
  if (at === undefined) return;
  const sought = namedIn(spec.query, query);
  if (sought !== undefined && scopeRank[sought] > scopeRank[at])
    throw wrongScope(
      `Nothing of the ${scopeLabel[sought]} scope is listed at the ${scopeLabel[at]} scope. Leave scope out, or ask for a higher one`,
    );
  const repeated = namedIn(spec.body, body);
  if (repeated !== undefined && repeated !== at)
    throw wrongScope(
      `This request is sent to the ${scopeLabel[at]} scope, but the body says ${scopeLabel[repeated]}. Leave scope out, or send the request to that scope`,
    );
}

/** The scope that an input names where its schema takes one. @throws ApiError InvalidValue for none */
function namedIn(schema: z.ZodType | undefined, input: unknown): Scope | undefined {
  const field = schema instanceof z.ZodObject ? schema.shape['scope'] : undefined;
  if (!(field instanceof z.ZodOptional) || field.unwrap() !== scopeSchema) return undefined;
  const { scope } = (input ?? {}) as { scope?: unknown };
  const named = z.optional(scopeSchema).safeParse(scope);
  if (named.success) return named.data;
  throw wrongScope(`"scope" must be one of ${scopes.join(', ')}`);
}

function wrongScope(sentence: string): ApiError {
  return new ApiError('InvalidValue', `${sentence}.`, { field: 'scope' });
}
