import { type OperationId, operations, type ServiceInput } from '#contract/operations.ts';
import type { Db } from './database/connection/connection.ts';
import { retryConflicts } from './database/connection/errors.ts';
import type { Clouds, ImageSight } from './services/context.ts';
import { planImageLook } from './services/images/image-sight.ts';
import { type Call, read } from './unit-of-work.ts';

/**
 * What a cloud has to be asked before a change begins, since nothing slow runs in its transaction. Only for
 * whoever may make that change.
 * @throws ApiError
 */
export async function lookAhead(
  db: Db,
  call: Call<unknown>,
  {
    operation,
    input,
    clouds,
  }: {
    operation: OperationId;
    input: ServiceInput<OperationId>;
    clouds?: Clouds | undefined;
  },
): Promise<ImageSight | undefined> {
  if (operation !== 'imageCreate' || !clouds?.findImage) return undefined;
  const { body } = input as ServiceInput<'imageCreate'>;
  const asking = { ...call, handOver: undefined, service: planImageLook(body) };
  const { result: look } = await retryConflicts(() => read(db, operations.imageCreate, asking));
  return look && clouds.findImage(look);
}
