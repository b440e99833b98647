import { z } from 'zod';
import { describeCloudConformance } from '../cloud/conformance.ts';
import { noGroups } from '../cloud/subject.ts';
import { askOpenstack, makeImage, openstack } from './openstack-setup.ts';

const actionsSchema = z.object({ instanceActions: z.array(z.object({ action: z.string() })) });

describeCloudConformance('openstack', {
  connect: openstack.connect,
  place: openstack.place,
  cloudImageId: openstack.images[0],
  absentImageId: '00000000-0000-4000-8000-00000000dead',
  instanceType: 'tiny',
  makeExpendableImage: makeImage,
  copyTo: openstack.otherRegion,
  stepMs: 60_000,
  pollMs: 200,
  pageSize: 2,
  several: 3,
  cannot: ['pointers.put', 'pointers.remove', ...noGroups],
  // To everybody but administrators, a server that has ended is not there.
  forgetsEnded: true,
  countBoots: async ({ cloudServerId }) => {
    const url = `${openstack.nova}/v2.1/servers/${cloudServerId}/os-instance-actions`;
    const { instanceActions } = actionsSchema.parse(await askOpenstack('GET', url));
    return instanceActions.filter(({ action }) => action === 'reboot').length;
  },
});
