import { type Kysely, sql } from 'kysely';
import { catalogueSql } from './foundation/catalogue.ts';
import { fleetSql } from './foundation/fleet.ts';
import { identitySql } from './foundation/identity.ts';
import { recordsSql } from './foundation/records.ts';

/** The whole first schema, in the order of its references. Forward only: a backup is the way back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [identitySql, catalogueSql, fleetSql, recordsSql]) {
    await sql.raw(text).execute(db);
  }
}
