import { link, type Mirror, nameOfOther, time } from './mirror.ts';

export const accountMirror: Mirror<'account'> = {
  from: 'accounts a',
  id: 'a.id',
  members: {
    id: 'a.id',
    name: 'a.name',
    added: time('a.created_at'),
    environments: { because: 'they are counted' },
    version: 'a.version',
  },
};

export const environmentMirror: Mirror<'environment'> = {
  from: 'environments e',
  id: 'e.id',
  members: {
    id: 'e.id',
    accountId: 'e.account_id',
    name: 'e.name',
    status: 'e.status',
    costCenter: link('e.cost_center_id'),
    added: time('e.created_at'),
    version: 'e.version',
  },
};

export const costCenterMirror: Mirror<'costCenter'> = {
  from: 'cost_centers c',
  id: 'c.id',
  members: {
    id: 'c.id',
    name: 'c.name',
    billingCode: 'c.billing_code',
    leadEmail: 'c.lead_email',
    description: 'c.description',
    scope: 'c.scope',
    accountId: 'c.account_id',
    envId: 'c.environment_id',
    added: time('c.added_at'),
  },
};

export const projectMirror: Mirror<'project'> = {
  from: 'projects p',
  id: 'p.id',
  members: {
    id: 'p.id',
    name: 'p.name',
    costCenter: link('p.cost_center_id'),
    billingCode: 'p.billing_code',
    leadEmail: 'p.lead_email',
    description: 'p.description',
    scope: 'p.scope',
    accountId: 'p.account_id',
    envId: 'p.environment_id',
    added: time('p.added_at'),
    createdBy: 'p.created_by',
    version: 'p.version',
  },
};

/** SQL: the clouds tell of observed farms, as they do of servers. */
const isOwn = (farmId: string) =>
  `NOT EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = ${farmId})`;

export const farmMirror: Mirror<'farm'> = {
  from: `farms f WHERE ${isOwn('f.id')}`,
  id: 'f.id',
  members: {
    id: 'f.id',
    name: 'f.name',
    description: 'f.description',
    owner: link('f.owner_id'),
    status: 'f.status',
    accountId: 'f.account_id',
    accountName: nameOfOther,
    envId: 'f.environment_id',
    envName: nameOfOther,
    project: link('f.project_id'),
    timezone: 'f.timezone',
    // As Scalr spells it on the wire.
    launchOrder: `CASE f.launch_order WHEN 'sequential' THEN 'sequential' ELSE 'simulatenous' END`,
    added: time('f.added_at'),
    launched: time('f.launched_at'),
    lock: `CASE WHEN f.locked_at IS NOT NULL THEN jsonb_build_object('at', ${time('f.locked_at')},
      'by', coalesce(f.locked_by, ''), 'comment', coalesce(f.lock_comment, ''),
      'unlockPermission', coalesce(f.unlock_permission, 'anyone')) END`,
    version: 'f.version',
  },
};

const repeated = { because: 'it repeats another member' };

export const farmRoleMirror: Mirror<'farmRole'> = {
  from: `farm_roles fr WHERE ${isOwn('fr.farm_id')}`,
  id: 'fr.id',
  members: {
    id: 'fr.id',
    alias: 'fr.alias',
    farm: link('fr.farm_id'),
    role: link('fr.role_id'),
    accountId: 'fr.account_id',
    envId: 'fr.environment_id',
    cloudPlatform: 'fr.cloud_platform',
    cloudLocation: 'fr.cloud_location',
    instanceType: 'fr.instance_type',
    scaling: `jsonb_build_object('enabled', fr.scaling_enabled, 'minInstances', fr.min_servers,
      'maxInstances', fr.max_servers)`,
    platform: repeated,
    placement: repeated,
    instance: repeated,
    image: { because: 'it follows from the role' },
    version: 'fr.version',
  },
};
