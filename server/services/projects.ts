import { ApiError } from '#contract/errors.ts';
import { findVisibleProject } from '../database/projects.ts';
import type { Context } from './context.ts';

/** @throws ApiError InvalidValue when a body names a project that the request's scope does not see */
export async function demandProject(ctx: Context, id: string): Promise<void> {
  if (await findVisibleProject(ctx.tx, ctx.scope, id)) return;
  throw new ApiError(
    'InvalidValue',
    `No project has the id ${id} here. projects/ lists those that can be charged.`,
    { field: 'project.id' },
  );
}
