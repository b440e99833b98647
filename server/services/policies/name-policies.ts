import { fetchNamePolicies } from '../../database/queries/policies/policies.ts';
import { findNameRefusal } from '../../domain/policies/names.ts';
import type { Context } from '../context.ts';
import { refuseIf } from '../refuse.ts';

/**
 * A new name is made as the policies for names demand that are enforced at the scope of the request; old names stay
 * (docs/domain.md, "Policies").
 * @throws ApiError InvalidValue
 */
export async function demandFittingName(
  ctx: Context,
  objects: 'images' | 'roles',
  name: string,
): Promise<void> {
  refuseIf(findNameRefusal(name, await fetchNamePolicies(ctx.tx, ctx.scope, objects)));
}
