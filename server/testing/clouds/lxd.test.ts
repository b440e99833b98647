import { randomUUID, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LxdAddress } from '../../cloud/lxd/connection.ts';
import { createLxdCloud } from '../../cloud/lxd/lxd.ts';
import { demandCapability } from '../../cloud/port.ts';
import type { ServerLaunch } from '../../cloud/servers.ts';
import { askLxd, lxd } from './lxd-setup.ts';

const servers = demandCapability(lxd.connect(), 'servers');
const images = demandCapability(lxd.connect(), 'images');
const inTime = () => ({ signal: AbortSignal.timeout(60_000) });
const patiently = { timeout: 60_000, interval: 50 };
/** Projects of their own, where nothing can be started, or even made. */
const unstartable = { cloudPlatform: 'lxd', cloudLocation: 'unstartable' };
const unmakeable = { cloudPlatform: 'lxd', cloudLocation: 'unmakeable' };

const plan = (more: Partial<ServerLaunch> = {}): ServerLaunch => ({
  ...lxd.place,
  token: randomUUID(),
  cloudImageId: lxd.imageA,
  instanceType: 'default',
  hostname: 'web',
  tags: {},
  ...more,
});
const launched: ServerLaunch[] = [];
async function start(launch: ServerLaunch) {
  launched.push(launch);
  return servers.launch(launch, inTime());
}
const get = ({ cloudPlatform, cloudLocation, token }: ServerLaunch) =>
  servers.get({ cloudPlatform, cloudLocation, token, cloudServerId: undefined }, inTime());

beforeAll(async () => {
  const features = { 'features.images': 'false', 'features.profiles': 'true' };
  for (const { cloudLocation: name } of [unstartable, unmakeable])
    await askLxd('POST', '/projects', { name, config: features });
  const root = { type: 'disk', path: '/', pool: 'pool' };
  const config = { 'raw.lxc': 'lxc.init.cmd = /nowhere' };
  await askLxd('PATCH', '/profiles/default?project=unstartable', { config, devices: { root } });
  const missing = { type: 'disk', path: '/missing', source: '/nowhere/at/all' };
  await askLxd('PATCH', '/profiles/default?project=unmakeable', { devices: { root, missing } });
});
afterAll(async () => {
  for (const { cloudPlatform, cloudLocation, token } of launched) {
    const ref = { cloudPlatform, cloudLocation, token, cloudServerId: undefined };
    await servers.terminate({ ...ref, isForced: true }, inTime());
    const isGone = async () => expect(await servers.get(ref, inTime())).toBeUndefined();
    await vi.waitFor(isGone, patiently);
  }
  for (const { cloudLocation } of [unstartable, unmakeable])
    await askLxd('DELETE', `/projects/${cloudLocation}`);
});

test("a server that cannot be made has failed, with LXD's words", async () => {
  const reason = expect.stringContaining('/nowhere/at/all') as string;
  expect(await start(plan(unmakeable))).toMatchObject({ state: 'failed', reason });
});

describe('a server that cannot start', () => {
  test("has failed, with LXD's words, for as long as it is there", async () => {
    const launch = plan(unstartable);
    await start(launch);
    const reason = expect.stringContaining('forkstart') as string;
    await expect.poll(() => get(launch), patiently).toMatchObject({ state: 'failed', reason });
    expect(await servers.launch(launch, inTime())).toMatchObject({ state: 'failed', reason });
  });

  test('has failed even if nobody was there to hear why', async () => {
    const launch = plan(unstartable);
    const { cloudServerId } = await start(launch);
    await expect.poll(() => get(launch), patiently).toMatchObject({ state: 'failed' });
    const forgotten = () => askLxd('GET', '/operations?project=unstartable');
    await expect.poll(forgotten, patiently).toEqual({});
    // As three processes leave it that were killed while LXD tried.
    const config = { 'user.slipway.failure': '', 'user.slipway.starts': '3' };
    await askLxd('PATCH', `/instances/${cloudServerId}?project=unstartable`, { config });
    await expect
      .poll(() => get(launch), patiently)
      .toMatchObject({
        state: 'failed',
        reason: 'LXD has tried to start it 3 times, and it has never run.',
      });
  });
});

describe('what LXD refuses', () => {
  test.each([
    ['an image that it does not have', { cloudImageId: 'nothing' }, /Image not found: "nothing"/],
    ['a project that it does not have', { cloudLocation: 'nix' }, /Project not found/],
    ['another cloud', { cloudPlatform: 'ec2' }, /LXD has nothing on ec2/],
  ])('%s is said in words, and will not pass', async (_, wrong, words) => {
    const asked = servers.launch(plan(wrong), inTime());
    await expect(asked).rejects.toMatchObject({
      willPass: false,
      message: expect.stringMatching(words) as string,
    });
  });

  test('a server that is suspended cannot be rebooted', async () => {
    const launch = plan();
    await start(launch);
    await expect.poll(() => get(launch), patiently).toMatchObject({ state: 'running' });
    const ref = { ...lxd.place, token: launch.token, cloudServerId: undefined };
    await servers.suspend(ref, inTime());
    await expect.poll(() => get(launch), patiently).toMatchObject({ state: 'suspended' });
    const reboot = { ...ref, isHard: true, rebootToken: randomUUID() };
    await expect(servers.reboot(reboot, inTime())).rejects.toMatchObject({
      willPass: false,
      message: expect.stringContaining('it is suspended') as string,
    });
  });
});

describe('an LXD that cannot be reached', () => {
  const launchAt = (address: LxdAddress) =>
    demandCapability(createLxdCloud(address), 'servers').launch(plan(), inTime());

  test('is asked again later', async () => {
    const socket = join(tmpdir(), `${randomUUID()}.socket`);
    await expect(launchAt({ socket })).rejects.toMatchObject({
      name: 'CloudError',
      willPass: true,
    });
  });

  test('is given up at the deadline', async () => {
    const given = servers.launch(plan(), { signal: AbortSignal.timeout(0) });
    await expect(given).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('over HTTPS', () => {
  const read = (file: string) => readFileSync(join(dirname(lxd.socket), file), 'utf8');
  // Any pair serves as a client's, and LXD has made one.
  const pair = { certificate: read('server.crt'), key: read('server.key') };
  const find = (address: LxdAddress) =>
    demandCapability(createLxdCloud(address), 'images').find(
      { ...lxd.place, cloudImageId: lxd.imageA },
      inTime(),
    );
  let url: string;

  beforeAll(async () => {
    const address = `127.0.0.1:${await freePort()}`;
    await askLxd('PATCH', '', { config: { 'core.https_address': address } });
    url = `https://${address}`;
  });
  afterAll(() => askLxd('PATCH', '', { config: { 'core.https_address': '' } }));

  test('LXD answers whom it trusts, and only then', async () => {
    const address = { url, ...pair, serverCertificate: pair.certificate };
    await expect(find(address)).rejects.toMatchObject({
      willPass: false,
      message: 'LXD does not trust the certificate of Slipway.',
    });
    const certificate = new X509Certificate(pair.certificate).raw.toString('base64');
    await askLxd('POST', '/certificates', { type: 'client', name: 'slipway', certificate });
    expect(await find(address)).toMatchObject({ cloudImageId: lxd.imageA });
  });

  test('an LXD that is not the one we know is told nothing', async () => {
    await expect(find({ url, ...pair })).rejects.toMatchObject({
      willPass: false,
      message: expect.stringMatching(/cannot be reached at https.*self-signed/) as string,
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('It listens on a port.');
  return address.port;
}

test('an image is known by its alias, and a server by the alias that it was launched by', async () => {
  const name = `stable-${randomUUID().slice(0, 8)}`;
  await askLxd('POST', '/images/aliases', { name, target: lxd.imageA });
  const ref = { ...lxd.place, cloudImageId: name };
  expect(await images.find(ref, inTime())).toMatchObject({ ...ref, name: 'tiny 1' });
  const launch = plan({ cloudImageId: name });
  expect(await start(launch)).toMatchObject({ cloudImageId: name });
  // As long as the alias means what it runs: afterwards it runs an old image.
  await askLxd('PUT', `/images/aliases/${name}`, { target: lxd.imageB });
  expect(await get(launch)).toMatchObject({ cloudImageId: lxd.imageA });
  await askLxd('DELETE', `/images/aliases/${name}`);
});
