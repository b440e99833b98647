import { resolve } from 'node:path';
import { z } from 'zod';
import { StartError } from '../database/embedded/start-error.ts';
import { wholeNumber } from './kinds.ts';

/** Which backups are made by themselves, already checked. */
export interface BackupEnv {
  /** Undefined where the server makes none. */
  backups: BackupSettings | undefined;
  /** The file with the key that backups are encrypted with, by the server and by commands. */
  backupKeyFile: string | undefined;
}

export interface BackupSettings {
  /** Absolute path of the folder that they go to. */
  folder: string;
  /** How many hours pass from one to the next. */
  everyHours: number;
  /** After so many days they are deleted. */
  keepDays: number;
}

export const BACKUP_USAGE = `  BACKUP_FOLDER        where the server writes backups by itself (default: it makes none)
  BACKUP_EVERY_HOURS   how often, 1 to 720 (default 24)
  BACKUP_KEEP_DAYS     older ones are deleted, 1 to 3650 (default 30)
  BACKUP_KEY_FILE      the key that backups are encrypted with: slipway backups key FILE makes one
                       (default: they are not encrypted)`;

export const backupSettings = {
  BACKUP_FOLDER: z.string().optional(),
  BACKUP_EVERY_HOURS: wholeNumber(1, 720).default(24),
  BACKUP_KEEP_DAYS: wholeNumber(1, 3_650).default(30),
  BACKUP_KEY_FILE: z.string().optional(),
};

/** @throws StartError where the newest backup would be deleted before the next one is there */
export function toBackupEnv(values: z.output<z.ZodObject<typeof backupSettings>>): BackupEnv {
  const { BACKUP_FOLDER: folder, BACKUP_EVERY_HOURS: everyHours } = values;
  const keepDays = values.BACKUP_KEEP_DAYS;
  if (folder !== undefined && everyHours > keepDays * 24)
    throw new StartError(
      `BACKUP_KEEP_DAYS (${keepDays}) is shorter than BACKUP_EVERY_HOURS (${everyHours}): at times there would be no backup.`,
    );
  return {
    backups: folder === undefined ? undefined : { folder: resolve(folder), everyHours, keepDays },
    backupKeyFile: values.BACKUP_KEY_FILE && resolve(values.BACKUP_KEY_FILE),
  };
}
