import type { Db } from '../../database/connection/connection.ts';
import { deleteEstate, upsertEstate } from '../../database/queries/simulated-cloud/estate.ts';
import type { CloudPointers } from '../pointers.ts';
import type { SimulatedCall } from './calls.ts';
import { toEstateRow } from './invented-estate.ts';

/** Pointers stand in the estate of an account, where its inventory finds them. */
export function simulatePointers(
  db: Db,
  call: SimulatedCall,
  { account }: { account: string },
): CloudPointers {
  return {
    put: ({ name, cloudImageId, cloudPlatform, cloudLocation }, options) =>
      call({ cloudPlatform, cloudLocation }, options, async () => {
        const row = toEstateRow(cloudLocation, { kind: 'pointer', name, cloudImageId });
        await upsertEstate(db, { account, cloudPlatform }, row);
      }),
    remove: ({ name, cloudPlatform, cloudLocation }, options) =>
      call({ cloudPlatform, cloudLocation }, options, async () =>
        (await deleteEstate(db, { account, cloudPlatform, cloudLocation }, 'pointer', name))
          ? 'removed'
          : 'absent',
      ),
  };
}
