import { describe, expect, it } from 'vitest';

import { placeName, scopeOfPlace } from './places.ts';

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

describe('placeName', () => {
  it('names an environment with its account, since names of environments repeat', () => {
    const names = { accountId: 3, envId: 7, accountName: 'Acme', envName: 'Test' };
    expect(placeName({ scope: 'environment', ...names })).toBe('Acme / Test');
    expect(placeName({ scope: 'account', ...names })).toBe('Acme');
    expect(placeName({ scope: 'scalr', ...names })).toBe('Corporate');
  });
});
