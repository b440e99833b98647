import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { Context, Handler } from './services/context.ts';
import { handlers } from './services/handlers.ts';

/** What a PATCH says of members that it cannot change: clients send back whole what they read. */
export type Restated = Record<string, unknown>;

/** The operation that reads what another one changes: the GET of the same path. */
function readerOf(spec: OperationSpec): OperationId | undefined {
  const found = (Object.values(operations) as OperationSpec[]).find(
    ({ method, path, kind }) => method === 'GET' && kind === 'object' && path === spec.path,
  );
  return found?.id as OperationId | undefined;
}

function membersOf(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Parts the body of a PATCH into what it may change and what it restates. */
export function takeRestated(
  spec: OperationSpec,
  body: unknown,
): { body: unknown; restated?: Restated } {
  if (spec.method !== 'PATCH' || typeof body !== 'object' || body === null) return { body };
  const writable = membersOf(spec.body);
  const fixed = membersOf(spec.response).filter((name) => !writable.includes(name));
  const isFixed = ([name]: [string, unknown]) => fixed.includes(name);
  const members = Object.entries(body);
  if (!readerOf(spec) || !members.some(isFixed)) return { body };
  return {
    body: Object.fromEntries(members.filter((member) => !isFixed(member))),
    restated: Object.fromEntries(members.filter(isFixed)),
  };
}

/**
 * What is restated must be as it is: docs/domain.md, "What cannot be changed".
 * @throws ApiError InvalidStructure naming the first member that says something else
 */
export async function demandRestated(
  ctx: Context,
  spec: OperationSpec,
  { input, restated }: { input: { params: unknown }; restated?: Restated | undefined },
): Promise<void> {
  if (!restated) return;
  const reader = readerOf(spec);
  if (!reader) throw new Error(`${spec.id} has no operation that reads what it changes`);
  const read = handlers[reader] as unknown as Handler<'imageGet'>;
  const params = input.params as never;
  const { data } = await read(ctx, { params, query: {}, body: undefined });
  const now: Restated = data;
  for (const [name, said] of Object.entries(restated))
    if (!isSame(said, now[name]))
      throw new ApiError(
        'InvalidStructure',
        `"${name}" cannot be changed here. Leave it out, or send it as it is.`,
        { field: name },
      );
}

/** A reference may be bare. */
function isSame(said: unknown, now: unknown): boolean {
  const id = typeof now === 'object' && now !== null && 'id' in now ? now.id : undefined;
  return isDeepStrictEqual(said, now) || (id !== undefined && said === id);
}
