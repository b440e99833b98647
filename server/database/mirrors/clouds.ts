import { actingRights } from '#contract/clouds/acting-rights.ts';
import { recordedMembers } from '#contract/clouds/cloud-credentials.ts';
import { link, type Mirror, time } from './mirror.ts';

type Setting = keyof typeof recordedMembers;
const settings = Object.fromEntries(
  Object.keys(recordedMembers).map((name) => [name, `c.settings -> '${name}'`]),
) as Record<Setting, string>;
const rights = actingRights.map((right) => `'${right}', '${right}' = ANY (c.rights)`);

export const cloudCredentialsMirror: Mirror<'cloudCredentials'> = {
  from: 'cloud_credentials c',
  id: 'c.id',
  members: {
    ...settings,
    id: 'c.id',
    scope: 'c.scope',
    accountId: 'c.account_id',
    envId: 'c.environment_id',
    cloudCredentialsType: 'c.type',
    provider: 'c.cloud_platform',
    name: 'c.name',
    description: 'c.description',
    rights: `jsonb_build_object(${rights.join(', ')})`,
    status: 'c.status',
    test: 'c.test',
    added: time('c.added_at'),
    createdBy: 'c.created_by',
    version: 'c.version',
    farmTag: 'c.farm_tag',
    ownerTag: 'c.owner_tag',
  },
};

export const environmentCloudMirror: Mirror<'environmentCloud'> = {
  from: 'environment_clouds ec',
  id: `ec.environment_id || '/' || ec.cloud_platform`,
  members: {
    id: `ec.environment_id || '/' || ec.cloud_platform`,
    environment: link('ec.environment_id'),
    cloud: 'ec.cloud_platform',
    credentials: link('ec.credentials_id'),
  },
};
