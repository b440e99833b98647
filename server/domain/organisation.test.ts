import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import {
  findDeletionObstacles,
  planUpdate,
  scopeActions,
  whatActionNeeds,
} from './organisation.ts';

test('what holds nothing may be deleted', () => {
  expect(findDeletionObstacles('Account "A"', [])).toBeUndefined();
});

const sentences: [contents: [type: 'environment' | 'image' | 'role', total: number][], string][] = [
  [[['environment', 1]], 'it still has 1 environment.'],
  [[['environment', 2]], 'it still has 2 environments.'],
  [
    [
      ['image', 3],
      ['role', 1],
    ],
    'it still has 3 images and 1 role.',
  ],
  [
    [
      ['environment', 1],
      ['image', 2],
      ['role', 2],
    ],
    'it still has 1 environment, 2 images and 2 roles.',
  ],
];

test.each(sentences)('a refusal counts what is left: %j', (contents, sentence) => {
  const refusal = findDeletionObstacles(
    'Account "A"',
    contents.map(([type, total]) => ({ type, id: '7', name: 'x', total })),
  );
  expect(refusal).toMatchObject({ code: 'ObjectInUse' });
  expect(refusal?.reason).toContain(`Account "A" is not empty: ${sentence}`);
});

test('a refusal names what is listed and counts the rest', () => {
  const refusal = findDeletionObstacles('Environment "E"', [
    { type: 'image', id: '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11', name: 'web', total: 3 },
    { type: 'role', id: '17', name: 'app', total: 1 },
  ]);
  expect(refusal?.blockers).toEqual([
    { type: 'image', id: '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11', name: 'web' },
    { type: 'role', id: 17, name: 'app' },
    { type: 'image', count: 2 },
  ]);
});

const corporate: ScopeRef = { scope: 'scalr' };
const account: ScopeRef = { scope: 'account', accountId: 1 };
const environment: ScopeRef = { scope: 'environment', accountId: 1, environmentId: 2 };
const never = { code: 'ScopeViolation' };

const needs: [(typeof scopeActions)[number], ScopeRef, object][] = [
  ['imageCreate', corporate, { permission: 'images.manage', at: corporate }],
  ['imageCreate', account, { permission: 'images.manage', at: account }],
  ['imageCreate', environment, { permission: 'images.manage', at: environment }],
  ['roleCreate', corporate, { permission: 'roles.manage', at: corporate }],
  ['roleCreate', account, { permission: 'roles.manage', at: account }],
  ['roleCreate', environment, { permission: 'roles.manage', at: environment }],
  ['farmCreate', corporate, never],
  ['farmCreate', account, never],
  ['farmCreate', environment, { permission: 'farms.manage', at: environment }],
  ['accountCreate', corporate, { permission: 'scopes.manage', at: corporate }],
  ['accountCreate', account, never],
  ['accountCreate', environment, never],
  ['environmentCreate', corporate, never],
  ['environmentCreate', account, { permission: 'scopes.manage', at: account }],
  ['environmentCreate', environment, never],
  ['userInvite', corporate, { permission: 'people.manage', at: corporate }],
  ['userInvite', account, { permission: 'people.manage', at: account }],
  ['userInvite', environment, { permission: 'people.manage', at: environment }],
  ['cloudCredentialsCreate', corporate, { permission: 'scopes.manage', at: corporate }],
  ['cloudCredentialsCreate', account, { permission: 'scopes.manage', at: account }],
  ['cloudCredentialsCreate', environment, { permission: 'scopes.manage', at: environment }],
  ['rename', corporate, never],
  ['rename', account, { permission: 'scopes.manage', at: corporate }],
  ['rename', environment, { permission: 'scopes.manage', at: account }],
  ['delete', corporate, never],
  ['delete', account, { permission: 'scopes.manage', at: corporate }],
  ['delete', environment, { permission: 'scopes.manage', at: account }],
];

test.each(needs)('%s at %j needs the right of the scope that keeps it', (action, scope, need) => {
  expect(whatActionNeeds(action, scope)).toMatchObject(need);
});

test('every action has a rule at every scope', () => {
  expect(needs).toHaveLength(scopeActions.length * 3);
});

const row = { name: 'test', status: 'active' };
const updates: [patch: Partial<typeof row>, changes: Partial<typeof row> | undefined][] = [
  [{}, undefined],
  [{ name: 'test' }, undefined],
  [{ name: 'test', status: 'active' }, undefined],
  [{ name: 'live' }, { name: 'live' }],
  [{ name: 'test', status: 'inactive' }, { status: 'inactive' }],
  [
    { name: 'live', status: 'inactive' },
    { name: 'live', status: 'inactive' },
  ],
];

test.each(updates)('of the patch %j only what differs is a change', (patch, changes) => {
  expect(planUpdate(row, patch)).toEqual(changes);
});
