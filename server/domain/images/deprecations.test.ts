import { expect, test } from 'vitest';
import { deprecatedWords, isDeprecatedAt, type OtherDeprecation } from './deprecations.ts';

const corporate = { scope: 'scalr' } as const;
const account = { scope: 'account', accountId: 1 } as const;
const environment = { scope: 'environment', accountId: 1, environmentId: 5 } as const;
const elsewhere = { scope: 'environment', accountId: 1, environmentId: 6 } as const;
const scopes = { corporate, account, environment, elsewhere };

const registration = { id: 'x', name: 'app', at: '2026-01-01T00:00:00Z', by: 'ann', reason: null };
const inCorporate = { scope: 'scalr', account_id: null, environment_id: null } as const;
const inAccount = { scope: 'account', account_id: 1, environment_id: null } as const;
const inEnvironment = { scope: 'environment', account_id: 1, environment_id: 5 } as const;

test.each<[string, Partial<OtherDeprecation>[], (keyof typeof scopes)[]]>([
  ['nowhere else', [], []],
  ['at Corporate scope', [inCorporate], ['corporate', 'account', 'environment', 'elsewhere']],
  ['at the account', [inAccount], ['account', 'environment', 'elsewhere']],
  ['in one environment', [inEnvironment], ['environment']],
  ['in another account', [{ ...inAccount, account_id: 2 }], []],
  ['in both', [{ ...inAccount, account_id: 2 }, inEnvironment], ['environment']],
])(
  'a cloud image that is deprecated %s is deprecated for those who see that',
  (_, others, where) => {
    const other_deprecations = others.map((other) => ({ ...registration, ...inAccount, ...other }));
    const image = { deprecated_at: null, other_deprecations };
    const found = Object.entries(scopes).filter(([, at]) => isDeprecatedAt(image, at));
    expect(found.map(([name]) => name)).toEqual(where);
    const own = { deprecated_at: new Date(), other_deprecations };
    expect(Object.values(scopes).every((at) => isDeprecatedAt(own, at))).toBe(true);
  },
);

test('the words say which registration it is, unless it is the image itself', () => {
  const other_deprecations = [{ ...registration, ...inAccount }];
  expect(deprecatedWords({ deprecated_at: null, other_deprecations }, account)).toBe(
    'is deprecated: the same cloud image is deprecated at Account scope, as "app"',
  );
  expect(deprecatedWords({ deprecated_at: new Date(), other_deprecations }, account)).toBe(
    'is deprecated',
  );
});
