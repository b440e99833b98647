import { type Db, openDatabase } from './database/connection/connection.ts';
import { takeStartLock } from './database/connection/locks.ts';
import { loadEstate } from './database/estate/load.ts';
import { hasUsers } from './database/queries/people/users.ts';
import { performInternally } from './perform.ts';
import { createUser } from './services/people/users.ts';

/** Who can sign in to a database without the demo estate, and do everything there. */
const FIRST_USER = {
  email: 'corporate-admin@example.com',
  name: 'Corporate Admin',
  role: 'administrator',
  at: { scope: 'scalr' },
} as const;

/**
 * Fills a database that nobody has used: with the demo estate, or with nothing but a first
 * administrator. Does nothing once there is any user. Of several processes that start at once, one does.
 * @param options.databaseUrl as the owner of the tables
 * @returns whether this process did
 */
export async function firstRun(options: {
  databaseUrl: string;
  empty: boolean;
  onProgress: (line: string) => void;
}): Promise<boolean> {
  // On connections without time limits: the others wait for as long as the first one takes.
  const patient = openDatabase(options.databaseUrl, { maxConnections: 2, limited: false });
  try {
    if (await hasUsers(patient)) return false;
    return await patient.transaction().execute(async (tx) => {
      await takeStartLock(tx);
      if (await hasUsers(tx)) return false;
      await fill(patient, options);
      return true;
    });
  } finally {
    await patient.destroy();
  }
}

async function fill(
  db: Db,
  { empty, onProgress }: { empty: boolean; onProgress: (line: string) => void },
): Promise<void> {
  if (empty) {
    const caller = { kind: 'system', name: 'system:first-run' } as const;
    const step = { caller, operation: 'userCreate', scope: FIRST_USER.at };
    await performInternally(db, step, (ctx) => createUser(ctx, FIRST_USER));
    return;
  }
  onProgress('Loading the demo estate ...');
  await loadEstate(db, { size: 's', now: new Date() });
}
