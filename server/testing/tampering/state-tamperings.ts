import { peopleEdits } from './people-tamperings.ts';
import { edit, quietly, remove, type Tampering } from './tampering.ts';

const edits: [name: string, act: string][] = [
  ...peopleEdits,
  // What every new server starts from.
  [
    'the cloud id of an image',
    edit('images', `cloud_image_id = 'ami-evil'`, `cloud_image_id = 'ami-next'`),
  ],
  [
    'the cloud id of an image from before',
    edit('images', `cloud_image_id = 'ami-evil'`, `name = 'before'`),
  ],
  [
    'the location of an image',
    edit('images', `cloud_location = 'eu-west-1'`, `cloud_image_id = 'ami-next'`),
  ],
  ['the name of an image', edit('images', `name = 'other'`, `cloud_image_id = 'ami-next'`)],
  [
    'the description of an image',
    edit('images', `description = 'other'`, `cloud_image_id = 'ami-third'`),
  ],
  [
    'the operating system of an image',
    edit('images', `os_id = 'debian-13-x'`, `cloud_image_id = 'ami-next'`),
  ],
  [
    'the architecture of an image',
    edit('images', `architecture = 'aarch64'`, `cloud_image_id = 'ami-next'`),
  ],
  ['the state of an image', edit('images', `status = 'failed'`, `cloud_image_id = 'ami-next'`)],
  [
    'that an image is deprecated',
    edit(
      'images',
      'deprecated_at = NULL, deprecated_by = NULL, deprecation_reason = NULL, deprecation_replacement_id = NULL',
      `cloud_image_id = 'ami-old'`,
    ),
  ],
  [
    'why an image is deprecated',
    edit('images', `deprecation_reason = 'none'`, `cloud_image_id = 'ami-third'`),
  ],
  [
    'what an image is to be replaced with',
    edit('images', 'deprecation_replacement_id = NULL', `cloud_image_id = 'ami-third'`),
  ],
  [
    'who made an image',
    edit('images', `created_by = 'other@example.com'`, `cloud_image_id = 'ami-next'`),
  ],
  [
    'the scope of an image',
    edit('images', `scope = 'scalr', account_id = NULL`, `cloud_image_id = 'ami-next'`),
  ],
  [
    'that an image is there',
    edit('images', 'deleted_at = now(), set_id = NULL', `cloud_image_id = 'ami-third'`),
  ],
  [
    'that an image is gone',
    edit(
      'images',
      'deleted_at = NULL, set_id = (SELECT min(id) FROM image_sets)',
      `cloud_image_id = 'ami-gone'`,
    ),
  ],
  ['an image taken out', remove('images', `cloud_image_id = 'ami-third'`)],
  [
    'an image slipped in',
    quietly(`INSERT INTO images (name, scope, cloud_platform, cloud_location, cloud_image_id, os_id, architecture, created_by, set_id)
    SELECT 'evil', 'scalr', 'ec2', 'us-east-1', 'ami-evil', 'ubuntu-24-04', 'x86_64', 'x', min(id) FROM image_sets`),
  ],
  ['the name of a role', edit('roles', `name = 'other'`, `name = 'web'`)],
  ['the category of a role', edit('roles', 'category_id = 1', `name = 'web'`)],
  ['the operating system of a role', edit('roles', `os_id = 'debian-13-x'`, `name = 'web'`)],
  [
    'whether a role uses the agent',
    edit('roles', 'use_scalr_agent = NOT use_scalr_agent', `name = 'web'`),
  ],
  [
    'that a role is deprecated',
    edit('roles', `deprecated_at = now(), deprecated_by = 'x'`, `name = 'web'`),
  ],
  ['that a role is there', edit('roles', 'deleted_at = now()', `name = 'web'`)],
  ['what a role is for', edit('roles', `description = 'other'`, `name = 'before'`)],
  [
    'the image of a role',
    quietly(`UPDATE role_images SET image_id = (SELECT id FROM images WHERE cloud_image_id = 'ami-third')
    WHERE role_id = (SELECT id FROM roles WHERE name = 'web')`),
  ],
  [
    'the image of a role from before',
    quietly(`UPDATE role_images SET image_id = (SELECT id FROM images WHERE cloud_image_id = 'ami-third')
    WHERE role_id = (SELECT id FROM roles WHERE name = 'before')`),
  ],
  ['an image taken out of a role', remove('role_images')],
  [
    'an image slipped into a role',
    quietly(`INSERT INTO role_images (role_id, cloud_platform, cloud_location, image_id, added_by)
    SELECT r.id, 'gce', '', i.id, 'x' FROM roles r, images i WHERE r.name = 'web' AND i.cloud_image_id = 'ami-third'`),
  ],
  ['the name of a role category', edit('role_categories', `name = 'other'`, `name = 'Edge'`)],
  ['the owner of a farm', edit('farms', 'owner_id = (SELECT min(id) FROM users)', `name = 'shop'`)],
  ['the state of a farm', edit('farms', `status = 'suspended'`, `name <> 'shop'`)],
  ['the name of a farm', edit('farms', `name = 'other'`, `name = 'shop'`)],
  [
    'the lock of a farm',
    edit(
      'farms',
      'locked_at = NULL, locked_by = NULL, lock_comment = NULL, unlock_permission = NULL',
      `name = 'shop'`,
    ),
  ],
  ['what locks a farm', edit('farms', `lock_comment = 'none'`, `name = 'shop'`)],
  ['a farm taken out', remove('farms', `name = 'shop'`)],
  [
    'the role of a farm role',
    edit('farm_roles', `role_id = (SELECT id FROM roles WHERE name = 'before')`, `alias = 'web'`),
  ],
  [
    'how many servers a farm role may have',
    edit('farm_roles', 'max_servers = 400', `alias = 'web'`),
  ],
  [
    'what servers a farm role starts',
    edit('farm_roles', `instance_type = 'p5.48xlarge'`, `alias = 'web'`),
  ],
  ['a farm role taken out', remove('farm_roles', `alias = 'web'`)],
  ['the name of an account', edit('accounts', `name = 'other'`, `name = 'Ops'`)],
  ['an account slipped in', `INSERT INTO accounts (name) VALUES ('evil')`],
  [
    'the state of an environment',
    edit('environments', `status = 'inactive'`, `name = 'production'`),
  ],
  [
    'whose an environment is',
    edit('environments', 'account_id = account_id + 1000', `name = 'production'`),
  ],
  [
    'a project slipped in',
    quietly(`INSERT INTO projects (name, cost_center_id, billing_code, lead_email, scope, account_id, created_by)
    SELECT 'evil', gen_random_uuid(), 'x', 'x@example.com', 'account', min(id), 'x' FROM accounts`),
  ],
  [
    'a cost center slipped in',
    `INSERT INTO cost_centers (name, billing_code, scope) VALUES ('evil', 'x', 'scalr')`,
  ],
  ['what cloud credentials may do', edit('cloud_credentials', `rights = '{deleteImages}'`)],
  [
    'where a cloud is',
    edit('cloud_credentials', `settings = '{"url": "https://evil.example.com"}'`),
  ],
  ['whose cloud credentials are', edit('cloud_credentials', `scope = 'scalr', account_id = NULL`)],
  [
    'the cloud of an environment',
    quietly(`UPDATE environment_clouds SET credentials_id = gen_random_uuid()`),
  ],
];

export const stateTamperings: Tampering[] = edits.map(([name, act]) => ({
  name,
  by: 'STATE',
  act,
}));
