/** What an operation may demand of a user at a scope. */
export const permissions = [
  'view',
  'images.manage',
  'roles.manage',
  'replace',
  'promote',
  'scopes.manage',
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

const imageManager: Permission[] = ['view', 'images.manage', 'roles.manage', 'replace'];

/** What each built-in role may do, at its scope and everywhere below. */
export const rolePermissions: Record<UserRole, readonly Permission[]> = {
  viewer: ['view'],
  operator: ['view'],
  image_manager: imageManager,
  publisher: [...imageManager, 'promote'],
  administrator: [...imageManager, 'promote', 'scopes.manage'],
};

export const userRoleLabel: Record<UserRole, string> = {
  viewer: 'Viewer',
  operator: 'Operator',
  image_manager: 'Image manager',
  publisher: 'Publisher',
  administrator: 'Administrator',
};
