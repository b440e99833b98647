import { sql } from 'kysely';
import { openDatabase } from '../database/connection/connection.ts';
import { grantRights } from '../database/rights.ts';

const role = 'slipway_app';

/**
 * Grants the role of the application its rights in a test database.
 * @param ownerUrl of the database
 * @returns a connection string that works there as this role
 */
export async function asApplication(ownerUrl: string): Promise<string> {
  const db = openDatabase(ownerUrl, { maxConnections: 1 });
  const found = await sql`SELECT FROM pg_roles WHERE rolname = ${role}`.execute(db);
  // Several test files may ask at once.
  if (found.rows.length === 0)
    await sql`CREATE ROLE ${sql.id(role)}`.execute(db).catch(() => undefined);
  await db.destroy();
  await grantRights(ownerUrl, role);
  const url = new URL(ownerUrl);
  url.searchParams.set('options', `-c role=${role}`);
  return url.toString();
}
