import { sql } from 'kysely';
import { withCommandDatabase } from '../cli/database.ts';
import { parseEnv } from '../env.ts';

/**
 * Lets the day of a plan be over, as if somebody had waited.
 * @param dataFolder of the server that holds it
 */
export async function expirePlan(dataFolder: string, replacementId: string): Promise<void> {
  const env = parseEnv(['--data', dataFolder], {});
  if (env === 'help') throw new Error('Nobody asked for help.');
  await withCommandDatabase(env, false, async ({ db }) => {
    await sql`UPDATE replacements SET expires_at = clock_timestamp() - interval '1 second'
      WHERE id = ${replacementId}`.execute(db);
  });
}
