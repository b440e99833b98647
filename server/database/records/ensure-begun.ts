import { openDatabase } from '../connection/connection.ts';
import { takeStartLock, takeWriteLock } from '../connection/locks.ts';
import type { Seal } from '../connection/seal.ts';
import { type Begin, findBegin, writeBegin } from './begins.ts';
import { appendToHeadsFile, readHeadsFile } from './heads-file.ts';

/** What a start found of records, where it did not let them begin. */
export type BeginFinding = 'begun' | 'gone';

/**
 * Lets records begin in a database that has no begin of them: one that is new, or from before there was any. Of several
 * processes that start at once, one does.
 * @param ownerUrl as the owner of the tables
 * @returns `gone` where a begin was noted outside of the database: then somebody took it out, and none is made up for it
 */
export async function ensureBegun(
  ownerUrl: string,
  seal: Seal,
  file: string | undefined,
): Promise<BeginFinding> {
  const db = openDatabase(ownerUrl, { maxConnections: 2, limited: false });
  try {
    if (await findBegin(db)) return 'begun';
    if ((await readHeadsFile(file, seal)).begin !== undefined) return 'gone';
    const made = await db.transaction().execute(async (tx) => {
      await takeStartLock(tx);
      await takeWriteLock(tx, { corporate: true });
      if (await findBegin(tx)) return undefined;
      const reason = 'Everything that was there when records began';
      return writeBegin(tx, seal, { by: 'system:start', reason });
    });
    if (made) await noteBegin(file, seal, made);
    return 'begun';
  } finally {
    await db.destroy();
  }
}

/** Notes outside of the database that its records begin there, where such notes are kept. */
export async function noteBegin(file: string | undefined, seal: Seal, begin: Begin): Promise<void> {
  if (file === undefined) return;
  await appendToHeadsFile(file, seal, {
    kind: 'begin',
    at: begin.at.toISOString(),
    heads: begin.heads,
    begin: begin.seal.toString('hex'),
  });
}
