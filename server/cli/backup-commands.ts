import { resolve } from 'node:path';
import type { Command } from 'commander';
import { makeBackupKey } from '../database/backup/key.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';
import { backUp, openBackupKey, restore } from './backup.ts';
import { keepOne, printBackups } from './backups.ts';
import type { CommandContext } from './database.ts';
import { drill } from './drill.ts';
import type { Answer } from './output.ts';

interface Means {
  /** Works on the database of the settings. */
  run: (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;
  /** Works without one. */
  answer: (work: (env: Env) => Promise<Answer>) => Promise<void>;
  readEnv: () => Env;
}

interface Options {
  dir?: string;
  days?: string;
  keyFile?: string;
}

const keyOption = ['--key-file <file>', 'the key for backups (BACKUP_KEY_FILE)'] as const;
const dirOption = ['--dir <dir>', 'the folder (BACKUP_FOLDER)'] as const;

/** The commands for backups: docs/operations.md, "Backup and restore". */
export function addBackupCommands(program: Command, means: Means): void {
  const { run, answer, readEnv } = means;
  program
    .command('backup')
    .description('write everything to a file, also while the server runs')
    .argument('<file>')
    .option(...keyOption)
    .action(async (file: string, options: Options) => {
      await run(async (context) => backUp(context, fileOf(file), await keyOf(options, readEnv())));
    });
  program
    .command('restore')
    .description('put a backup in place of the embedded database, while no server runs on it')
    .argument('<file>')
    .option(...keyOption)
    .action(async (file: string, options: Options) => {
      await answer(async (env) => restore(env, fileOf(file), await keyOf(options, env)));
    });
  addShelfCommands(program, means);
}

function addShelfCommands(program: Command, { run, answer, readEnv }: Means): void {
  const backups = program.command('backups').description('a folder of backups, and their key');
  backups
    .command('keep')
    .description('add a backup to a folder, and delete those that are too old')
    .option(...dirOption)
    .option('--days <days>', 'how long they are kept (BACKUP_KEEP_DAYS, default 30)')
    .option(...keyOption)
    .action(async (options: Options) => {
      const env = readEnv();
      const [folder, days] = [folderOf(options, env), daysOf(options, env)];
      const key = await keyOf(options, env);
      await run((context) => keepOne(context, { folder, days, key }));
    });
  backups
    .command('list')
    .description('the backups in a folder, the newest first')
    .option(...dirOption)
    .action(async (options: Options) => {
      await answer((env) => printBackups(folderOf(options, env)));
    });
  backups
    .command('drill')
    .description('restore the newest into a database of its own, examine it, and take that away')
    .option(...dirOption)
    .option(...keyOption)
    .action(async (options: Options) => {
      await answer(async (env) => drill(env, folderOf(options, env), await keyOf(options, env)));
    });
  backups
    .command('key')
    .description('make a key that backups are encrypted with')
    .argument('<file>')
    .action(async (file: string) => {
      await answer(() => makeKey(fileOf(file)));
    });
}

function keyOf({ keyFile }: Options, { backupKeyFile }: Env) {
  return openBackupKey(keyFile === undefined ? backupKeyFile : fileOf(keyFile));
}

function folderOf({ dir }: Options, { backups }: Env): string {
  const folder = dir === undefined ? backups?.folder : fileOf(dir);
  if (folder === undefined)
    throw new StartError('Name the folder of backups with --dir or BACKUP_FOLDER.');
  return folder;
}

function daysOf({ days }: Options, { backups }: Env): number {
  if (days === undefined) return backups?.keepDays ?? 30;
  if (!/^[1-9]\d{0,3}$/.test(days) || Number(days) > 3_650)
    throw new StartError(`--days must be a whole number from 1 to 3650, not "${days}".`);
  return Number(days);
}

async function makeKey(file: string): Promise<Answer> {
  const recipient = await makeBackupKey(file);
  return {
    text:
      `Wrote a key for backups to ${file}. Without it no backup that is encrypted with it can be read: ` +
      `keep a copy where the backups are not.\nIts public half, which is enough to write backups: ${recipient}`,
    json: { file, recipient },
  };
}

/** Relative to where the command was typed: npm starts it in the folder of the project. */
function fileOf(path: string): string {
  return resolve(process.env.INIT_CWD ?? '.', path);
}
