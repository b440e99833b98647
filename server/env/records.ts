import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { ContactEnv } from './contact.ts';
import { isWebhookUrl } from './contact.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { wholeNumber } from './kinds.ts';

/** Where it is noted, outside of the database, where its records stand. */
export interface RecordEnv {
  /** A file; undefined where there is none. */
  headsFile: string | undefined;
  /** Who is told of it as well. */
  headsWebhook: ContactEnv['webhook'];
  /** How long records of changes are kept; 0 is for ever. */
  keepRecordsDays: number;
}

export const RECORD_USAGE = `  HEADS_FILE           where to note, outside of the database, where its records stand
                       (default heads.jsonl in the data folder)
  HEADS_WEBHOOK_URL    is told of it as well, by POSTs signed with WEBHOOK_SECRET (default: nobody)
  KEEP_RECORDS_DAYS    how long records of changes are kept, up to 36500 (default 0 = for ever)`;

export const recordSettings = {
  HEADS_FILE: z.string().optional(),
  HEADS_WEBHOOK_URL: z
    .string()
    .refine(isWebhookUrl, 'must be http:// or https://, and a host, without a user or a password')
    .optional(),
  KEEP_RECORDS_DAYS: wholeNumber(0, 36_500).default(0),
};

interface Values extends z.output<z.ZodObject<typeof recordSettings>> {
  DATA: string;
  DATABASE_URL?: string | undefined;
  WEBHOOK_SECRET?: string | undefined;
  WEBHOOK_ALLOW_PRIVATE: boolean;
}

/** @throws StartError naming what is missing */
export function toRecordEnv(values: Values): RecordEnv {
  const own = values.DATABASE_URL === undefined ? join(values.DATA, 'heads.jsonl') : undefined;
  const file = values.HEADS_FILE ?? own;
  return {
    headsFile: file === undefined ? undefined : resolve(file),
    headsWebhook: toWebhook(values),
    keepRecordsDays: values.KEEP_RECORDS_DAYS,
  };
}

function toWebhook(values: Values): ContactEnv['webhook'] {
  const { HEADS_WEBHOOK_URL: url, WEBHOOK_SECRET: secret } = values;
  if (url === undefined) return undefined;
  if (secret === undefined)
    throw new StartError(
      'HEADS_WEBHOOK_URL needs WEBHOOK_SECRET as well: what requests are signed with.',
    );
  return { url, secret, allowsPrivate: values.WEBHOOK_ALLOW_PRIVATE };
}
