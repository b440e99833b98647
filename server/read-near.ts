import { ApiError } from '#contract/errors.ts';
import type { OperationSpec } from '#contract/operation.ts';
import type { Db } from './database/connection/connection.ts';
import type { Replica } from './database/connection/replica.ts';
import { type Call, type Done, read } from './unit-of-work.ts';

/**
 * Reads on the replica where there is one that shows all that was saved before, and otherwise, or when that fails,
 * where changes are made.
 * @throws ApiError
 */
export async function readNear<T>(
  db: Db,
  replica: Replica | undefined,
  spec: OperationSpec,
  call: Call<T>,
): Promise<Done<T>> {
  // Rows of a CSV are handed over as they come, and could not be handed over twice.
  const mayBeNear = spec.method === 'GET' && spec.kind !== 'csv';
  const near = mayBeNear ? await replica?.catchUp(db) : undefined;
  if (!near) return read(db, spec, call);
  try {
    return await read(near, spec, call);
  } catch (error) {
    // What is refused is refused everywhere; the rest is the replica's own.
    if (error instanceof ApiError) throw error;
    replica?.fail(error);
    return read(db, spec, call);
  }
}
