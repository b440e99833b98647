import type { Selectable } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { CloudTables } from '../../schema-cloud.ts';

/** What the simulated cloud is told to do badly, and where. */
export type SimulatedFault = Selectable<CloudTables['simulated_faults']>;

export const everywhere = '*';

/** What goes wrong at a place. */
export async function fetchFaultsAt(
  db: Db,
  { cloudPlatform, cloudLocation }: { cloudPlatform: string; cloudLocation: string },
): Promise<SimulatedFault[]> {
  return db
    .selectFrom('simulated_faults')
    .where('cloud_platform', 'in', [cloudPlatform, everywhere])
    .where('cloud_location', 'in', [cloudLocation, everywhere])
    .selectAll()
    .execute();
}

export async function listFaults(db: Db): Promise<SimulatedFault[]> {
  return db
    .selectFrom('simulated_faults')
    .selectAll()
    .orderBy('kind')
    .orderBy('cloud_platform')
    .orderBy('cloud_location')
    .execute();
}

/** Makes something go wrong, instead of the same thing at the same place before. */
export async function setFault(db: Db, fault: SimulatedFault): Promise<void> {
  const { probability, seconds } = fault;
  await db
    .insertInto('simulated_faults')
    .values(fault)
    .onConflict((conflict) =>
      conflict
        .columns(['cloud_platform', 'cloud_location', 'kind'])
        .doUpdateSet({ probability, seconds }),
    )
    .execute();
}

/** Ends faults: all, or those that are as given. @returns how many */
export async function clearFaults(
  db: Db,
  of: Partial<Pick<SimulatedFault, 'kind' | 'cloud_platform' | 'cloud_location'>>,
): Promise<number> {
  let faults = db.deleteFrom('simulated_faults');
  for (const [column, value] of Object.entries(of) as [keyof typeof of, string][])
    faults = faults.where(column, '=', value);
  const { numDeletedRows } = await faults.executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}
