import { describe, expect, it } from 'vitest';

import { grantAt, highestScope } from './grants.ts';
import type { Grant } from './grants.ts';

const corporate = { scope: 'scalr', accountId: null, envId: null } as const;
const acme = { scope: 'account', accountId: 1 } as const;
const production = { scope: 'environment', accountId: 1, envId: 11 } as const;
const elsewhere = { scope: 'environment', accountId: 2, envId: 21 } as const;

function grant(role: Grant['role'], place: Partial<Grant> & Pick<Grant, 'scope'>): Grant {
  return { accountId: null, envId: null, accountName: null, envName: null, ...place, role };
}

describe('grantAt', () => {
  it.each([
    [
      'a Corporate grant reaches an environment',
      [grant('viewer', corporate)],
      production,
      'viewer',
    ],
    [
      'an account grant reaches its environments',
      [grant('publisher', acme)],
      production,
      'publisher',
    ],
    ['but no other account', [grant('publisher', acme)], elsewhere, undefined],
    ['and not upwards', [grant('administrator', production)], acme, undefined],
    [
      'the strongest of several counts',
      [grant('viewer', corporate), grant('image_manager', production)],
      production,
      'image_manager',
    ],
  ] as const)('%s', (_, grants, place, role) => {
    expect(grantAt(grants, { envId: null, ...place })?.role).toBe(role);
  });
});

describe('highestScope', () => {
  it('is the highest scope that was granted, not the first', () => {
    const grants = [grant('administrator', production), grant('viewer', acme)];
    expect(highestScope(grants)).toEqual({ scope: 'account', accountId: 1 });
  });

  it('is nothing for a user without rights', () => {
    expect(highestScope([])).toBeUndefined();
  });
});
