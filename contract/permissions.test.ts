import { expect, test } from 'vitest';
import type { OperationSpec } from './operation.ts';
import { operations } from './operations.ts';
import { permissions, rolePermissions, userRoles } from './permissions.ts';

// docs/domain.md, "Signing in": each role has all that the one before has, and more.
test('each role of people may do what it is for, and nothing beyond', () => {
  const operator = ['view', 'farms.manage'];
  const manager = [...operator, 'images.manage', 'roles.manage', 'replace'];
  expect(rolePermissions).toEqual({
    viewer: ['view'],
    operator,
    image_manager: manager,
    publisher: [...manager, 'promote'],
    administrator: [...manager, 'promote', 'scopes.manage', 'people.manage'],
  });
  const administrators = new Set(rolePermissions.administrator);
  expect(permissions.filter((permission) => !administrators.has(permission))).toEqual([]);
  expect(Object.keys(rolePermissions)).toEqual([...userRoles]);
});

test('what changes anything at a scope takes more than the right to look', () => {
  const looking = (Object.values(operations) as OperationSpec[]).filter(
    ({ method, permission, levels, keeps }) =>
      method !== 'GET' && permission === 'view' && !levels.includes('self') && keeps !== true,
  );
  // A preview changes nothing; a plan changes nothing but itself.
  expect(looking.map(({ id }) => id).filter((id) => !id.endsWith('Preview'))).toEqual([]);
  expect(looking.length).toBeGreaterThan(2);
});
