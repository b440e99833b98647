import { sql } from 'kysely';
import { openDatabase } from '../database/connection/connection.ts';
import { readHolder } from '../database/embedded/data-folder.ts';

/** Lets it be so many minutes longer ago that everybody signed in to a running server with this data folder. */
export async function ageSessions(dataFolder: string, minutes: number): Promise<void> {
  const holder = await readHolder(dataFolder);
  if (holder?.databaseUrl === undefined) throw new Error(`No server runs on ${dataFolder}`);
  const db = openDatabase(holder.databaseUrl, { maxConnections: 1 });
  await sql`UPDATE sessions SET confirmed_at = confirmed_at - make_interval(mins => ${minutes})`.execute(
    db,
  );
  await db.destroy();
}
