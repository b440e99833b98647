import { z } from 'zod';
import { bounded, line } from '../fields.ts';
import type { cloudPlatforms } from '../images/platforms.ts';

/** OpenStack itself, and what people run or sell under other names. */
export const openstackPlatforms = [
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
] as const satisfies readonly (typeof cloudPlatforms)[number][];

const keystoneUrl = bounded(500).regex(
  /^https?:\/\/[^/?#\s@]+(?:\/[^?#\s@]*)?$/,
  'must be https:// and where Keystone is, such as https://keystone.example.com:5000/v3',
);
const name = line(255, 1);
const id = bounded(64).regex(/^[\w-]+$/, 'must be an id of OpenStack');

/** What credentials of OpenStack have beside the members of all: docs/domain.md, "Cloud credentials". */
export const openstackMembers = {
  keystoneUrl: keystoneUrl.nullable(),
  userName: name.nullable(),
  /** Of the user and the project; `Default` where it is not named. */
  domainName: name.nullable(),
  /** The project, which was called tenant once. */
  tenantName: name.nullable(),
  /** Instead of a user with a password: what a user has made for Slipway in one project. */
  applicationCredentialId: id.nullable(),
  /** The only region that they are for; none is all. */
  region: name.nullable(),
  /** The network of new servers; Nova chooses where none is named. */
  networkId: id.nullable(),
  sslVerification: z.boolean(),
};

/** Sent and never answered. */
export const openstackSecrets = {
  password: bounded(1000, 1),
  applicationCredentialSecret: bounded(1000, 1),
};
