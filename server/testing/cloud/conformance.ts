import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { describeGroups } from './group-conformance.ts';
import { describeImages } from './image-conformance.ts';
import { describeInventory } from './inventory-conformance.ts';
import { describePointers } from './pointer-conformance.ts';
import { describeServers } from './server-conformance.ts';
import {
  type Bench,
  type CloudDeed,
  type ConformanceSubject,
  inTime,
  makeBench,
} from './subject.ts';

/**
 * Declares the tests that every driver of the cloud port passes, on the real cloud that it speaks to: tokens,
 * what is absent, states over time, pages, parallel calls, throttling, lost answers, and callers that end
 * before or after the deed. They start about fifty servers, and terminate what they started.
 *
 *     describeCloudConformance('simulated', { connect: () => createSimulatedCloud(...), ... });
 *
 * @param subject the driver, its image ids, place and time limits, and what it declares that it cannot do; what
 * is only known once hooks have run (a database, a daemon) is read when `connect` is called
 */
export function describeCloudConformance(name: string, subject: ConformanceSubject): void {
  const bench = makeBench(subject);
  describe(`the cloud port, as ${name} has it`, () => {
    afterAll(() => bench.cleanUp());
    describeServers(bench);
    describeImages(bench);
    if (bench.can('inventory.scan')) describeInventory(bench);
    if (bench.can('pointers.put')) describePointers(bench);
    if (bench.can('groups.refresh')) describeGroups(bench);
    if (bench.cannot.length > 0)
      test.each(bench.cannot)('%s is refused for good, and says so', async (deed) => {
        await expect(refusedDeeds(bench)[deed]()).rejects.toMatchObject({
          name: 'CloudError',
          willPass: false,
        });
      });
  });
}

/** Each deed on something that is not there: what cannot be done must not even look. */
function refusedDeeds(bench: Bench): Record<CloudDeed, () => Promise<unknown>> {
  const token = randomUUID();
  const server = { ...bench.place, token, cloudServerId: undefined };
  const image = { ...bench.place, cloudImageId: bench.cloudImageId };
  const { cloudLocation } = bench.place;
  const group = { ...bench.place, groupId: 'no-such-group' };
  const refresh = { ...group, refreshId: token };
  const aim = { ...group, ...image, token, templateId: 'no-such-template', pointerName: undefined };
  const servers = async () => bench.servers();
  const images = async () => bench.images();
  return {
    'servers.launch': async () => (await servers()).launch(bench.planLaunch(), inTime()),
    'servers.list': async () => bench.listPages(token),
    'servers.get': async () => (await servers()).get(server, inTime()),
    'servers.terminate': async () => (await servers()).terminate(server, inTime()),
    'servers.suspend': async () => (await servers()).suspend(server, inTime()),
    'servers.resume': async () => (await servers()).resume(server, inTime()),
    'servers.reboot': async () =>
      (await servers()).reboot({ ...server, isHard: false, rebootToken: token }, inTime()),
    'inventory.locations': async () => bench.inventory().locations(inTime()),
    'inventory.scan': async () => {
      for await (const page of bench.inventory().scan(bench.place, inTime()))
        expect(page).toEqual([]);
    },
    'groups.refresh': async () =>
      bench.groups().refresh({ ...aim, minHealthyPercentage: 80, warmUpSeconds: 0 }, inTime()),
    'groups.follow': async () => bench.groups().follow(refresh, inTime()),
    'groups.cancel': async () => bench.groups().cancel(refresh, inTime()),
    'groups.rollBack': async () => bench.groups().rollBack(refresh, inTime()),
    'groups.aim': async () => bench.groups().aim(aim, inTime()),
    'groups.members': async () => bench.groups().members(group, inTime()),
    'groups.replaceMember': async () =>
      bench.groups().replaceMember({ ...group, cloudServerId: token }, inTime()),
    'pointers.put': async () =>
      bench.pointers().put({ ...image, name: '/slipway/test', description: '' }, inTime()),
    'pointers.remove': async () =>
      bench.pointers().remove({ ...bench.place, name: '/slipway/test' }, inTime()),
    'images.find': async () => (await images()).find(image, inTime()),
    'images.copy': async () =>
      (await images()).copy(
        { ...image, token, name: 'a copy', source: { ...image, cloudLocation } },
        inTime(),
      ),
    'images.deprecate': async () =>
      (await images()).deprecate({ ...image, isDeprecated: true }, inTime()),
    'images.delete': async () => (await images()).delete({ ...image, token }, inTime()),
  };
}
