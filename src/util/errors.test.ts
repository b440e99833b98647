import { describe, expect, it } from 'vitest';

import { ApiError } from '#contract/errors.ts';

import { errorFacts } from './errors.ts';

describe('errorFacts', () => {
  it('keeps what an API error says, with its blockers', () => {
    const error = new ApiError('ObjectInUse', 'The image is used by 2 roles.', {
      field: 'id',
      blockers: [{ type: 'role', id: 4, name: 'web' }],
    });
    expect(errorFacts(error)).toEqual({
      message: 'The image is used by 2 roles.',
      code: 'ObjectInUse',
      status: 409,
      field: 'id',
      blockers: [{ type: 'role', id: 4, name: 'web' }],
    });
  });

  it('says that the server cannot be reached when a fetch fails', () => {
    expect(errorFacts(new TypeError('Failed to fetch')).message).toContain('cannot be reached');
  });

  it.each([undefined, null, {}, '', 5])('always has a sentence to show for %o', (error) => {
    expect(errorFacts(error).message).not.toBe('');
  });
});
