import type { Mutant } from '../mutant.ts';

/** What credentials of clouds keep from happening, and from being seen. */
export const cloudCredentials: readonly Mutant[] = [
  {
    defect: 'a right that is off is not looked at where the cloud is called',
    file: 'server/cloud/guard.ts',
    find: '!rights.includes(right)',
    replace: 'rights === undefined',
    test: 'server/fleet/cloud-credentials.test.ts',
    name: 'is refused where the cloud is called, though it was on when the launch was asked for',
  },
  {
    defect: 'credentials of LXD lead to private addresses',
    file: 'server/cloud/clouds.ts',
    find: '...(serverCertificate != null && { serverCertificate }),\n    isPublicOnly: !allowsPrivate',
    replace: 'isPublicOnly: false',
    test: 'server/fleet/cloud-credentials.test.ts',
    name: 'of LXD does not ask',
  },
  {
    defect: 'credentials of AWS lead to private addresses',
    file: 'server/cloud/clouds.ts',
    find: 'endpoint: endpoint ?? undefined,\n    isPublicOnly: !allowsPrivate',
    replace: 'endpoint: endpoint ?? undefined,\n    isPublicOnly: false',
    test: 'server/fleet/cloud-credentials.test.ts',
    name: 'of AWS does not ask',
  },
  {
    defect: 'credentials of OpenStack lead to private addresses',
    file: 'server/cloud/clouds.ts',
    find: 'allowsPrivate: options.credentialsReach.allowsPrivate',
    replace: 'allowsPrivate: true',
    test: 'server/fleet/cloud-credentials.test.ts',
    name: 'of OpenStack does not ask',
  },
  {
    defect: 'an address in the network of Slipway is kept',
    file: 'server/services/clouds/credentials-reach.ts',
    find: 'clouds.allowsPrivate',
    replace: '!clouds.allowsPrivate',
    test: 'server/services/clouds/cloud-credentials.test.ts',
    name: 'AWS is refused with an endpoint in the network of Slipway',
  },
  {
    defect: 'an image that its cloud does not have is registered',
    file: 'server/services/images/image-sight.ts',
    find: "sight.is === 'absent'",
    replace: "sight.is === 'unknown'",
    test: 'server/fleet/image-sight.test.ts',
    name: 'an image that the cloud of its environment does not have is not registered',
  },
  {
    defect: 'a secret goes along to a new address',
    file: 'server/domain/credentials/lxd-credentials.ts',
    find: 'settings.url !== before?.url ||',
    replace: '',
    test: 'server/services/clouds/cloud-credentials.test.ts',
    name: 'a new address needs the secret anew',
  },
  {
    defect: 'credentials are deleted under servers that were launched with them',
    file: 'server/domain/credentials/cloud-credentials.ts',
    find: 'servers > 0',
    replace: 'servers < 0',
    test: 'server/services/clouds/cloud-credentials.test.ts',
    name: 'credentials stay while an environment, a server or a call needs them',
  },
];
