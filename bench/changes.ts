import { sql } from 'kysely';
import type { Landmarks } from '#server/database/estate/large/landmarks.ts';
import { captureStatements } from '#server/testing/statements.ts';
import { replay } from './replay.ts';
import type { ResultRow } from './results.ts';
import type { Bench } from './sample.ts';
import { summarise } from './statistics.ts';
import { apiBase } from '#contract/operations.ts';
import { levelPath } from '#server/testing/list-requests.ts';

/** One change and what takes it back, so that it can be made again and again. */
interface Change {
  name: string;
  /** Where and with what the change is asked for; `again` is the way back, which costs the same, if it is a change too. */
  steps: { path: string; body: unknown }[];
  /** Takes it back outside of what is measured. */
  takeBack?: () => Promise<unknown>;
  bar?: number;
}

/** Measures changes that are one request each; their floor is the same statements again, from the next state. */
export async function measureChanges(
  bench: Bench,
  landmarks: Landmarks,
  rounds: number,
): Promise<ResultRow[]> {
  const changes = [
    replacement('replace an image in 500 roles', landmarks, landmarks.inFiveHundredRoles),
    replacement('replace an image in 1,000 roles', landmarks, landmarks.inThousandRoles, 1_000),
    promotion(bench, landmarks),
  ];
  const samples = changes.map((change) => ({
    change,
    turn: 0,
    calls: [] as number[],
    floors: [] as number[],
  }));
  for (let round = 0; round <= rounds; round++) {
    for (const sample of samples) {
      const called = await makeCall(bench, sample.change, sample.turn++);
      const floor = await makeFloor(bench, sample.change, sample.turn++);
      if (round === 0) continue;
      sample.calls.push(called);
      sample.floors.push(floor);
    }
  }
  return samples.map(({ change, calls, floors }) => {
    const call = summarise(calls);
    return {
      group: 'Changes',
      name: change.name,
      ...call,
      unit: 'ms',
      floor: summarise(floors),
      ...(change.bar !== undefined && { bar: `< ${change.bar} ms`, holds: call.p95 < change.bar }),
    };
  });
}

async function makeCall({ client }: Bench, change: Change, turn: number): Promise<number> {
  const { path, body } = stepOf(change, turn);
  const started = performance.now();
  const answer = await client.send('POST', path, body);
  const took = performance.now() - started;
  if (answer.status !== 200)
    throw new Error(`${change.name}: ${answer.status} ${String(answer.body)}`);
  await change.takeBack?.();
  return took;
}

/** Lets the change happen in this process but for its commit, then sends its statements and commits those. */
async function makeFloor(bench: Bench, change: Change, turn: number): Promise<number> {
  const { path, body } = stepOf(change, turn);
  const statements = await captureStatements(
    () => bench.inside.send('POST', path.replace(apiBase, ''), body),
    { keep: false },
  );
  const took = await replay(bench.replayer, statements, 'write');
  const started = performance.now();
  await bench.empty.send('GET', '/');
  const empty = performance.now() - started;
  await change.takeBack?.();
  return took + empty;
}

function stepOf({ steps }: Change, turn: number): { path: string; body: unknown } {
  const step = steps[turn % steps.length];
  if (!step) throw new Error('A change has at least one step.');
  return step;
}

/** There and back again: both ways are replacements in as many roles. */
function replacement(
  name: string,
  { bigAccount }: Landmarks,
  image: Landmarks['inThousandRoles'],
  bar?: number,
): Change {
  const step = (from: string, to: string) => ({
    path: `${apiBase}${levelPath(bigAccount)}/images/${from}/actions/replace/`,
    body: { newImage: to, reason: 'A measurement.' },
  });
  return {
    name: `${name} (${image.roles} found)`,
    steps: [step(image.id, image.successor), step(image.successor, image.id)],
    ...(bar !== undefined && { bar }),
  };
}

function promotion({ db }: Bench, { bigEnvironment, promotableRole }: Landmarks): Change {
  const { accountId, environmentId } = bigEnvironment;
  return {
    name: 'promote a role with 12 images',
    steps: [
      {
        path: `${apiBase}${levelPath(bigEnvironment)}/roles/${promotableRole}/actions/promote/`,
        body: { merge: true },
      },
    ],
    // Back to where they were: nobody else can see the role or its images meanwhile.
    takeBack: async () => {
      const back = sql`SET scope = 'environment', account_id = ${accountId}, environment_id = ${environmentId}`;
      await sql`UPDATE roles ${back} WHERE id = ${promotableRole}`.execute(db);
      await sql`UPDATE images ${back} WHERE id IN (
        SELECT image_id FROM role_images WHERE role_id = ${promotableRole}) AND scope = 'account'`.execute(
        db,
      );
    },
  };
}
