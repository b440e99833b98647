import type { Db } from '#server/database/connection/connection.ts';
import { checkInvariants } from '#server/database/invariants.ts';
import type { Fed, Feed } from './fleet-feeder.ts';
import type { HttpClient } from './http.ts';
import type { ReadRow } from './reads.ts';
import type { ResultRow } from './results.ts';
import { ended, runNode } from './server.ts';
import { percentile, summarise } from './statistics.ts';

const perSecond = 1_000;
const durationMs = 20_000;
const barMs = 250;

/**
 * Servers are launched and end all over an estate, while somebody looks at one list after the other, from every
 * viewpoint. The server's own loops have the simulated cloud carry out what is due meanwhile. The floor is the same
 * lists before it.
 */
export async function measureEvents(
  db: Db,
  databaseUrl: string,
  client: HttpClient,
  reads: readonly ReadRow[],
): Promise<ResultRow[]> {
  const lists = reads.filter(({ body }) => body === undefined);
  const never = () => false;
  await askLists(client, lists, never, durationMs / 4);
  const alone = await askLists(client, lists, never, durationMs / 2);
  const feeding = runFeeder({ databaseUrl, perSecond, durationMs });
  // After its first seconds it has begun.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const beside = await askLists(client, lists, never, durationMs - 3_000);
  const fed = await feeding;
  return toRows(alone, beside, fed, (await checkInvariants(db)).length);
}

/**
 * Looks at one list after the other, for so long or until something is so.
 * @returns how long each list took, in ms
 */
export async function askLists(
  client: HttpClient,
  lists: readonly ReadRow[],
  isOver: () => boolean,
  forMs: number,
): Promise<number[]> {
  const took: number[] = [];
  for (const end = performance.now() + forMs; performance.now() < end && !isOver();) {
    const list = lists[(took.length * 7) % lists.length];
    const started = performance.now();
    const { status } = await client.send('GET', list?.path ?? '');
    took.push(performance.now() - started);
    if (status !== 200) throw new Error(`${list?.path} was answered ${status}.`);
  }
  return took;
}

async function runFeeder(feed: Feed): Promise<Fed> {
  const child = runNode(['bench/fleet-feeder.ts', JSON.stringify(feed)]);
  const fed = new Promise<Fed>((resolve, reject) => {
    child.once('message', (it) => resolve(it as Fed));
    child.once('exit', (code) => reject(new Error(`The feeder ended with ${code}.`)));
  });
  const done = await fed;
  await ended(child);
  return done;
}

function toRows(
  alone: readonly number[],
  beside: readonly number[],
  { events, tookMs, steps }: Fed,
  broken: number,
): ResultRow[] {
  const group = `${perSecond.toLocaleString('en-US')} launches and terminations a second, and lists meanwhile`;
  const rate = Math.round(events / (tookMs / 1_000));
  const lists = summarise(beside);
  return [
    {
      group,
      name: 'launches and terminations absorbed',
      p95: rate,
      unit: 'a second',
      bar: `>= ${perSecond * 0.98} a second`,
      holds: rate >= perSecond * 0.98,
      note: `${steps.length} transactions of 20, 99th percentile ${Math.round(percentile(steps, 0.99))} ms`,
    },
    {
      group,
      name: 'lists, one after the other',
      ...lists,
      unit: 'ms',
      floor: summarise(alone),
      bar: `< ${barMs} ms`,
      holds: lists.p95 < barMs,
      note: `${beside.length} lists`,
    },
    {
      group,
      name: 'rows that break an invariant, after it',
      p95: broken,
      unit: '',
      bar: 'none',
      holds: broken === 0,
    },
  ];
}
