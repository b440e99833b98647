import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { operations } from '#contract/operations.ts';
import { createSession } from '../auth/sessions.ts';
import { openDatabase } from '../database/connection/connection.ts';
import { checkInvariants } from '../database/invariants.ts';
import { testSecretsKey } from './test-key.ts';
import { makeGate } from './concurrency/gate.ts';
import { objectChanges } from './concurrency/object-changes.ts';
import { readTables, readLog } from './concurrency/observed.ts';
import { Registers, stateOf } from './concurrency/registers.ts';
import { setChanges } from './concurrency/set-changes.ts';
import { one, type World } from './concurrency/world.ts';
import { withDatabase } from './database.ts';
import { insertImage, insertRole } from './factories.ts';
import { type Client, createTenant, randomName, type Tenant } from './harness.ts';
import { endOf, type ServerProcess, startServerProcess } from './server-process.ts';

// A server is killed while it carries out plans, roll-backs, promotions, demotions and merges. Whatever each had got
// to, it left all of it, with its entry in the log, or nothing.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const kills = full ? 20 : 3;
const clients = 8;
const environment = { SECRETS_KEY: testSecretsKey.toString('base64'), RATE_LIMIT_PER_MINUTE: '0' };

const database = withDatabase();

const acts = [
  objectChanges.createImage,
  objectChanges.rollBack,
  objectChanges.promoteImage,
  objectChanges.promoteRole,
  objectChanges.demoteImage,
  objectChanges.demoteRole,
  setChanges.plan,
  setChanges.applyPlan,
  setChanges.planApplyAndRollBackInPart,
  setChanges.rollBackOneRole,
  setChanges.replaceSet,
  setChanges.promoteSet,
  setChanges.demoteSet,
  setChanges.addSetToRole,
];

/** A client of a server. @param onAnswer is told of each answer */
function clientOf({ address }: ServerProcess, cookie: string, onAnswer: () => void): Client {
  const headers = { cookie, origin: address, 'content-type': 'application/json' };
  return {
    email: '',
    call: async (operation, at, { params = {}, body } = {}) => {
      const { method, path } = operations[operation];
      const level = { scalr: 'global', account: 'account', environment: 'user' }[at.scope];
      const id =
        at.scope === 'environment' ? at.environmentId : at.scope === 'account' && at.accountId;
      const values: Record<string, unknown> = params;
      const below = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
      const url = `${address}/api/v1beta0/${level}${id ? `/${id}` : ''}${below}`;
      const sent = method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) };
      const answer = await fetch(url, { method, headers, ...sent });
      const text = await answer.text();
      onAnswer();
      if (answer.status >= 500) throw new Error(`${operation}: ${answer.status} ${text}`);
      if (!answer.ok) throw new Refused(text);
      return JSON.parse(text) as never;
    },
  };
}

class Refused extends Error {}

/** Versions in two places, at every scope, some of the same cloud images; and roles that hold them. */
async function build(t: Tenant): Promise<void> {
  const { db } = database;
  const cloudImageIds = [randomName('ami'), randomName('ami')];
  for (const at of [t.corporate, t.account, t.environment, t.otherEnvironment])
    for (const version of [1, 2]) {
      const ids: string[] = [];
      for (const [index, cloud_location] of ['us-east-1', 'eu-west-1'].entries()) {
        const same = version === 1 && at.scope === 'environment' && cloudImageIds[index];
        const cloud_image_id = same || randomName('ami');
        const values = { name: `web-${version}`, cloud_location, cloud_image_id };
        ids.push((await insertImage(db, at, values)).id);
      }
      await insertRole(db, at, ids);
      await insertRole(db, at, ids.slice(0, 1));
    }
}

/** Lets clients work until a server has answered so often, and kills it while it has more to do. */
async function killAtWork(server: ServerProcess, cookie: string, world: World, answers: number) {
  let left = answers;
  let cutOff = 0;
  const failures: string[] = [];
  const isDead = () => server.child.killed;
  const client = clientOf(server, cookie, () => {
    left -= 1;
    if (left <= 0 && !isDead()) server.child.kill('SIGKILL');
  });
  const work = async () => {
    while (!isDead())
      try {
        await one(acts)({ ...world, client });
      } catch (error) {
        if (isDead()) cutOff += 1;
        else if (!(error instanceof Refused)) failures.push(String(error));
      }
  };
  await Promise.all(Array.from({ length: clients }, work));
  await endOf(server);
  return { cutOff, failures };
}

/** Waits until PostgreSQL has noticed, and has taken back what was not finished. */
const untilSettled = () =>
  expect
    .poll(
      async () => {
        const { rows } = await sql`
          SELECT pid FROM pg_stat_activity WHERE datname = current_database()
            AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`.execute(database.db);
        return rows.length;
      },
      { timeout: 60_000 },
    )
    .toBe(0);

/** Images, roles with their images, and replacements, as the tables have them. */
async function readAll() {
  const replacements = await database.db.selectFrom('replacements').selectAll().execute();
  const undone = new Set(replacements.flatMap((row) => (row.completes ? row.rolls_back_id : [])));
  return new Map([
    ...(await readTables(database.db)),
    ...replacements.map((row) => {
      const place = { accountId: row.account_id, envId: row.environment_id };
      // Follows from the rest, and is not stored.
      const state = undone.has(row.id) ? 'rolledBack' : row.state;
      return [
        `replacement:${row.id}`,
        stateOf('replacement', { ...row, ...place, state }),
      ] as const;
    }),
  ]);
}

test(`a server that is killed at work ${kills} times leaves all of each change, or nothing`, async () => {
  const tenants = [await createTenant(database.db), await createTenant(database.db)];
  for (const tenant of tenants) await build(tenant);
  const initial = await readTables(database.db);
  const look = openDatabase(database.url, { maxConnections: clients });
  const email = tenants[0]?.corporateAdmin.email ?? '';
  const user = database.db.selectFrom('users').where('email', '=', email).select('id');
  const { id } = await user.executeTakeFirstOrThrow();
  const cookie = `slipway=${(await createSession(database.db, id)).token}`;
  const client = tenants[0]?.corporateAdmin as Client;
  const world: World = { tenants, client, look, looking: makeGate(clients) };
  for (let kill = 1; kill <= kills; kill++) {
    const server = await startServerProcess(database.url, { environment });
    const answers = 20 + Math.floor(Math.random() * 100);
    const { cutOff, failures } = await killAtWork(server, cookie, world, answers);
    expect(failures).toEqual([]);
    // Others were at work.
    expect(cutOff).toBeGreaterThan(0);
    await untilSettled();
    const registers = new Registers(initial);
    const rows = await readLog(database.db);
    for (const row of rows) registers.write(row.changes);
    const tables = await readAll();
    expect(registers.now(), `kill ${kill} after ${answers} answers`).toEqual(tables);
    expect(await checkInvariants(database.db)).toEqual([]);
  }
  await look.destroy();
});
