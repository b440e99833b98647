import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Copies what is in a data folder that nothing runs on into another one, with its owners: a database that is
 * copied is there in a tenth of the time that making one takes.
 */
export async function copyFolder(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', `${from}/.`, to]);
}
