import { createUser } from './auth/users.ts';
import type { Db } from './database/connection.ts';
import { loadEstate } from './database/estate/load.ts';

/** Who can sign in to a database without the demo estate, and do everything there. */
const FIRST_USER = { email: 'corporate-admin@example.com', name: 'Corporate Admin' };

/**
 * Fills a database that nobody has used: with the demo estate, or with nothing but a first
 * administrator. Does nothing once there is any user.
 */
export async function firstRun(
  db: Db,
  options: { empty: boolean; onProgress: (line: string) => void },
): Promise<void> {
  const anyone = await db.selectFrom('users').select('id').limit(1).executeTakeFirst();
  if (anyone) return;
  if (options.empty) {
    const administrator = { role: 'administrator', at: { scope: 'scalr' } } as const;
    await createUser(db, { ...FIRST_USER, ...administrator }, 'system:first-run');
    return;
  }
  options.onProgress('Loading the demo estate ...');
  await loadEstate(db, { size: 's', now: new Date() });
}
