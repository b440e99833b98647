/** What an operation may demand of a user at a scope. */
export const permissions = [
  'view',
  'images.manage',
  'roles.manage',
  'replace',
  'promote',
  'farms.manage',
  'scopes.manage',
  'people.manage',
] as const;
export type Permission = (typeof permissions)[number];

/** Built-in roles of users (not to be mixed up with Roles, the server templates). */
export const userRoles = [
  'viewer',
  'operator',
  'image_manager',
  'publisher',
  'administrator',
] as const;
export type UserRole = (typeof userRoles)[number];

const operator: Permission[] = ['view', 'farms.manage'];
const imageManager: Permission[] = [...operator, 'images.manage', 'roles.manage', 'replace'];

/** What each built-in role may do, at its scope and everywhere below. */
export const rolePermissions: Record<UserRole, readonly Permission[]> = {
  viewer: ['view'],
  operator,
  image_manager: imageManager,
  publisher: [...imageManager, 'promote'],
  administrator: [...imageManager, 'promote', 'scopes.manage', 'people.manage'],
};

export const userRoleLabel: Record<UserRole, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  image_manager: 'Image manager',
  publisher: 'Publisher',
  administrator: 'Administrator',
};
