import type { Command } from 'commander';
import { z } from 'zod';
import { operations } from '#contract/operations.ts';
import type { Operation } from '#contract/records/operations.ts';
import { addressOf } from '../auth/authorise.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { perform } from '../perform.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { cutOperations } from './records.ts';
import { findScopeByText, SCOPE_FORMS } from './scope.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

interface ListOptions {
  scope: string;
  person?: string;
  kind?: string;
  object?: string;
  operation?: string;
  query?: string;
  from?: string;
  to?: string;
  limit: string;
}

/** The command that shows what was changed: docs/operations.md, "Activity". */
export function addOperationCommands(program: Command, run: Run): void {
  const commands = program
    .command('operations')
    .description('what was changed, by whom, when and why');
  commands
    .command('list')
    .description('list changes at and below a scope, latest first')
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .option('--person <email>', 'who did it; also a loop such as system:image-copies')
    .option('--kind <kind>', 'of an object that it changed: image, role, farm ...')
    .option('--object <object>', 'such as role:17, image:UUID or imageSet:OS/NAME')
    .option('--operation <id>', 'such as imageReplace')
    .option('--query <text>', 'in who, names, reasons; or the id of the request')
    .option('--from <time>', 'from this moment on: 2026-11-27 or 2026-11-27T10:00:00Z')
    .option('--to <time>', 'before that moment')
    .option('--limit <number>', 'at most so many, up to 100', '50')
    .action(async (options: ListOptions) => {
      await run((context) => listOperations(context, options));
    });
  commands
    .command('cut')
    .description('delete records from before a moment, and sign for where they begin now')
    .requiredOption('--before <time>', '2026-01-01 or 2026-01-01T10:00:00Z')
    .action(async ({ before }: { before: string }) => {
      await run((context) => cutOperations(context, before));
    });
}

async function listOperations({ db }: CommandContext, options: ListOptions): Promise<Answer> {
  const { scope, limit, from, to, ...filters } = options;
  const at = await findScopeByText(db, scope);
  const query = operations.operationList.query.safeParse({
    ...filters,
    maxResults: limit,
    cursor: 'start',
    ...(from !== undefined && { from: momentOf(from) }),
    ...(to !== undefined && { to: momentOf(to) }),
  });
  if (!query.success) throw new StartError(z.prettifyError(query.error));
  const { data } = await perform(db, {
    operation: 'operationList',
    caller: { kind: 'system', name: cliActor() },
    address: addressOf(at),
    input: { params: {}, query: query.data, body: undefined },
  });
  return { text: data.map(toLine).join('\n') || 'Nothing was changed there.', json: data };
}

/** A day stands for its beginning in UTC. */
function momentOf(text: string): string {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date.toISOString();
  throw new StartError(
    `"${text}" is no time. Write a day such as 2026-11-27, or 2026-11-27T10:00:00Z.`,
  );
}

function toLine({ at, actor, words, objects, counts, reason }: Operation): string {
  const more = counts.objects - objects.length;
  const named = objects.map(({ kind, id, name }) => name ?? `${kind} ${id}`).join(', ');
  return [
    `${at.slice(0, 19).replace('T', ' ')}  ${actor.email} ${words}`,
    ...(named === '' ? [] : [`: ${named}`]),
    ...(more > 0 ? [` and ${more} more`] : []),
    ...(reason === null ? [] : [` (${reason})`]),
  ].join('');
}
