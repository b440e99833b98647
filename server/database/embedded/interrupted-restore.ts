import { existsSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stopLeftover } from './postgres-process.ts';

/** Where a restore builds the new database, beside the one that is there. */
export function restoringFolder(dataFolder: string): string {
  return join(dataFolder, 'restoring');
}

/** Says that the new database is whole: from now on it is put in place, whatever interrupts that. */
export async function markComplete(dataFolder: string): Promise<void> {
  await writeFile(completeMark(dataFolder), '', { flush: true });
}

/**
 * Settles a restore that was interrupted: one whose new database was whole is finished, of any other
 * nothing is kept. The caller holds the data folder.
 * @param tell told what was done, if anything was
 */
export async function settleInterruptedRestore(
  dataFolder: string,
  tell: (line: string) => void,
): Promise<void> {
  const aside = restoringFolder(dataFolder);
  if (!existsSync(aside)) return;
  const [made, cluster] = [join(aside, 'postgres'), join(dataFolder, 'postgres')];
  await stopLeftover(made);
  const finish = existsSync(completeMark(dataFolder)) && !existsSync(cluster);
  if (finish) await rename(made, cluster);
  await rm(aside, { recursive: true, force: true, maxRetries: 5 });
  tell(
    finish
      ? 'A restore was interrupted when its database was whole: it has been put in place.'
      : 'A restore was interrupted: what it had made is gone, and the database is as it was.',
  );
}

function completeMark(dataFolder: string): string {
  return join(restoringFolder(dataFolder), 'complete');
}
