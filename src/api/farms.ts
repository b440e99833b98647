import { objectQuery, operationQuery } from './query.ts';
import type { Input } from './request.ts';
import type { PathScope } from '../util/paths.ts';

export type FarmListInput = NonNullable<Input<'farmList'>['query']>;

/** A page of the farms at and below a scope. */
export function farmListQuery(at: PathScope, query: FarmListInput = {}) {
  return operationQuery('farmList', at, { query });
}

/** One farm with its live servers and what may be done with it. */
export function farmQuery(at: PathScope, farmId: string | number) {
  return objectQuery('farmGet', at, {
    params: { farmId: String(farmId) },
    query: { include: ['usage', 'actions'] },
  });
}

export type FarmRoleListInput = NonNullable<Input<'farmRoleList'>['query']>;

/** The roles of a farm. */
export function farmRoleListQuery(
  at: PathScope,
  farmId: string | number,
  query: FarmRoleListInput = {},
) {
  return operationQuery('farmRoleList', at, { params: { farmId: String(farmId) }, query });
}

/** One role of a farm with its live servers and what may be done with it. */
export function farmRoleQuery(at: PathScope, farmRoleId: string | number) {
  return objectQuery('farmRoleGet', at, {
    params: { farmRoleId: String(farmRoleId) },
    query: { include: ['usage', 'actions'] },
  });
}

/** What a server of a farm role would start from now, and why. */
export function bootImageQuery(at: PathScope, farmRoleId: number) {
  return objectQuery('farmRoleBootImageGet', at, { params: { farmRoleId: String(farmRoleId) } });
}
