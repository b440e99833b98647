import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { type CloudFault, LostCallError, makeFaulty } from './faulty-cloud.ts';
import { type Bench, hasEnded, inTime, refOf, tagOf } from './subject.ts';

const forGood = { name: 'CloudError', willPass: false };

/** What every driver that handles servers guarantees. */
export function describeServers(bench: Bench): void {
  describeLaunches(bench);
  describeStates(bench);
  describeLists(bench);
  describeInterruptions(bench);
  describeAborts(bench);
}

function describeLaunches(bench: Bench): void {
  describe('a launch', () => {
    test('starts one server, however often and at once it is asked for', async () => {
      const launch = bench.planLaunch();
      const answers = await Promise.all(
        Array.from({ length: bench.several }, () => bench.servers().launch(launch, inTime())),
      );
      answers.push(await bench.servers().launch(launch, inTime()));
      expect(new Set(answers.map(({ cloudServerId }) => cloudServerId)).size).toBe(1);
      expect(answers[0]).toMatchObject({ ...bench.place, token: launch.token });
      expect((await bench.listPages(launch.token)).flat()).toHaveLength(1);
    });

    test.skipIf(bench.forgetsEnded)('starts none again when its server has ended', async () => {
      const launch = bench.planLaunch();
      const server = await bench.servers().launch(launch, inTime());
      await bench.servers().terminate({ ...refOf(server), isForced: true }, inTime());
      await bench.waitFor(server, 'gone');
      const { cloudServerId } = server;
      const again = await bench.servers().launch(launch, inTime());
      expect(again).toMatchObject({ cloudServerId, state: 'terminated' });
      const listed = (await bench.listPages(launch.token)).flat();
      expect(listed.filter((one) => !hasEnded(one))).toEqual([]);
    });

    test('of an image that is not there is refused for good, and starts nothing', async () => {
      const launch = bench.planLaunch({ cloudImageId: bench.absentImageId });
      await expect(bench.servers().launch(launch, inTime())).rejects.toMatchObject(forGood);
      const ref = { ...launch, cloudServerId: undefined };
      expect(await bench.servers().get(ref, inTime())).toBeUndefined();
    });

    test('is one of many at once, and each gets its own server', async () => {
      const launches = Array.from({ length: bench.several }, () => bench.planLaunch());
      const made = await Promise.all(
        launches.map((launch) => bench.servers().launch(launch, inTime())),
      );
      expect(made.map(({ token }) => token)).toEqual(launches.map(({ token }) => token));
      expect(new Set(made.map(({ cloudServerId }) => cloudServerId)).size).toBe(bench.several);
      const found = await Promise.all(
        made.map((server) => bench.servers().get(refOf(server), inTime())),
      );
      expect(found.map((server) => server?.cloudServerId)).toEqual(
        made.map(({ cloudServerId }) => cloudServerId),
      );
    });
  });
}

function describeStates(bench: Bench): void {
  describe('a server that runs', () => {
    describeRunning(bench);
  });
  describe('a server that is ended', () => {
    describeEnds(bench);
  });
}

function describeRunning(bench: Bench): void {
  test('does so in the end, with its image and addresses, and is found by its token alone', async () => {
    const server = await bench.startRunning();
    const { cloudImageId } = bench;
    expect(server).toMatchObject({ ...bench.place, cloudImageId, state: 'running' });
    expect([...server.publicIps, ...server.privateIps]).not.toEqual([]);
    const byToken = { ...refOf(server), cloudServerId: undefined };
    expect(await bench.servers().get(byToken, inTime())).toEqual(server);
  });

  test.runIf(bench.can('servers.suspend', 'servers.resume'))(
    'is suspended and resumed on the image it had, and each may be asked for twice',
    async () => {
      const server = await bench.startRunning();
      const { cloudServerId, cloudImageId } = server;
      for (let time = 0; time < 2; time++)
        expect(await bench.servers().suspend(refOf(server), inTime())).toMatchObject({
          cloudServerId,
        });
      await bench.waitFor(server, 'suspended');
      for (let time = 0; time < 2; time++)
        expect(await bench.servers().resume(refOf(server), inTime())).toMatchObject({
          cloudServerId,
        });
      expect(await bench.waitFor(server, 'running')).toMatchObject({ cloudImageId });
    },
  );

  test.runIf(bench.can('servers.reboot'))('is rebooted once for a token', async () => {
    const server = await bench.startRunning();
    const boots = await bench.countBoots?.(server);
    const reboot = { ...refOf(server), isHard: true, rebootToken: randomUUID() };
    for (let time = 0; time < 2; time++) {
      const { cloudServerId } = server;
      const answer = await bench.servers().reboot(reboot, inTime());
      expect(answer).toMatchObject({ cloudServerId });
      await bench.waitFor(server, 'running');
    }
    if (boots !== undefined) expect(await bench.countBoots?.(server)).toBe(boots + 1);
  });
}

function describeEnds(bench: Bench): void {
  test('is gone in time, and then absent to whoever asks', async () => {
    const server = await bench.startRunning();
    await bench.servers().terminate(refOf(server), inTime());
    await bench.servers().terminate(refOf(server), inTime());
    await bench.waitFor(server, 'gone');
    expect(await bench.servers().terminate(refOf(server), inTime())).toBe('absent');
  });

  test('may have not run yet, and be named by its token alone', async () => {
    const server = await bench.start();
    const byToken = { ...refOf(server), cloudServerId: undefined, isForced: true };
    expect(await bench.servers().terminate(byToken, inTime())).not.toBe('absent');
    await bench.waitFor(server, 'gone');
  });

  test('or never was is absent, whatever is asked of it', async () => {
    const ref = { ...bench.place, token: randomUUID(), cloudServerId: undefined };
    const servers = bench.servers();
    expect(await servers.get(ref, inTime())).toBeUndefined();
    expect(await servers.terminate(ref, inTime())).toBe('absent');
    if (bench.can('servers.suspend')) expect(await servers.suspend(ref, inTime())).toBe('absent');
    if (bench.can('servers.resume')) expect(await servers.resume(ref, inTime())).toBe('absent');
    const reboot = { ...ref, isHard: false, rebootToken: randomUUID() };
    if (bench.can('servers.reboot')) expect(await servers.reboot(reboot, inTime())).toBe('absent');
  });
}

function describeLists(bench: Bench): void {
  describe('a list of servers', () => {
    test('has those with the tag, each once, in pages', async () => {
      const run = randomUUID();
      const count = (bench.pageSize ?? 2) + 1;
      const made = await Promise.all(
        Array.from({ length: count }, () => bench.start({ tags: tagOf(run) })),
      );
      await bench.start();
      const pages = await bench.listPages(run);
      const ids = pages.flat().map(({ cloudServerId }) => cloudServerId);
      expect(ids.toSorted()).toEqual(made.map(({ cloudServerId }) => cloudServerId).toSorted());
      if (bench.pageSize !== undefined) {
        expect(pages.length).toBeGreaterThan(1);
        for (const page of pages) expect(page.length).toBeLessThanOrEqual(bench.pageSize);
      }
    });

    test('is empty where nothing has the tag', async () => {
      expect((await bench.listPages(randomUUID())).flat()).toEqual([]);
    });
  });
}

const interruptions: CloudFault[] = ['throttled', 'ended before the deed', 'done but not answered'];

function describeInterruptions(bench: Bench): void {
  describe.each(interruptions)('a call that is %s', (fault) => {
    const behind = () => bench.servers(makeFaulty(bench.connect(), [fault]));
    const error =
      fault === 'throttled' ? { isThrottled: true, willPass: true } : { name: LostCallError.name };

    test('is repeated by another process, and one server is started', async () => {
      const launch = bench.planLaunch();
      await expect(behind().launch(launch, inTime())).rejects.toMatchObject(error);
      const server = await bench.servers().launch(launch, inTime());
      // While it is made, a list may not have it yet.
      await bench.waitFor(server, 'running');
      const listed = (await bench.listPages(launch.token)).flat();
      expect(listed.map(({ cloudServerId }) => cloudServerId)).toEqual([server.cloudServerId]);
    });

    test('is repeated by another process, and the server is gone', async () => {
      const server = await bench.startRunning();
      const wanted = { ...refOf(server), isForced: true };
      await expect(behind().terminate(wanted, inTime())).rejects.toMatchObject(error);
      await bench.servers().terminate(wanted, inTime());
      await bench.waitFor(server, 'gone');
    });

    test.runIf(bench.can('servers.suspend', 'servers.resume'))(
      'is repeated by another process, and the server is suspended, or resumed',
      async () => {
        const server = await bench.startRunning();
        for (const [deed, state] of [
          ['suspend', 'suspended'],
          ['resume', 'running'],
        ] as const) {
          await expect(behind()[deed](refOf(server), inTime())).rejects.toMatchObject(error);
          const again = () => bench.servers()[deed](refOf(server), inTime());
          await again();
          await bench.waitFor(server, state, again);
        }
      },
    );
  });
}

function describeAborts(bench: Bench): void {
  describe('a call that is given up', () => {
    test('before it began does nothing', async () => {
      const launch = bench.planLaunch();
      const given = { signal: AbortSignal.abort() };
      await expect(bench.servers().launch(launch, given)).rejects.toThrow();
      const ref = { ...launch, cloudServerId: undefined };
      expect(await bench.servers().get(ref, inTime())).toBeUndefined();
    });

    test('at any moment can be repeated, and one server is started', async () => {
      const launch = bench.planLaunch();
      for (const ms of [0, 1, 2, 5, 10, 20, 50, 100, 200, 400])
        await bench
          .servers()
          .launch(launch, { signal: AbortSignal.timeout(ms) })
          .catch(() => undefined);
      const server = await bench.servers().launch(launch, inTime());
      // While it is made, a list may not have it yet.
      await bench.waitFor(server, 'running');
      const listed = (await bench.listPages(launch.token)).flat();
      expect(listed.map(({ cloudServerId }) => cloudServerId)).toEqual([server.cloudServerId]);
    });
  });
}
