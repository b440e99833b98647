import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { isAtOrAbove, isOwn, isVisibleFrom, scopeOf } from './scopes.ts';

const rows = {
  corporate: { scope: 'scalr', account_id: null, environment_id: null },
  account: { scope: 'account', account_id: 1, environment_id: null },
  environment: { scope: 'environment', account_id: 1, environment_id: 11 },
  neighbour: { scope: 'environment', account_id: 1, environment_id: 12 },
  otherAccount: { scope: 'account', account_id: 2, environment_id: null },
} as const;
type Place = keyof typeof rows;

test.each([
  ['scalr', 1, null],
  ['scalr', null, 1],
  ['account', null, null],
  ['account', 1, 11],
  ['environment', 1, null],
  ['environment', null, 11],
] as const)(
  'a row at %s scope with account %s and environment %s is nobody’s',
  (scope, account_id, environment_id) => {
    expect(() => scopeOf({ scope, account_id, environment_id })).toThrow(`at ${scope} scope`);
  },
);

const everyone: Place[] = ['corporate', 'account', 'environment', 'neighbour', 'otherAccount'];

test.each<[Place, Place[]]>([
  ['corporate', ['corporate']],
  ['account', ['corporate', 'account']],
  ['environment', ['corporate', 'account', 'environment']],
  ['neighbour', ['corporate', 'account', 'neighbour']],
  ['otherAccount', ['corporate', 'otherAccount']],
])('%s sees itself and what is above it: %j', (place, visible) => {
  const from: ScopeRef = scopeOf(rows[place]);
  expect(everyone.filter((other) => isVisibleFrom(rows[other], from))).toEqual(visible);
  expect(everyone.filter((other) => isAtOrAbove(rows[other], rows[place]))).toEqual(visible);
  expect(everyone.filter((other) => isOwn(rows[other], from))).toEqual([place]);
});
