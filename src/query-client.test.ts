import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type ErrorCode } from '#contract/errors.ts';

import { sessionQuery } from './api/session.ts';
import { queryClient } from './query-client.ts';

/** Asks for something that always fails. @returns how often it was asked for */
async function countAttempts(error: Error): Promise<number> {
  const ask = vi.fn(() => Promise.reject(error));
  const query = { queryKey: [crypto.randomUUID()], queryFn: ask, retryDelay: 0 };
  await expect(queryClient.fetchQuery(query)).rejects.toBe(error);
  return ask.mock.calls.length;
}

const session = {
  user: { id: 1, email: 'ana@example.com', name: 'Ana' },
  grants: [],
  empty: false,
};

afterEach(() => queryClient.clear());

describe('what was refused', () => {
  it.each(['InvalidValue', 'PermissionViolation', 'ObjectNotFound', 'Conflict'] as const)(
    'with %s is not asked for again: the answer would be the same',
    async (code: ErrorCode) => {
      expect(await countAttempts(new ApiError(code, 'No.'))).toBe(1);
    },
  );

  it.each(['ServiceUnavailable', 'InternalServerError', 'LimitExceeded'] as const)(
    'with %s is asked for three times in all',
    async (code: ErrorCode) => {
      expect(await countAttempts(new ApiError(code, 'Later.'))).toBe(3);
    },
  );

  it('is never sent again by itself when it would change something', async () => {
    const send = vi.fn(() => Promise.reject(new ApiError('ServiceUnavailable', 'Later.')));
    const change = queryClient.getMutationCache().build(queryClient, { mutationFn: send });
    await expect(change.execute(undefined)).rejects.toThrow('Later.');
    expect(send).toHaveBeenCalledTimes(1);
  });
});

describe('a session that has ended', () => {
  it('is noticed by whatever is asked or sent next', async () => {
    const ended = new ApiError('BadAuthentication', 'Sign in first.');
    queryClient.setQueryData(sessionQuery.queryKey, session);
    await countAttempts(ended);
    expect(queryClient.getQueryData(sessionQuery.queryKey)).toBeNull();
    queryClient.setQueryData(sessionQuery.queryKey, session);
    const send = { mutationFn: () => Promise.reject(ended) };
    const change = queryClient.getMutationCache().build(queryClient, send);
    await expect(change.execute(undefined)).rejects.toBe(ended);
    expect(queryClient.getQueryData(sessionQuery.queryKey)).toBeNull();
  });

  it('is not what a refused sign-in link or another refusal tells of', async () => {
    queryClient.setQueryData(sessionQuery.queryKey, session);
    const redeem = queryClient.getMutationCache().build(queryClient, {
      mutationKey: ['sessionCreate'],
      mutationFn: () => Promise.reject(new ApiError('BadAuthentication', 'Used already.')),
    });
    await expect(redeem.execute(undefined)).rejects.toThrow('Used already.');
    await countAttempts(new ApiError('PermissionViolation', 'No.'));
    expect(queryClient.getQueryData(sessionQuery.queryKey)).toEqual(session);
  });
});
