import { describe, expect, it } from 'vitest';
import { checkUrl } from './guards.ts';

describe('a path', () => {
  it.each([
    '/api/v1beta0//os/',
    '/api/v1beta0/global/../self/session/',
    '/api/v1beta0/global/./os/',
    '/api/v1beta0/global/..',
    '/api/v1beta0/global/%2e%2e/os/',
    '/api/v1beta0/global/%2E./os/',
    '/api/v1beta0/global%2fos/',
    '/api/v1beta0/global%5Cos/',
    '/api\\v1beta0/global/os/',
    `/api/${'a'.repeat(9000)}/`,
  ])('that could be read in two ways is refused: %s', (url) => {
    expect(() => checkUrl(url)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
  });

  it.each([
    '/api/v1beta0/global/os/?name=..%2f//',
    '/api/v1beta0/global/images/?query=a..b',
    '/assets/index-a.b.js',
  ])('that is written plainly is not: %s', (url) => {
    expect(() => checkUrl(url)).not.toThrow();
  });
});
