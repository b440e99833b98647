import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mutant, withDefect } from './mutant.ts';

export const projectFolder = join(import.meta.dirname, '..');

/** What is made from the project, or belongs to this machine. */
const notCopied = /^(node_modules|dist|dist\..*|data|test-results|playwright-report|\.git)$/;

/**
 * Copies the project as it is now, with a link to what is installed: there, defects do no harm.
 * @returns the folder
 */
export async function makeCopy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-mutants-'));
  for (const entry of await readdir(projectFolder))
    if (!notCopied.test(entry))
      await cp(join(projectFolder, entry), join(folder, entry), { recursive: true });
  await symlink(join(projectFolder, 'node_modules'), join(folder, 'node_modules'), 'junction');
  return folder;
}

/** Does some work while a copy has a defect, and takes the defect out again. */
export async function withMutant<T>(
  folder: string,
  mutant: Mutant,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(folder, mutant.file);
  const text = await readFile(file, 'utf8');
  await writeFile(file, withDefect(text, mutant));
  try {
    return await work();
  } finally {
    await writeFile(file, text);
  }
}

export async function removeCopy(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}
