/** Clouds that a machine image can be on. */
export const cloudPlatforms = [
  'ec2',
  'gce',
  'azure',
  'cloudstack',
  'idcf',
  'openstack',
  'rackspacengus',
  'rackspacenguk',
  'ocs',
  'nebula',
  'mirantis',
  'vio',
  'verizon',
  'cisco',
  'hpcloud',
  'otc',
  'vmware',
  'lxd',
] as const;

/** The regions of EC2 between which images can be copied; those of China and of governments stand apart. */
export const ec2Regions: readonly string[] = [
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'ca-central-1',
  'ca-west-1',
  'mx-central-1',
  'sa-east-1',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'ap-east-1',
  'ap-east-2',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'af-south-1',
  'il-central-1',
  'me-central-1',
  'me-south-1',
];

/** How people call them; a platform that is not here is shown by its id. */
export const cloudPlatformLabel: Partial<Record<string, string>> = {
  ec2: 'EC2',
  gce: 'GCE',
  azure: 'Azure',
  cloudstack: 'CloudStack',
  openstack: 'OpenStack',
  vmware: 'VMware',
  lxd: 'LXD',
};

/** Images of these clouds have no location: one image serves everywhere. */
export function hasImageLocation(cloudPlatform: string): boolean {
  return cloudPlatform !== 'gce' && cloudPlatform !== 'azure';
}
