import { gunzipSync } from 'node:zlib';
import { apiBase } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { HeldVersions } from '#server/database/estate/large/versions.ts';
import { levelPath } from '#server/testing/list-requests.ts';
import { captureStatements } from '#server/testing/statements.ts';
import { replay } from './replay.ts';
import type { ResultRow } from './results.ts';
import type { Bench } from './sample.ts';
import { summarise } from './statistics.ts';

/** Each round writes 48,000 rows of history, so there are few. */
const mostRounds = 10;
const barMs = 1_000;

/** One step of a replacement: a request, and what its answer tells the next. */
interface Step {
  name: string;
  /** Below `replacements/`. */
  path: (plan: string) => string;
  body: (versions: HeldVersions) => unknown;
}

const steps: Step[] = [
  {
    name: 'plan',
    path: () => '',
    body: ({ older, newer }) => ({
      oldImageSet: { id: older },
      newImageSet: { id: newer },
      scope: ['account', 'environment'],
      deprecateOldImage: true,
    }),
  },
  { name: 'apply', path: (plan) => `${plan}/actions/apply/`, body: () => ({}) },
  { name: 'roll back', path: (plan) => `${plan}/actions/roll-back/`, body: () => ({}) },
];

/**
 * Measures how a version is planned, replaced and rolled back in all its places, again and again: after each
 * round everything is as it was. The floor is the same statements again, from the same state.
 */
export async function measurePlans(
  bench: Bench,
  at: ScopeRef,
  versions: HeldVersions,
  rounds: number,
): Promise<ResultRow[]> {
  const samples = steps.map((step) => ({ step, calls: [] as number[], floors: [] as number[] }));
  const base = `${levelPath(at)}/replacements/`;
  for (let round = 0; round <= Math.min(rounds, mostRounds); round++) {
    const plans = { call: '', floor: '' };
    for (const { step, calls } of samples) {
      const done = await makeCall(bench, base + step.path(plans.call), step.body(versions));
      plans.call ||= done.id;
      if (round > 0) calls.push(done.tookMs);
    }
    for (const { step, floors } of samples) {
      const done = await makeFloor(bench, base + step.path(plans.floor), step.body(versions));
      plans.floor ||= done.id;
      if (round > 0) floors.push(done.tookMs);
    }
    process.stderr.write(`\rround ${round} of plans `);
  }
  process.stderr.write('\n');
  return samples.map(({ step, calls, floors }) => {
    const call = summarise(calls);
    return {
      group: 'A version of 12 places in 1,000 roles with 20,000 servers',
      name: step.name,
      ...call,
      unit: 'ms',
      floor: summarise(floors),
      bar: `< ${barMs} ms`,
      holds: call.p95 < barMs,
    };
  });
}

interface Answer {
  data: { id: string } | unknown[];
}

async function makeCall({ client }: Bench, path: string, body: unknown) {
  const started = performance.now();
  const answer = await client.send('POST', apiBase + path, body);
  const tookMs = performance.now() - started;
  const text = isZipped(answer.body) ? gunzipSync(answer.body).toString() : String(answer.body);
  if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${text}`);
  return { tookMs, id: idOf(JSON.parse(text) as Answer) };
}

/** Lets the step happen in this process but for its commit, then sends its statements and commits those. */
async function makeFloor(bench: Bench, path: string, body: unknown) {
  const statements = await captureStatements(() => bench.inside.send('POST', path, body), {
    keep: false,
  });
  const took = await replay(bench.replayer, statements, 'write');
  const started = performance.now();
  await bench.empty.send('GET', '/');
  const tookMs = took + performance.now() - started;
  // What is not committed is answered by an error; what was sent again is the newest.
  const { id } = await bench.db
    .selectFrom('replacements')
    .select('id')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  return { tookMs, id };
}

function idOf({ data }: Answer): string {
  return 'id' in data ? data.id : '';
}

function isZipped(body: Buffer): boolean {
  return body[0] === 0x1f && body[1] === 0x8b;
}
