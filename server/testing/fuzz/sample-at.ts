import type { OperationId } from '#contract/operations.ts';
import { sampleBodies } from '../sample-bodies.ts';
import type { Pool } from './pools.ts';

/** A body that the contract accepts, with what it refers to at a place of the pools. */
export function sampleAt(id: OperationId, at: number): Record<string, unknown> {
  const to = (pool: Pool) => ({ pool, place: at }) as never;
  const references = {
    imageId: to('image'),
    roleId: to('role'),
    farmId: to('farm'),
    farmRoleId: to('farmRole'),
  };
  return { ...(sampleBodies(references)[id] as object | undefined) };
}
