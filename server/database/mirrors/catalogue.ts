import { byItself, link, type Mirror, nameOfOther, place, time } from './mirror.ts';

/** Of an image or a role. */
const deprecation = (alias: string) => ({
  deprecated: `${alias}.deprecated_at IS NOT NULL`,
  deprecation: `CASE WHEN ${alias}.deprecated_at IS NOT NULL THEN jsonb_build_object(
    'at', ${time(`${alias}.deprecated_at`)}, 'by', coalesce(${alias}.deprecated_by, ''),
    'reason', ${alias}.deprecation_reason, 'replacement', ${link(`${alias}.deprecation_replacement_id`)}) END`,
});

export const imageMirror: Mirror<'image'> = {
  from: 'images i WHERE i.deleted_at IS NULL',
  id: 'i.id',
  members: {
    id: 'i.id',
    name: 'i.name',
    description: 'i.description',
    ...place('i'),
    cloudPlatform: 'i.cloud_platform',
    cloudLocation: 'i.cloud_location',
    // Empty on the wire while the cloud has not made it.
    cloudImageId: `coalesce(i.cloud_image_id, '')`,
    os: link('i.os_id'),
    osName: nameOfOther,
    architecture: 'i.architecture',
    size: 'i.size_gb',
    type: 'i.type',
    source: 'i.source',
    status: 'i.status',
    statusError: 'i.status_error',
    checked: byItself,
    scalrAgentInstalled: 'i.scalr_agent_installed',
    cloudInitInstalled: 'i.cloud_init_installed',
    added: time('i.added_at'),
    lastUsed: byItself,
    createdBy: 'i.created_by',
    ...deprecation('i'),
    protection: `CASE WHEN i.protected_at IS NOT NULL THEN jsonb_build_object('at', ${time('i.protected_at')},
      'by', i.protected_by, 'reason', i.protection_reason) END`,
    version: { because: 'it rises as well when what the image recommends is merged' },
  },
  without: ['deprecation,useInstead'],
};

export const roleMirror: Mirror<'role'> = {
  from: 'roles r WHERE r.deleted_at IS NULL',
  id: 'r.id',
  members: {
    id: 'r.id',
    name: 'r.name',
    description: 'r.description',
    ...place('r'),
    category: link('r.category_id'),
    categoryName: nameOfOther,
    os: link('r.os_id'),
    osName: nameOfOther,
    quickStart: 'r.quick_start',
    useScalrAgent: 'r.use_scalr_agent',
    builtinAutomation: 'r.builtin_automation',
    added: time('r.added_at'),
    lastUsed: byItself,
    createdBy: 'r.created_by',
    ...deprecation('r'),
    version: { because: 'it rises with the images of the role, too, which say so themselves' },
  },
  without: ['deprecation,useInstead'],
};

export const roleImageMirror: Mirror<'roleImage'> = {
  // Roles that clouds tell of have no records.
  from: 'role_images ri JOIN roles r ON r.id = ri.role_id WHERE r.found_at IS NULL',
  id: `ri.role_id || '/' || ri.image_id`,
  members: { image: link('ri.image_id'), role: link('ri.role_id') },
};

export const roleCategoryMirror: Mirror<'roleCategory'> = {
  from: 'role_categories c',
  id: 'c.id',
  members: {
    id: 'c.id',
    name: 'c.name',
    scope: 'c.scope',
    accountId: 'c.account_id',
    envId: 'c.environment_id',
    version: 'c.version',
  },
};
