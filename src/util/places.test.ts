import { describe, expect, it } from 'vitest';

import { nameOfPlace, scopeOfPlace } from './places.ts';

describe('scopeOfPlace', () => {
  it.each([
    [{ scope: 'scalr', accountId: null, envId: null }, { scope: 'scalr' }],
    [
      { scope: 'account', accountId: 3, envId: null },
      { scope: 'account', accountId: 3 },
    ],
    [
      { scope: 'environment', accountId: 3, envId: 7 },
      { scope: 'environment', environmentId: 7 },
    ],
  ] as const)('of %o is %o', (place, scope) => {
    expect(scopeOfPlace(place)).toEqual(scope);
  });
});

describe('nameOfPlace', () => {
  it('is the name of the scope itself, not of the one above', () => {
    const names = { accountName: 'Acme', envName: 'Test' };
    expect(nameOfPlace({ scope: 'environment', ...names })).toBe('Test');
    expect(nameOfPlace({ scope: 'account', ...names })).toBe('Acme');
    expect(nameOfPlace({ scope: 'scalr', ...names })).toBeUndefined();
  });
});
