import type { Scope } from '#contract/scope.ts';

/** A scope of the estate by name: `corporate`, an account (`storefront`) or an environment (`storefront/test`). */
export type ScopeName = string;

export interface ScopeColumns {
  scope: Scope;
  account_id: number | null;
  environment_id: number | null;
}

export const accounts = [
  { id: 1, key: 'storefront', name: 'Storefront' },
  { id: 2, key: 'payments', name: 'Payments' },
  { id: 3, key: 'analytics', name: 'Analytics' },
] as const;

/** In the order of their ids, from 1. */
export const environments = [
  'storefront/test',
  'storefront/staging',
  'storefront/production',
  'storefront/production-eu',
  'storefront/sandbox',
  'payments/test',
  'payments/staging',
  'payments/production',
  'payments/disaster-recovery',
  'analytics/test',
  'analytics/staging',
  'analytics/production',
] as const;

/** Resolves a scope's name into the columns of every scoped table. */
export function scopeColumns(name: ScopeName): ScopeColumns {
  if (name === 'corporate') return { scope: 'scalr', account_id: null, environment_id: null };
  const [key] = name.split('/');
  const account = accounts.find((candidate) => candidate.key === key);
  if (!account) throw new Error(`The estate has no scope "${name}".`);
  if (name === key) return { scope: 'account', account_id: account.id, environment_id: null };
  const environmentId = environments.findIndex((candidate) => candidate === name) + 1;
  if (environmentId === 0) throw new Error(`The estate has no scope "${name}".`);
  return { scope: 'environment', account_id: account.id, environment_id: environmentId };
}

/** Whether what lives at `owner` can be used from `user`: the same scope or one above it. */
export function isVisibleFrom(owner: ScopeName, user: ScopeName): boolean {
  return owner === 'corporate' || owner === user || user.startsWith(`${owner}/`);
}

export interface Person {
  email: string;
  name: string;
  grants: [role: 'viewer' | 'operator' | 'publisher' | 'administrator', scope: ScopeName][];
}

const person = (email: string, name: string, ...grants: Person['grants']): Person => ({
  email: `${email}@example.com`,
  name,
  grants,
});

export interface Team {
  name: string;
  at: ScopeName;
  members: string[];
  grants: [role: Person['grants'][number][0], scope: ScopeName][];
}

/** Teams that a provider of sign-ins knows nothing of. */
export const teams: Team[] = [
  {
    name: 'Security',
    at: 'corporate',
    members: ['fatima.zahra@example.com', 'ravi.menon@example.com'],
    grants: [['viewer', 'corporate']],
  },
  {
    name: 'On call',
    at: 'storefront',
    members: ['daniel.mbeki@example.com', 'oliver.grant@example.com', 'zoe.peeters@example.com'],
    grants: [
      ['operator', 'storefront/production'],
      ['viewer', 'storefront'],
    ],
  },
];

/** Those one signs in as, then the farm owners (who also view the environments of their farms). */
export const people: Person[] = [
  person('corporate-admin', 'Corporate Admin', ['administrator', 'corporate']),
  person('account-owner', 'Account Owner', ['administrator', 'storefront']),
  person('environment-operator', 'Environment Operator', ['operator', 'storefront/production']),
  person('viewer', 'Viewer', ['viewer', 'storefront']),
  person('priya.raman', 'Priya Raman', ['publisher', 'payments']),
  person('hana.sato', 'Hana Sato', ['publisher', 'analytics']),
  person('maria.keller', 'Maria Keller'),
  person('tom.okafor', 'Tom Okafor'),
  person('sofia.lindqvist', 'Sofia Lindqvist'),
  person('jonas.weber', 'Jonas Weber'),
  person('amelia.hart', 'Amelia Hart'),
  person('ravi.menon', 'Ravi Menon'),
  person('lukasz.nowak', 'Łukasz Nowak'),
  person('lucia.ferrari', 'Lucia Ferrari'),
  person('daniel.mbeki', 'Daniel Mbeki'),
  person('zoe.peeters', 'Zoë Peeters'),
  person('oliver.grant', 'Oliver Grant'),
  person('fatima.zahra', 'Fatima Zahra'),
];
