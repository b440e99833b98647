import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import type { Db } from '#server/database/connection/connection.ts';
import { fetchSight } from '#server/database/queries/records/moved.ts';
import { createSession } from '#server/auth/sessions.ts';
import { buildTestApp } from '#server/testing/app.ts';
import { openEventStream } from '#server/testing/event-stream.ts';
import { createClient, createTenant } from '#server/testing/harness.ts';
import { captureStatements } from '#server/testing/statements.ts';
import { openClient } from './http.ts';
import type { Arrival, Audience } from './live-listeners.ts';
import type { ResultRow } from './results.ts';
import { ended, runNode } from './server.ts';
import { percentile, summarise } from './statistics.ts';

const streams = 500;
/** As many as one user may have. */
const perPerson = 20;
const changes = 20;
const betweenMs = 700;
const barMs = 2_000;
const barKb = 15;

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * 500 pages listen to one process while somebody changes images (docs/architecture.md, "Live"). The process is this
 * one, so that its heap can be cleaned before it is measured; the listeners are another. The floor is the bare
 * statement of the look that serves them all.
 */
export async function measureLive(db: Db, replayer: pg.Client): Promise<ResultRow[]> {
  // Of an account of its own, which no loop moves meanwhile.
  const { environment } = await createTenant(db);
  const tokens = await Promise.all(
    Array.from({ length: streams / perPerson + 1 }, () => signInto(db, environment.accountId)),
  );
  const app = buildTestApp(db, { env: { allowedHosts: ['127.0.0.1'] } });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const client = openClient(address, tokens.pop());
  const audience: Audience = { address, tokens, streams };
  // What the first one needs once, the others share.
  (await openEventStream(address, tokens[0] ?? '')).close();
  const before = usedHeap();
  const child = runNode(['bench/live-listeners.ts', JSON.stringify(audience)]);
  const heard = <T>() =>
    new Promise<T>((resolve) => child.once('message', (it) => resolve(it as T)));
  await heard<string>();
  const heapKb = (usedHeap() - before) / 1024 / streams;
  const sent: number[] = [];
  for (let nth = 0; nth < changes; nth++) {
    sent.push(performance.timeOrigin + performance.now());
    await registerImage(client, environment.environmentId);
    await sleep(betweenMs);
  }
  await sleep(barMs);
  const reported = heard<Arrival[]>();
  child.send('report');
  const rows = toRows(await reported, sent, heapKb, await floorOf(db, replayer));
  await ended(child);
  client.close();
  await app.close();
  return rows;
}

async function signInto(db: Db, accountId: number): Promise<string> {
  const { email } = await createClient(db, 'administrator', { scope: 'account', accountId });
  const users = db.selectFrom('users').where('email', '=', email).select('id');
  return (await createSession(db, (await users.executeTakeFirstOrThrow()).id)).token;
}

/** In bytes, after whatever is of no use has been taken away. */
function usedHeap(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

async function registerImage(client: ReturnType<typeof openClient>, envId: number): Promise<void> {
  const name = `live-${Math.random().toString(36).slice(2)}`;
  const { status, body } = await client.send('POST', `/api/v1beta0/user/${envId}/images/`, {
    name,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: `ami-${name}`,
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  });
  if (status !== 201) throw new Error(`An image was answered ${status}: ${String(body)}`);
}

/** How long the statement of a look takes by itself, in ms. */
async function floorOf(db: Db, replayer: pg.Client): Promise<number[]> {
  const [look] = await captureStatements(() => fetchSight(db), { keep: true });
  const took: number[] = [];
  for (let nth = 0; nth < 30; nth++) {
    const started = performance.now();
    await replayer.query(look?.text ?? '', look?.values);
    took.push(performance.now() - started);
  }
  return took;
}

function toRows(
  arrivals: readonly Arrival[],
  sent: readonly number[],
  heapKb: number,
  floor: readonly number[],
): ResultRow[] {
  const group = `${streams} pages that listen to one process`;
  // One change is one revision: those of others do not come in between.
  const revisions = [...new Set(arrivals.map(({ revision }) => revision))].toSorted(
    (a, b) => a - b,
  );
  const delays = arrivals.map(({ revision, at }) => at - (sent[revisions.indexOf(revision)] ?? 0));
  const p99 = percentile(delays, 0.99);
  const round = (value: number) => Math.round(value * 100) / 100;
  return [
    {
      group,
      name: 'from asking for a change until a page is told, 99th percentile',
      median: summarise(delays).median,
      p95: round(p99),
      unit: 'ms',
      floor: summarise(floor),
      bar: `< ${barMs} ms, every change at every page`,
      holds: p99 < barMs && delays.length === streams * sent.length,
      note: `${delays.length} of ${streams * sent.length} arrived`,
    },
    {
      group,
      name: 'heap of a stream',
      p95: round(heapKb),
      unit: 'kB',
      bar: `<= ${barKb} kB`,
      holds: heapKb <= barKb,
    },
  ];
}
