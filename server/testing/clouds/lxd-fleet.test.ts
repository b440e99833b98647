import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { demandCapability } from '../../cloud/port.ts';
import type { CloudServer, ServerLaunch } from '../../cloud/servers.ts';
import { askLxd, lxd } from './lxd-setup.ts';

const servers = demandCapability(lxd.connect(), 'servers');
const inTime = () => ({ signal: AbortSignal.timeout(60_000) });
let fleet = randomUUID();
afterEach(async () => {
  await atOnce(16, await listFleet(), ({ token }) => end(token));
  fleet = randomUUID();
});

const plan = (cloudImageId: string): ServerLaunch => ({
  ...lxd.place,
  token: randomUUID(),
  cloudImageId,
  instanceType: 'default',
  hostname: 'web',
  tags: { fleet },
});
const planMany = (count: number, cloudImageId: string) =>
  Array.from({ length: count }, () => plan(cloudImageId));
const refOf = (token = '') => ({ ...lxd.place, token, cloudServerId: undefined });

/** Does work on many things, some at once. */
async function atOnce<One>(
  limit: number,
  all: readonly One[],
  work: (one: One) => Promise<unknown>,
): Promise<void> {
  const waiting = [...all];
  const go = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: limit }, go));
}

async function listFleet(): Promise<CloudServer[]> {
  const all: CloudServer[] = [];
  const of = { ...lxd.place, tag: { name: 'fleet', value: fleet } };
  for await (const page of servers.list(of, inTime())) all.push(...page);
  return all;
}

const patiently = { timeout: 60_000, interval: 50 };
const stateOf = async (token?: string) => (await servers.get(refOf(token), inTime()))?.state;

async function start(launch: ServerLaunch): Promise<void> {
  await servers.launch(launch, inTime());
  await expect.poll(() => stateOf(launch.token), patiently).toBe('running');
}

async function end(token?: string): Promise<void> {
  await servers.terminate({ ...refOf(token), isForced: true }, inTime());
  await expect.poll(() => stateOf(token), patiently).toBeUndefined();
}

/** What LXD itself says that the fleet runs, container by container. */
async function readBaseImages(): Promise<(string | undefined)[]> {
  const all = z
    .array(z.object({ status: z.string(), config: z.record(z.string(), z.string()) }))
    .parse(await askLxd('GET', '/instances?recursion=1'));
  return all
    .filter(({ config }) => config['user.fleet'] === fleet)
    .map(({ status, config }) => `${status} ${config['volatile.base_image']}`);
}

const countPerToken = (all: CloudServer[]) =>
  Object.values(Object.groupBy(all, ({ token }) => token ?? '')).map((same) => same?.length);

test('40 servers move to another image, eight at once, and back, and none is launched twice', async () => {
  const first = planMany(40, lxd.imageA);
  await atOnce(8, first, start);
  expect(await readBaseImages()).toEqual(first.map(() => `Running ${lxd.imageA}`));
  for (const image of [lxd.imageB, lxd.imageA]) {
    await atOnce(8, await listFleet(), async ({ token }) => {
      await end(token);
      await start(plan(image));
    });
    expect(await readBaseImages()).toEqual(first.map(() => `Running ${image}`));
    const fleet = await listFleet();
    expect(new Set(fleet.map(({ cloudImageId }) => cloudImageId))).toEqual(new Set([image]));
    expect(countPerToken(fleet)).toEqual(first.map(() => 1));
  }
});

test('a process killed amid 20 launches leaves nothing half: repeated, each token has one server', async () => {
  const launches = planMany(20, lxd.imageA);
  const script = fileURLToPath(new URL('lxd-launcher.ts', import.meta.url));
  const child = spawn(process.execPath, [script, lxd.socket, JSON.stringify(launches)], {
    stdio: 'inherit',
  });
  const ended = once(child, 'exit');
  await expect
    .poll(async () => (await listFleet()).length, { timeout: 60_000, interval: 20 })
    .toBeGreaterThan(5);
  child.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect((await listFleet()).length).toBeLessThan(20);
  await atOnce(4, launches, start);
  const all = await listFleet();
  expect(all).toHaveLength(20);
  expect(new Set(all.map(({ token }) => token))).toEqual(
    new Set(launches.map(({ token }) => token)),
  );
  expect(await readBaseImages()).toEqual(launches.map(() => `Running ${lxd.imageA}`));
});

test('what was killed between making and starting is started by whoever looks', async () => {
  const launch = plan(lxd.imageA);
  await servers.launch(launch, inTime());
  const name = (await listFleet())[0]?.cloudServerId;
  await end(launch.token);
  const config = { 'user.slipway.token': launch.token, 'user.fleet': fleet };
  const source = { type: 'image', fingerprint: lxd.imageA };
  await askLxd('POST', '/instances', { name, source, config });
  expect((await listFleet())[0]).toMatchObject({ token: launch.token, state: 'pending' });
  await expect.poll(() => stateOf(launch.token), patiently).toBe('running');
});

test('what was killed between stopping and deleting is deleted by whoever looks', async () => {
  const launch = plan(lxd.imageA);
  await start(launch);
  await servers.suspend(refOf(launch.token), inTime());
  await expect.poll(() => stateOf(launch.token), patiently).toBe('suspended');
  const name = (await listFleet())[0]?.cloudServerId;
  await askLxd('PATCH', `/instances/${name}`, { ephemeral: true });
  await expect.poll(() => stateOf(launch.token), patiently).toBeUndefined();
  expect(await listFleet()).toEqual([]);
});
