import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { ApiError } from '#contract/errors.ts';
import { type Db, sealOf } from '../database/connection/connection.ts';
import type { Seal } from '../database/connection/seal.ts';
import { type Begin, beginRecords, findBegin } from '../database/records/begins.ts';
import { cutLog } from '../database/records/cut-log.ts';
import { noteBegin } from '../database/records/ensure-begun.ts';
import { appendToHeadsFile } from '../database/records/heads-file.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { readSecretBox } from '../auth/secrets-key.ts';
import type { Env } from '../env.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

export function addRecordCommands(program: Command, run: Run): void {
  program
    .command('records')
    .description('what records are proof of')
    .command('begin')
    .description(
      'sign for everything as it is now: records account for it from here on. For a new key for secrets, or after doctor was right',
    )
    .requiredOption('--reason <text>', 'why; it is kept')
    .action(async ({ reason }: { reason: string }) => {
      await run((context) => beginAnew(context, reason));
    });
}

async function beginAnew(context: CommandContext, reason: string): Promise<Answer> {
  const begin = await signBegin(context, reason);
  return {
    text: `Records begin anew, with ${begin.objects} objects and ${Object.keys(begin.heads).length} chains as they are.`,
    json: { at: begin.at, objects: begin.objects, chains: begin.heads },
  };
}

/**
 * Deletes records from before a moment: docs/operations.md, "Records".
 * @throws StartError for no moment, one to come, or without a key; ApiError where records do not fit what is there
 */
export async function cutOperations(context: CommandContext, text: string): Promise<Answer> {
  const before = parseMoment(text);
  const seal = demandSeal(context);
  const noted = await context.readNotedHeads(await context.readSecrets());
  const outcome = await cutLog(context.db, seal, { before, by: cliActor(), noted });
  if ('problems' in outcome)
    throw new ApiError(
      'Conflict',
      'Nothing was deleted: records do not fit what is there, and nobody could find out any more. See what doctor says first.',
    );
  if (outcome.cuts.length > 0 && outcome.begin)
    await noteBegin(context.headsFile, seal, outcome.begin);
  const entries = outcome.cuts.reduce((sum, cut) => sum + cut.entries, 0);
  return {
    text: `Deleted ${entries} records of ${outcome.cuts.length} chains from before ${before.toISOString()}.`,
    json: {
      before,
      entries,
      chains: outcome.cuts.map(({ chain, revision, entries: of }) => ({
        chain,
        upTo: revision,
        entries: of,
      })),
    },
  };
}

/** @throws StartError */
function parseMoment(text: string): Date {
  const form = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+Z)?$/;
  const moment = new Date(text);
  if (!form.test(text) || Number.isNaN(moment.getTime()))
    throw new StartError(
      `"${text}" is no moment. Give a date such as 2026-01-01, or 2026-01-01T10:00:00Z.`,
    );
  if (moment.getTime() > Date.now()) throw new StartError(`${text} is still to come.`);
  return moment;
}

async function signBegin({ db, headsFile }: CommandContext, reason: string): Promise<Begin> {
  const seal = demandSeal({ db });
  const begin = await beginRecords(db, seal, { by: cliActor(), reason });
  await noteBegin(headsFile, seal, begin);
  return begin;
}

/** @throws StartError without a key */
function demandSeal({ db }: Pick<CommandContext, 'db'>): Seal {
  const seal = sealOf(db);
  if (seal) return seal;
  throw new StartError(
    'There is no key for secrets, so nothing can be signed: set SECRETS_KEY or SECRETS_KEY_FILE.',
  );
}

/** What was loaded past the log is signed for, where records have begun. */
export async function signForLoaded(context: CommandContext): Promise<void> {
  if (sealOf(context.db) && (await hasBegun(context.db)))
    await signBegin(context, 'A demo estate was loaded');
}

const hasBegun = async (db: Db): Promise<boolean> => (await findBegin(db)) !== undefined;

/** Notes that a backup was put in place of what was noted so far. */
export async function noteRestored(env: Env): Promise<void> {
  const box = await readSecretBox(env, env.dataFolder);
  const { headsFile } = env;
  if (!box || headsFile === undefined || !existsSync(headsFile)) return;
  const at = new Date().toISOString();
  await appendToHeadsFile(headsFile, box.sealRecord, { kind: 'restored', at, heads: {} });
}
