import { sql } from 'kysely';
import { openDatabase } from '../../database/connection/connection.ts';
import { readHolder } from '../../database/embedded/data-folder.ts';

/** What a page would run that took a text for markup. */
export const poison = `<img src=x onerror="window.ranPoison=1"><script>window.ranPoison=1</script>`;

/** What is no text of people or of clouds: names in Slipway's own words, and what rows are found by. */
const ofMachines =
  '(^|_)(id|ids|key|kind|status|state|scope|role|way|outcome|channel|chain|lane|hash|token|address|network|operation|platform|location|os|family|generation|version|digest|type|action|source|code|architecture|credential|issuer|subject|object|level|event|rp|handle|tags|launch_index|boot|ram)($|_)|_at$|^url$|name_key|collate';

/**
 * Puts markup that runs into every text of people and clouds in the database of a running server, past all that would
 * refuse it: as what an older version, a cloud or a hand at the database may have left there.
 * @returns the columns that took it, as `table.column`
 */
export async function poisonTexts(dataFolder: string): Promise<string[]> {
  const holder = await readHolder(dataFolder);
  if (holder?.databaseUrl === undefined) throw new Error(`No server runs on ${dataFolder}`);
  const db = openDatabase(holder.databaseUrl, { maxConnections: 1, limited: false });
  const { rows: columns } = await sql<{ table: string; column: string }>`
    SELECT c.table_name AS "table", c.column_name AS "column" FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE' AND c.data_type = 'text'
      AND c.is_generated = 'NEVER' AND c.table_name NOT LIKE 'kysely%' AND c.table_name <> 'operations_log'
      AND c.column_name !~ ${ofMachines} ORDER BY 1, 2`.execute(db);
  const taken: string[] = [];
  for (const { table, column } of columns) {
    const change = sql`UPDATE ${sql.table(table)} SET ${sql.ref(column)} = ${sql.ref(column)} || ${poison}
      WHERE ${sql.ref(column)} IS NOT NULL`;
    // A check or a rule of the database may say no, as it should.
    const done = await change.execute(db).catch(() => undefined);
    if (done !== undefined && Number(done.numAffectedRows ?? 0) > 0)
      taken.push(`${table}.${column}`);
  }
  await db.destroy();
  return taken;
}
