import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { uuid } from '#contract/fields.ts';
import type { RolloutDetail } from '#contract/rollouts/rollouts.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { perform } from '../perform.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { showProgress } from './progress.ts';
import { findScopeByText, SCOPE_FORMS } from './scope.ts';

type Run = (work: (context: CommandContext) => Promise<Answer>) => Promise<void>;

const acts = {
  pause: ['rolloutPause', 'move nothing more for now; what moves is finished'],
  resume: ['rolloutResume', 'go on with a rollout that was paused or stopped'],
  cancel: ['rolloutCancel', 'move nothing more; what moves is finished'],
} as const;

/** The commands that watch and steer rollouts: docs/operations.md, "Rollouts". */
export function addRolloutCommands(program: Command, run: Run): void {
  const rollouts = program
    .command('rollouts')
    .description('servers that are moved to the image that their roles have now');
  rollouts
    .command('list')
    .description('list those that were started, newest first; at most 100')
    .option('--scope <scope>', SCOPE_FORMS, 'corporate')
    .action(async ({ scope }: { scope: string }) => {
      await run(async (context) => listRollouts(context, await findScopeByText(context.db, scope)));
    });
  rollouts
    .command('get')
    .description('show how far a rollout is')
    .argument('<id>')
    .option('--watch', 'until it has ended, or waits for somebody')
    .action(async (id: string, { watch = false }: { watch?: boolean }) => {
      await run((context) => (watch ? watchRollout(context, id) : showRollout(context, id)));
    });
  for (const [verb, [operation, description]] of Object.entries(acts))
    rollouts
      .command(verb)
      .description(description)
      .argument('<id>')
      .action(async (id: string) => {
        await run((context) => act(context, id, operation));
      });
}

const caller = () => ({ kind: 'system', name: cliActor() }) as const;

async function listRollouts({ db }: CommandContext, at: ScopeRef): Promise<Answer> {
  const { data } = await perform(db, {
    operation: 'rolloutList',
    caller: caller(),
    address: addressOf(at),
    input: { params: {}, query: {}, body: undefined },
  });
  const lines = data.map(
    ({ id, state, counts, target }) =>
      `${id}  ${state.padEnd(9)} ${counts.moved} of ${counts.total} moved  ${target.name}`,
  );
  return { text: lines.join('\n') || 'No rollout was started there.', json: data };
}

async function getRollout({ db }: CommandContext, text: string): Promise<RolloutDetail> {
  const { data } = await perform(db, {
    operation: 'rolloutGet',
    caller: caller(),
    address: { level: 'global' },
    input: { params: { rolloutId: idOf(text) }, query: {}, body: undefined },
  });
  return data;
}

async function showRollout(context: CommandContext, id: string): Promise<Answer> {
  const rollout = await getRollout(context, id);
  return { text: describe(rollout), json: rollout };
}

/** Nothing goes on any more by itself. */
const atRest = new Set(['planned', 'expired', 'done', 'cancelled', 'paused', 'stopped']);
const everyMs = 1_000;

/** Shows on stderr how a rollout goes on, until it does not. It exits with 1 unless all of it is done. */
async function watchRollout(context: CommandContext, id: string): Promise<Answer> {
  const show = showProgress();
  for (;;) {
    const rollout = await getRollout(context, id);
    const { counts, state } = rollout;
    const ended = counts.moved + counts.skipped;
    if (atRest.has(state) && counts.moving + counts.baking === 0)
      return {
        text: describe(rollout),
        json: rollout,
        ...(state !== 'done' && { exitCode: 1 }),
      };
    show(`${ended} of ${counts.total}`, Math.min(ended / Math.max(1, counts.total), 0.99));
    await sleep(everyMs);
  }
}

async function act(
  context: CommandContext,
  id: string,
  operation: (typeof acts)[keyof typeof acts][0],
): Promise<Answer> {
  const { scope, accountId, envId } = await getRollout(context, id);
  const level =
    scope === 'scalr'
      ? ({ level: 'global' } as const)
      : scope === 'account'
        ? ({ level: 'account', accountId: accountId ?? 0 } as const)
        : ({ level: 'user', envId: envId ?? 0 } as const);
  const { data } = await perform(context.db, {
    operation,
    caller: caller(),
    address: level,
    input: { params: { rolloutId: idOf(id) }, query: {}, body: undefined },
  });
  return { text: describe(data), json: data };
}

function idOf(text: string): string {
  const parsed = uuid.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new StartError(`"${text}" is not the id of a rollout; rollouts list has them.`);
}

function describe({
  id,
  state,
  target,
  counts,
  wave,
  now,
  secondsLeft,
  failures,
  cloudWords,
}: RolloutDetail): string {
  return [
    `${id}: ${target.name}`,
    `${state}: ${counts.moved} of ${counts.total} moved, ${counts.moving} moving, ${counts.baking} baking, ${counts.waiting} waiting, ${counts.skipped} skipped`,
    ...(wave && now.length > 0 ? [`wave ${wave.now} of ${wave.of}`] : []),
    ...now.map(({ farm, farmRole, words }) => `  ${farmRole.alias} of ${farm.name}: ${words}`),
    ...(failures > 0 ? [`${failures} did not come up; the last: ${cloudWords ?? ''}`] : []),
    ...(secondsLeft === null ? [] : [`about ${secondsLeft} s left`]),
  ].join('\n');
}
