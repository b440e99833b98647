import { describe, expect, it } from 'vitest';
import { ApiError } from '#contract/errors.ts';

import { operationUrl } from './request.ts';

const environment = { scope: 'environment', environmentId: 7 } as const;

describe('the address of a request', () => {
  it.each([
    [{ scope: 'scalr' }, '/api/v1beta0/global/images/'],
    [{ scope: 'account', accountId: 3 }, '/api/v1beta0/account/3/images/'],
    [environment, '/api/v1beta0/user/7/images/'],
  ] as const)('carries the scope %j', (at, url) => {
    expect(operationUrl('imageList', at, {})).toBe(url);
  });

  it('fills in parameters, joins lists and leaves out what is not set', () => {
    const url = operationUrl('imageGet', environment, {
      params: { imageId: 'a/b' },
      query: { include: ['usage', 'actions'] },
    });
    expect(url).toBe('/api/v1beta0/user/7/images/a%2Fb/?include=usage%2Cactions');
    expect(
      operationUrl('imageList', environment, {
        query: { query: '', deprecated: false, maxResults: 50, name: undefined },
      }),
    ).toBe('/api/v1beta0/user/7/images/?deprecated=false&maxResults=50');
  });

  it('of the session belongs to no scope', () => {
    expect(operationUrl('sessionGet', 'self', {})).toBe('/api/v1beta0/self/session/');
  });

  it('is refused at a level where the operation does not exist', () => {
    expect(() => operationUrl('accountList', environment, {})).toThrow(ApiError);
  });
});
