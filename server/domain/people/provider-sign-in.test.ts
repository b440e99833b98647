import { describe, expect, it } from 'vitest';
import { planProviderSignIn, type ProviderFacts, type ProviderRules } from './provider-sign-in.ts';

const nobody: ProviderFacts = { bound: undefined, invited: undefined, hasAdministrator: true };
const strict: ProviderRules = { allowedDomains: [], trustsEmail: false };
const open: ProviderRules = { ...strict, allowedDomains: ['example.com'] };
const ann = { email: 'ann@example.com', emailVerified: true };
/** Their address has changed at the provider since. */
const bound = { id: 7, status: 'active', email: 'ann@before.example.com' } as const;
const invited = { id: 7, status: 'active', isBound: false } as const;

describe('who comes back from the provider', () => {
  it.each([
    ['an invited person is bound', ann, { invited }, strict, { kind: 'bind', userId: 7 }],
    [
      'a bound person needs no address any more',
      { email: undefined, emailVerified: undefined },
      { bound: { ...bound, id: 7 } },
      strict,
      { kind: 'known', userId: 7 },
    ],
    [
      'the subject counts before the address, which may be somebody else’s by now',
      ann,
      { bound: { ...bound, id: 3 }, invited },
      strict,
      { kind: 'known', userId: 3 },
    ],
    ['somebody of an allowed domain is new', ann, {}, open, { kind: 'create', email: ann.email }],
    ['nobody else is', ann, {}, strict, { problem: 'unknown-person' }],
    [
      'a domain that only ends like an allowed one is another',
      { email: 'ann@evil-example.com', emailVerified: true },
      {},
      open,
      { problem: 'unknown-person' },
    ],
    [
      'nor one below it',
      { email: 'ann@sub.example.com', emailVerified: true },
      {},
      open,
      { problem: 'unknown-person' },
    ],
    ['no address', { ...ann, email: undefined }, {}, open, { problem: 'no-email' }],
    [
      'an unverified address',
      { ...ann, emailVerified: false },
      { invited },
      { ...open, trustsEmail: true },
      { problem: 'unverified', email: undefined },
    ],
    [
      'an address that nothing is said of',
      { ...ann, emailVerified: undefined },
      { invited },
      strict,
      { problem: 'unverified' },
    ],
    [
      'an address that nothing is said of, where the provider is trusted',
      { ...ann, emailVerified: undefined },
      { invited },
      { ...strict, trustsEmail: true },
      { kind: 'bind', userId: 7 },
    ],
    [
      'an address whose user is another subject',
      ann,
      { invited: { ...invited, isBound: true } },
      open,
      { problem: 'taken' },
    ],
    [
      'a suspended user, bound',
      ann,
      { bound: { ...bound, status: 'suspended' } },
      open,
      { problem: 'suspended', email: 'ann@before.example.com' },
    ],
    [
      'a suspended user, invited',
      ann,
      { invited: { ...invited, status: 'suspended' } },
      open,
      { problem: 'suspended', email: ann.email },
    ],
    [
      'who has left, though the domain is allowed',
      ann,
      { invited: { ...invited, status: 'left' } },
      open,
      { problem: 'unknown-person' },
    ],
    [
      'nobody is let in before there is an administrator',
      ann,
      { hasAdministrator: false },
      open,
      { problem: 'no-administrator' },
    ],
  ] as const)('%s', (_name, person, facts, rules, decision) => {
    expect(planProviderSignIn(person, { ...nobody, ...facts }, rules)).toMatchObject(decision);
  });
});
