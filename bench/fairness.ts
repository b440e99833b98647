import { createSession } from '#server/auth/sessions.ts';
import type { Db } from '#server/database/connection/connection.ts';
import { createClient } from '#server/testing/harness.ts';
import { openClient } from './http.ts';
import { runMixClients } from './mix.ts';
import type { ResultRow } from './results.ts';
import { percentile, summarise } from './statistics.ts';

const writers = 64;
/** As many people write, so that no limit of one person's holds them back. */
const people = 16;
const durationMs = 15_000;
const barMs = 250;

/**
 * One account is quiet: one person reads a list and changes an image, one after the other. Meanwhile 64 clients
 * change what they can in another account (docs/operations.md, "Fairness"). The floor is the same without them.
 */
export async function measureFairness(db: Db, address: string): Promise<ResultRow[]> {
  const [loud, quiet] = await db
    .selectFrom('environments')
    .select((eb) => ['account_id', eb.fn.min('id').as('id')])
    .groupBy('account_id')
    .orderBy('account_id')
    .limit(2)
    .execute();
  if (!loud || !quiet) throw new Error('The estate has no two accounts with environments.');
  const tokens = await Promise.all(
    Array.from({ length: people }, () => signInto(db, loud.account_id)),
  );
  const client = openClient(address, await signInto(db, quiet.account_id));
  const path = `/api/v1beta0/user/${quiet.id}`;
  await requestFor(client, path, 1_000);
  const alone = await requestFor(client, path, durationMs / 3);
  const crowd = runMixClients({
    address,
    tokens,
    environmentIds: Array.from({ length: writers }, () => loud.id),
    durationMs,
  });
  // After its first second all of them are there.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const beside = await requestFor(client, path, durationMs - 2_000);
  await crowd;
  client.close();
  return [toRow(alone, beside)];
}

async function signInto(db: Db, accountId: number): Promise<string> {
  const { email } = await createClient(db, 'administrator', { scope: 'account', accountId });
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', email)
    .select('id')
    .executeTakeFirstOrThrow();
  return (await createSession(db, id)).token;
}

/** @returns how long each request took, in ms */
async function requestFor(
  client: ReturnType<typeof openClient>,
  path: string,
  forMs: number,
): Promise<number[]> {
  const took: number[] = [];
  const timed = async (method: string, at: string, body?: unknown) => {
    const started = performance.now();
    const { status, body: answer } = await client.send(method, path + at, body);
    took.push(performance.now() - started);
    if (status >= 400) throw new Error(`${method} ${at} was answered ${status}: ${String(answer)}`);
    return answer;
  };
  const name = `quiet-${Date.now().toString(36)}`;
  const made = await timed('POST', '/images/', {
    name,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: `ami-${name}`,
    os: 'ubuntu-24-04',
    architecture: 'x86_64',
  });
  const { data: image } = JSON.parse(String(made)) as { data: { id: string } };
  for (const end = performance.now() + forMs; performance.now() < end;) {
    await timed('GET', '/images/?include=usage,actions');
    await timed('PATCH', `/images/${image.id}/`, { description: `Edit ${took.length}.` });
  }
  await timed('DELETE', `/images/${image.id}/`);
  return took;
}

function toRow(alone: readonly number[], beside: readonly number[]): ResultRow {
  const p99 = percentile(beside, 0.99);
  const { p95 } = summarise(beside);
  return {
    group: `A quiet account beside ${writers} clients that write in another`,
    name: 'its lists and changes, 99th percentile',
    median: summarise(beside).median,
    p95: Math.round(p99 * 100) / 100,
    unit: 'ms',
    floor: {
      median: summarise(alone).median,
      p95: Math.round(percentile(alone, 0.99) * 100) / 100,
    },
    bar: `< ${barMs} ms`,
    holds: p99 < barMs,
    note: `${beside.length} requests; 95th percentile ${p95} ms`,
  };
}
