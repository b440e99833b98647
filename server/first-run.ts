import { claimFirstLink } from './auth/sign-in-links.ts';
import { type Db, openDatabase, poolOf } from './database/connection/connection.ts';
import { takeStartLock } from './database/connection/locks.ts';
import type { Seal } from './database/connection/seal.ts';
import { loadEstate } from './database/estate/load.ts';
import { hasUsers } from './database/queries/people/users.ts';

/** What the first start of a database did. */
export interface FirstRun {
  /** Of the link with which the first administrator is made; undefined with the demo estate, which has one. */
  firstToken: string | undefined;
}

/**
 * Fills a database that nobody has used with the demo estate, or makes the link that lets the first administrator
 * in. Does nothing once there is any user. Of several processes that start at once, one does.
 * @param options.databaseUrl as the owner of the tables
 * @param options.seal of the key for secrets, if there is one
 * @returns what this process did; undefined when it found everything done
 */
export async function firstRun(options: {
  databaseUrl: string;
  empty: boolean;
  seal?: Seal | undefined;
  onProgress: (line: string) => void;
}): Promise<FirstRun | undefined> {
  // On connections without time limits: the others wait for as long as the first one takes.
  const patient = openDatabase(options.databaseUrl, { maxConnections: 2, limited: false });
  poolOf(patient).seal = options.seal;
  try {
    if (await hasUsers(patient)) return undefined;
    return await patient.transaction().execute(async (tx) => {
      await takeStartLock(tx);
      if (await hasUsers(tx)) return undefined;
      if (!options.empty) return fill(patient, options.onProgress);
      const firstToken = await claimFirstLink(tx);
      return firstToken === undefined ? undefined : { firstToken };
    });
  } finally {
    await patient.destroy();
  }
}

async function fill(db: Db, onProgress: (line: string) => void): Promise<FirstRun> {
  onProgress('Loading the demo estate ...');
  await loadEstate(db, { size: 's', now: new Date() });
  return { firstToken: undefined };
}
