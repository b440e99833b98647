import type { OperationSpec } from '#contract/operation.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../database/connection/connection.ts';
import { type FarmNamed, isFarmOwner } from '../database/queries/farms/farm-owners.ts';
import { holds, type Principal } from '../domain/rights.ts';

/** What a copy would be put into is another farm. */
const isCopy = /\/clone\/$/;

/**
 * Owners act on their own farms with the right to view alone (docs/domain.md, "People"): where an operation is
 * about such a farm, its owner is an operator there, for that operation.
 */
export async function actAsOwner(
  tx: Db,
  spec: OperationSpec,
  user: Principal | undefined,
  at: ScopeRef | undefined,
  { params, body }: { params: object; body: unknown },
): Promise<Principal | undefined> {
  if (user?.kind !== 'user' || at?.scope !== 'environment') return user;
  if (spec.permission !== 'farms.manage' || isCopy.test(spec.path)) return user;
  if (holds(user, 'farms.manage', at) || !holds(user, 'view', at)) return user;
  const { farmRole } = (body ?? {}) as { farmRole?: { id: number } };
  const named: FarmNamed = {
    ...params,
    ...(spec.id === 'serverLaunch' && { farmRoleId: farmRole?.id }),
  };
  if (!(await isFarmOwner(tx, user.id, at.environmentId, named))) return user;
  return { ...user, grants: [...user.grants, { role: 'operator', at }] };
}
