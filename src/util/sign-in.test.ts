import { describe, expect, it } from 'vitest';

import { isForFirstAdministrator, signInPathFor, tokenIn, wantedPath } from './sign-in.ts';

describe('the address after signing in', () => {
  it('survives the way to the sign-in page, filters included', () => {
    const [, search] = signInPathFor('/accounts/3/images?query=web&sort=-added').split('?');
    expect(wantedPath(new URLSearchParams(search))).toBe(
      '/accounts/3/images?query=web&sort=-added',
    );
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/sign-in', ''])(
    'is never %j',
    (next) => {
      expect(wantedPath(new URLSearchParams({ next }))).toBeUndefined();
    },
  );
});

describe('the token', () => {
  it.each([
    ['#token=abc', 'abc'],
    ['http://127.0.0.1:4400/sign-in#token=a-b_c', 'a-b_c'],
    ['  http://127.0.0.1:4400/sign-in#token=abc  ', 'abc'],
    ['Xq3kK0aJ2mV7bq1n', 'Xq3kK0aJ2mV7bq1n'],
    ['', undefined],
    ['#', undefined],
    ['http://127.0.0.1:4400/sign-in', undefined],
    ['hello there', undefined],
  ])('in %j is %j', (text, token) => {
    expect(tokenIn(text)).toBe(token);
  });
});

it('a link for the first administrator has its token, and says whom it is for', () => {
  const hash = '#token=a-b_c&first-administrator';
  expect(tokenIn(hash)).toBe('a-b_c');
  expect(isForFirstAdministrator(hash)).toBe(true);
  expect(isForFirstAdministrator('#token=first-administrator')).toBe(false);
});
