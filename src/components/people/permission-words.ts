import type { Permission } from '#contract/permissions.ts';

/** What each permission lets people do, after "may". */
export const permissionWords: Record<Permission, string> = {
  view: 'see what is here',
  'images.manage': 'register, edit, copy, deprecate and delete images',
  'roles.manage': 'create, edit and delete roles',
  replace: 'replace images in roles',
  promote: 'promote images and roles to this scope',
  'farms.manage': 'manage farms and servers',
  'scopes.manage': 'manage accounts, environments, projects and cloud credentials',
  'people.manage': 'manage people, teams and their rights',
};
