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
