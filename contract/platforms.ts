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
] as const;

/** How people call them; a platform that is not here is shown by its id. */
export const cloudPlatformLabel: Partial<Record<string, string>> = {
  ec2: 'EC2',
  gce: 'GCE',
  azure: 'Azure',
  cloudstack: 'CloudStack',
  openstack: 'OpenStack',
  vmware: 'VMware',
};

/** Images of these clouds have no location: one image serves everywhere. */
export function hasImageLocation(cloudPlatform: string): boolean {
  return cloudPlatform !== 'gce' && cloudPlatform !== 'azure';
}
