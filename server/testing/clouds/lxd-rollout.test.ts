import { afterAll, beforeAll, expect, test } from 'vitest';
import { demandCapability } from '../../cloud/port.ts';
import type { CloudServer } from '../../cloud/servers.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { withDatabase } from '../database.ts';
import { insertImage, insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';
import { lxd } from './lxd-setup.ts';
import { noteFigures, readLoad } from './note-figures.ts';

// Slipway whole, with an LXD as its cloud: real servers are launched, moved to another image and back.

const database = withDatabase();
const count = 40;
const patience = { timeout: 150_000, interval: 200 };
let server: ServerProcess;

const startSlipway = async () =>
  startServerProcess(database.url, { environment: { CLOUD: 'lxd', LXD_SOCKET: lxd.socket } });

beforeAll(async () => {
  server = await startSlipway();
});
afterAll(async () => {
  server.child.kill();
  await endOf(server);
});

/** A farm of real servers, as its environment makes and launches it. */
async function launchFarm(t: Tenant) {
  const place = { cloud_platform: 'lxd', cloud_location: 'default' };
  const [a, b] = [
    await insertImage(database.db, t.account, { ...place, cloud_image_id: lxd.imageA }),
    await insertImage(database.db, t.account, { ...place, cloud_image_id: lxd.imageB }),
  ];
  const role = await insertRole(database.db, t.account, [a.id]);
  const at = t.environment;
  const admin = t.environmentAdmin;
  const { data: farm } = await admin.call('farmCreate', at, { body: { name: randomName('farm') } });
  const params = { farmId: farm.id };
  const scaling = { minInstances: count, maxInstances: count };
  await admin.call('farmRoleCreate', at, {
    params,
    body: { alias: 'web', role: role.id, cloudPlatform: 'lxd', cloudLocation: 'default', scaling },
  });
  await admin.call('farmLaunch', at, { params });
  return { a, b, farmId: farm.id, params };
}

/** What LXD itself has of a farm, by what it runs. */
async function inLxd(farmId: number): Promise<Record<string, number>> {
  const servers = demandCapability(lxd.connect(), 'servers');
  const tag = { name: 'slipway-farm', value: String(farmId) };
  const found: CloudServer[] = [];
  for await (const page of servers.list(
    { ...lxd.place, tag },
    { signal: AbortSignal.timeout(60_000) },
  ))
    found.push(...page);
  const images = found.map(({ state, cloudImageId = '' }) =>
    state === 'running' ? cloudImageId : state,
  );
  return Object.fromEntries(
    [...new Set(images)].map((image) => [image, images.filter((each) => each === image).length]),
  );
}

/** What an act takes until it is done, in seconds. */
async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1_000;
}

const mostSeconds = 60;

const toFigure = (what: string, seconds: number) => ({
  name: `${count} servers ${what}`,
  p95: Math.round(seconds * 10) / 10,
  unit: 's',
  bar: `< ${mostSeconds} s`,
  holds: seconds < mostSeconds,
});

test(`${count} real servers move to the new image in a minute, and back in another`, async () => {
  const load = readLoad();
  const t = await createTenant(database.db);
  const { a, b, farmId, params } = await launchFarm(t);
  const running = async () => {
    const query = { farm: farmId, status: 'running' as const, maxResults: 100 };
    return (await t.viewer.call('serverList', t.account, { query })).data.length;
  };
  await expect.poll(running, patience).toBe(count);
  expect(await inLxd(farmId)).toEqual({ [lxd.imageA]: count });

  const at = t.account;
  await t.accountAdmin.call('imageReplace', at, {
    params: { imageId: a.id },
    body: { newImage: b.id },
  });
  const { data: plan } = await t.accountAdmin.call('rolloutPlan', at, {
    body: { farm: farmId, batchSize: '50%', maxUnavailable: '50%' },
  });
  expect(plan.plan?.servers).toHaveLength(count);
  const isDone = async (rolloutId: string) => {
    const { data } = await t.viewer.call('rolloutGet', at, { params: { rolloutId } });
    return data.state;
  };
  const rollout = { rolloutId: plan.id };
  const moved = await timed(async () => {
    const digest = plan.plan?.digest ?? '';
    await t.accountAdmin.call('rolloutStart', at, { params: rollout, digest });
    await expect.poll(() => isDone(plan.id), patience).toBe('done');
  });
  // What was moved ends in the cloud beside what came in its place.
  await expect.poll(() => inLxd(farmId), patience).toEqual({ [lxd.imageB]: count });

  const undone = await timed(async () => {
    const { data: undo } = await t.accountAdmin.call('rolloutUndo', at, { params: rollout });
    await expect.poll(() => isDone(undo.id), patience).toBe('done');
  });
  await expect.poll(() => inLxd(farmId), patience).toEqual({ [lxd.imageA]: count });
  noteFigures('lxd-rollouts', load, [
    toFigure('moved to another image', moved),
    toFigure('moved back', undone),
  ]);
  expect(moved).toBeLessThan(mostSeconds);
  expect(undone).toBeLessThan(mostSeconds);

  await t.environmentAdmin.call('farmTerminate', t.environment, { params });
  await expect.poll(async () => inLxd(farmId), patience).toEqual({});
  expect(await checkInvariants(database.db)).toEqual([]);
});
