import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSession } from '../../auth/sessions.ts';
import { withClient } from '../../database/connection/client.ts';
import { openDatabase } from '../../database/connection/connection.ts';
import { testSecretsKey } from '../test-key.ts';
import { findDebianPostgres } from '../debian-postgres.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { Formation, type Node } from './formation.ts';

// npm run try:failover: two processes of Slipway on two servers of PostgreSQL, of which one is lost under load.

const writers = 8;
const warmUpMs = 2_000;
const afterwardsMs = 3_000;
const longestGapMs = 30_000;
let formation: Formation;
let servers: ServerProcess[] = [];
let tenant: Tenant;
let headers: Record<string, string>;

beforeAll(async () => {
  formation = await Formation.start(findDebianPostgres() ?? '');
  const [, second] = formation.nodes;
  const environment = {
    SECRETS_KEY: testSecretsKey.toString('base64'),
    DATABASE_READ_URL: second.url,
    DATABASE_POOLED: 'false',
  };
  servers = await Promise.all([1, 2].map(() => startServerProcess(formation.url, { environment })));
  const db = openDatabase(formation.url);
  tenant = await createTenant(db);
  const user = await db
    .selectFrom('users')
    .where('email', '=', tenant.accountAdmin.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const { token } = await createSession(db, user.id);
  headers = { cookie: `slipway=${token}`, 'content-type': 'application/json' };
  await db.destroy();
}, 240_000);

afterAll(async () => {
  for (const { child } of servers) child.kill('SIGTERM');
  await Promise.all(servers.map(endOf));
  await formation?.stop();
});

interface Sent {
  name: string;
  status: number;
  begunAt: number;
  endedAt: number;
}

/** Creates environments and reads them at both processes, one after the other, until it is told to stop. */
async function load(
  during: (sent: readonly Sent[]) => Promise<void>,
): Promise<{ sent: Sent[]; reads: number[] }> {
  const sent: Sent[] = [];
  const reads: number[] = [];
  let goesOn = true;
  const path = `/api/v1beta0/account/${tenant.account.accountId}/environments/`;
  const write = async (at: number) => {
    for (let n = at; goesOn; n++) {
      const { address } = servers[n % servers.length] as ServerProcess;
      const name = randomName('environment');
      const begunAt = performance.now();
      const own = { ...headers, origin: address };
      const body = JSON.stringify({ name });
      const { status } = await fetch(address + path, { method: 'POST', headers: own, body });
      sent.push({ name, status, begunAt, endedAt: performance.now() });
      reads.push((await fetch(address + path, { headers: own })).status);
      if (status !== 201) await sleep(100);
    }
  };
  const writing = Array.from({ length: writers }, (_, at) => write(at));
  await during(sent);
  goesOn = false;
  await Promise.all(writing);
  return { sent, reads };
}

/** Whether everything that was acknowledged is where changes are made now. */
async function lostOf(sent: Sent[]): Promise<string[]> {
  const { rows } = await withClient(formation.url, (client) =>
    client.query<{ name: string }>('SELECT name FROM environments'),
  );
  const there = new Set(rows.map(({ name }) => name));
  return sent
    .filter(({ name, status }) => status === 201 && !there.has(name))
    .map(({ name }) => name);
}

const rounds: [what: string, lose: (node: Node) => Promise<void>, mend: (node: Node) => void][] = [
  [
    'a machine that is lost',
    async (node) => formation.signal(node, 'SIGKILL'),
    (node) => formation.revive(node),
  ],
  [
    'a machine that hangs, and comes back thinking that it is the one',
    async (node) => formation.signal(node, 'SIGSTOP'),
    (node) => formation.signal(node, 'SIGCONT'),
  ],
  ['a planned change', () => formation.switchOver(), () => undefined],
];

test.each(rounds)(
  '%s: nothing acknowledged is lost, and writing goes on by itself',
  async (what, lose, mend) => {
    await formation.untilHealthy();
    const before = await formation.primary();
    let lostAt = 0;
    const { sent, reads } = await load(async (soFar) => {
      await sleep(warmUpMs);
      lostAt = performance.now();
      await lose(before);
      const giveUpAt = lostAt + 2 * longestGapMs;
      while (performance.now() < giveUpAt && firstAfter(soFar, lostAt) === undefined)
        await sleep(50);
      mend(before);
      await sleep(afterwardsMs);
    });
    await formation.untilHealthy();
    const gapMs = (firstAfter(sent, lostAt) ?? Infinity) - lostAt;
    const acknowledged = sent.filter(({ status }) => status === 201);
    const lost = await lostOf(sent);
    const refused = Object.entries(
      Object.groupBy([...sent.map(({ status }) => status), ...reads], String),
    );
    process.stdout.write(
      `${what}: writing again after ${(gapMs / 1_000).toFixed(1)} s; ${acknowledged.length} acknowledged, ${lost.length} lost; ` +
        `answers ${refused.map(([status, list]) => `${list?.length} x ${status}`).join(', ')}\n`,
    );
    expect(lost).toEqual([]);
    expect(gapMs).toBeLessThan(longestGapMs);
    expect(acknowledged.length).toBeGreaterThan(20);
    expect(new Set([...sent.map(({ status }) => status), ...reads, 503])).toEqual(
      new Set([200, 201, 503]),
    );
    expect(what === 'a planned change' || (await formation.primary()).name !== before.name).toBe(
      true,
    );

    function firstAfter(all: readonly Sent[], time: number): number | undefined {
      return all.find(({ status, begunAt }) => status === 201 && begunAt > time)?.endedAt;
    }
  },
);
