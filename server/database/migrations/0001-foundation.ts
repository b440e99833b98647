import { type Kysely, sql } from 'kysely';
import { catalogueSql } from './0001-catalogue.ts';
import { fleetSql } from './0001-fleet.ts';
import { identitySql } from './0001-identity.ts';
import { recordsSql } from './0001-records.ts';

/** The whole first schema, in the order of its references. Forward only: a backup is the way back. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const text of [identitySql, catalogueSql, fleetSql, recordsSql]) {
    await sql.raw(text).execute(db);
  }
}
