import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { openDatabase } from '../database/connection/connection.ts';
import { checkInvariants, type Violation } from '../database/invariants.ts';
import { makeGate } from './concurrency/gate.ts';
import { findAnomalies, type Observation } from './concurrency/history.ts';
import { objectChanges } from './concurrency/object-changes.ts';
import { observed, readTables, readLog } from './concurrency/observed.ts';
import { setChanges } from './concurrency/set-changes.ts';
import { one, type World } from './concurrency/world.ts';
import { withDatabase } from './database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from './factories.ts';
import { createTenant, type Tenant } from './harness.ts';

// Many clients change the same few images and roles at once, in every way there is, and look at them.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const durationMs = full ? 30_000 : 3_000;
/** On a busy machine it goes on until every kind of change got through once, but no longer than this. */
const longestMs = 120_000;
const clients = 64;
/** The test PostgreSQL has few connections: clients wait for their turn, as at a server. */
const [calls, looks] = [20, 8];

const database = withDatabase();

const changes = { ...objectChanges, ...setChanges };
/** What is done most is what the others get in the way of. */
const often = ['replaceImage', 'attach', 'createImage', 'readImage', 'readRole'] as const;
const mix = [
  ...(Object.keys(changes) as (keyof typeof changes)[]),
  ...often,
  ...often,
  ...(['replaceInRole', 'createRole', 'planApplyAndRollBackInPart', 'readReplacement'] as const),
  ...(['clearAndDelete', 'demoteRole', 'demoteImage', 'applyPlan', 'plan'] as const),
];

async function build(tenants: readonly Tenant[]): Promise<void> {
  const { db } = database;
  for (const t of tenants) {
    for (const at of [t.corporate, t.account, t.environment, t.otherEnvironment]) {
      const images = [await insertImage(db, at), await insertImage(db, at)];
      for (const image of images) {
        const role = await insertRole(db, at, [image.id]);
        await insertRole(db, at);
        const farmAt = at.scope === 'environment' ? at : t.environment;
        const { farmRoleId } = await insertFarm(db, farmAt, role.id);
        await insertServers(db, farmRoleId, image.id, 2);
      }
    }
  }
}

function missing(done: ReadonlyMap<string, number>): string[] {
  return Object.keys(changes).filter((name) => !done.has(name));
}

test('64 clients changing the same objects at once break and crash nothing, as if one went after the other', async () => {
  // On a busy machine many wait long for one row. Without limits only conflicts can fail.
  const patient = openDatabase(database.url, { limited: false, maxConnections: calls });
  const tenants = [await createTenant(patient), await createTenant(patient)];
  await build(tenants);
  expect(await checkInvariants(database.db)).toEqual([]);
  const initial = await readTables(database.db);
  const seen: Observation[] = [];
  const world: World = {
    tenants,
    client: observed((tenants[0] as Tenant).corporateAdmin, seen, makeGate(calls)),
    look: openDatabase(database.url, { maxConnections: looks + 1 }),
    looking: makeGate(looks),
  };
  const done = new Map<string, number>();
  const crashes: unknown[] = [];
  const broken: Violation[] = [];
  const started = performance.now();
  const goesOn = () => {
    const tookMs = performance.now() - started;
    return tookMs < durationMs || (tookMs < longestMs && missing(done).length > 0);
  };
  const work = async () => {
    while (goesOn()) {
      const name = one(mix);
      try {
        await changes[name](world);
        done.set(name, (done.get(name) ?? 0) + 1);
      } catch (error) {
        if (!(error instanceof ApiError) || error.status >= 500)
          crashes.push({ name, error, cause: error instanceof Error && error.cause });
      }
    }
  };
  /** Whatever moment is looked at, the invariants hold. */
  const watch = async () => {
    while (goesOn()) {
      broken.push(...(await checkInvariants(world.look)));
      await sleep(500);
    }
  };
  try {
    await Promise.all([watch(), ...Array.from({ length: clients }, work)]);
  } finally {
    await world.look.destroy();
    await patient.destroy();
  }
  expect(crashes).toEqual([]);
  expect([...broken, ...(await checkInvariants(database.db))]).toEqual([]);
  // Every kind of change got through: they did meet each other.
  expect(missing(done)).toEqual([]);
  expect(findAnomalies(initial, await readLog(database.db), seen).slice(0, 10)).toEqual([]);
});
