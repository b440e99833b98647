import { describe, expect, it } from 'vitest';

import { paths, scopeOfPath, scopePath, sectionOfPath, withSearch } from './paths.ts';

const corporate = { scope: 'scalr' } as const;
const account = { scope: 'account', accountId: 7 } as const;
const environment = { scope: 'environment', accountId: 7, environmentId: 12 } as const;

describe('paths', () => {
  it('spell the scope first, then the page', () => {
    expect(paths.images(corporate)).toBe('/corporate/images');
    expect(paths.farm(environment, 5)).toBe('/environments/12/farms/5');
    expect(paths.role(account, 31)).toBe('/accounts/7/roles/31');
    expect(paths.farm(environment, 5)).toBe('/environments/12/farms/5');
  });

  it('escape ids, so that no id can leave its place in the address', () => {
    expect(paths.image(corporate, '../x?y#z')).toBe('/corporate/images/..%2Fx%3Fy%23z');
  });

  it('carry the state of the page as search parameters and leave out what is not set', () => {
    expect(paths.images(account, { query: 'a b&c', sort: undefined, inUse: false, page: 2 })).toBe(
      '/accounts/7/images?query=a+b%26c&page=2',
    );
    expect(withSearch('/x', {})).toBe('/x');
  });
});

describe('scopeOfPath', () => {
  it.each([corporate, account, { scope: 'environment', environmentId: 12 } as const])(
    'reads back what scopePath wrote: %o',
    (scope) => {
      expect(scopeOfPath(`${scopePath(scope)}/images`)).toEqual(scope);
      expect(scopeOfPath(scopePath(scope))).toEqual(scope);
    },
  );

  it.each(['/', '/sign-in', '/accounts/x/images', '/accounts/-1', '/accounts/0', '/environments/'])(
    'finds no scope in %s',
    (pathname) => {
      expect(scopeOfPath(pathname)).toBeUndefined();
    },
  );
});

describe('sectionOfPath', () => {
  it.each([
    ['/corporate/roles/5', 'roles'],
    ['/accounts/7/usage', 'usage'],
    ['/environments/12/farms', 'farms'],
    ['/environments/12/replacements/3', 'replacements'],
    ['/accounts/7/servers/0b6f6fd0', 'farms'],
    ['/sign-in', 'images'],
  ])('of %s is %s', (pathname, section) => {
    expect(sectionOfPath(pathname)).toBe(section);
  });
});
