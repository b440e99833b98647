import { ec2Regions } from './platforms.ts';

/** What looks wrong about where a machine image is said to be; its cloud may know better. */
export interface Doubt {
  field: 'cloudImageId' | 'cloudLocation';
  code: 'UnusualCloudImageId' | 'UnknownLocation';
  /** One sentence. */
  message: string;
}

interface Usual {
  /** How the cloud writes its ids, in words. */
  form: string;
  pattern: RegExp;
  /** All that there are; clouds that people run themselves name their own. */
  locations?: readonly string[];
}

const uuid = {
  form: 'a UUID',
  pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
};

// EC2: "Longer format resource IDs" and "AWS service endpoints" of the AWS documentation.
// GCE: "Resource names" of the Compute Engine documentation; a path with the project, or a bare name.
// Azure: the path of a managed image or a gallery's, or publisher:offer:sku:version (`az vm image list`).
// OpenStack and its kin: the Image service API v2, ids are UUIDs; so are CloudStack's template ids.
// Rackspace and Open Telekom Cloud: the regions of their public service catalogues.
const openstack = uuid;
const usual: Partial<Record<string, Usual>> = {
  ec2: {
    form: 'ami- and 8 or 17 hexadecimal digits',
    pattern: /^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$/,
    locations: [...ec2Regions, 'cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'],
  },
  gce: {
    form: 'projects/PROJECT/global/images/NAME, or the name of an image',
    pattern:
      /^(?:(?:https:\/\/[a-z.]+\/compute\/v1\/)?projects\/[a-z0-9.:-]+\/global\/images\/(?:family\/)?)?[a-z][a-z0-9-]*$/,
  },
  azure: {
    form: 'a path that begins with /subscriptions/, or publisher:offer:sku:version',
    pattern: /^(?:\/subscriptions\/[^\s]+|[\w.-]+:[\w.-]+:[\w.-]+:[\w.-]+)$/i,
  },
  openstack,
  ocs: openstack,
  nebula: openstack,
  mirantis: openstack,
  vio: openstack,
  cisco: openstack,
  hpcloud: openstack,
  otc: { ...openstack, locations: ['eu-de', 'eu-nl'] },
  rackspacengus: { ...openstack, locations: ['DFW', 'HKG', 'IAD', 'ORD', 'SYD'] },
  rackspacenguk: { ...openstack, locations: ['LON'] },
  cloudstack: uuid,
  idcf: uuid,
};

/**
 * What looks unusual in a registration: docs/domain.md, "Registering an image". Never a reason to refuse
 * it: clouds add regions, and clouds that people run themselves name things as they like.
 */
export function findDoubts(image: {
  cloudPlatform: string;
  cloudLocation?: string | undefined;
  cloudImageId: string;
}): Doubt[] {
  const { cloudPlatform, cloudLocation = '', cloudImageId } = image;
  const known = usual[cloudPlatform];
  if (!known) return [];
  const doubts: Doubt[] = [];
  if (cloudImageId !== '' && !known.pattern.test(cloudImageId))
    doubts.push({
      field: 'cloudImageId',
      code: 'UnusualCloudImageId',
      message: `"${cloudImageId}" does not look like an image of ${cloudPlatform}, whose ids are ${known.form}.`,
    });
  if (known.locations && cloudLocation !== '' && !known.locations.includes(cloudLocation))
    doubts.push({
      field: 'cloudLocation',
      code: 'UnknownLocation',
      message: `"${cloudLocation}" is not a location of ${cloudPlatform} that Slipway knows.`,
    });
  return doubts;
}
