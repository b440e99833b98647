import { describe, expect, test, vi } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { retryConflicts, toApiError } from './errors.ts';
import { ChangesRefusedError } from './pool-driver.ts';

/** As PostgreSQL or the system has it. */
function errorOf(code: string): Error {
  return Object.assign(new Error('of the database'), { code });
}

describe('an error of the database', () => {
  test.each([
    ['a constraint that something is there once', '23505', 'UnicityViolation'],
    ['a constraint that something is referred to', '23503', 'ObjectInUse'],
    ['a check that a value fails', '23514', 'InvalidValue'],
    ['a number that is too large', '22003', 'InvalidValue'],
    ['text with a NUL', '22021', 'InvalidValue'],
    ['a statement that takes too long', '57014', 'ServiceUnavailable'],
    ['a lock that is waited for too long', '55P03', 'ServiceUnavailable'],
    ['a database that stops', '57P01', 'ServiceUnavailable'],
    ['a database that is not there', 'ECONNREFUSED', 'ServiceUnavailable'],
    ['a disk without room', '53100', 'ServiceUnavailable'],
    ['a database that is read-only', '25006', 'ServiceUnavailable'],
    ['a conflict that does not end', '40001', 'ServiceUnavailable'],
    ['a fault of ours', '42601', 'InternalServerError'],
  ])('by %s (%s) is told as %s', (_, sqlState, code) => {
    expect(toApiError(errorOf(sqlState))).toMatchObject({ code });
  });

  test('is told in no words of its own', () => {
    const told = toApiError(errorOf('42601'));
    expect(told.message).not.toContain('of the database');
    expect(told.cause).toBeInstanceOf(Error);
  });

  test('that only changes meet says why, and that reading goes on', () => {
    expect(toApiError(errorOf('53100')).message).toMatch(/no room left.*Reading goes on/);
    const refused = new ChangesRefusedError('The disk is almost full.');
    expect(toApiError(refused)).toMatchObject({ status: 503, message: 'The disk is almost full.' });
  });

  test('that is a refusal stays as it is', () => {
    const refusal = new ApiError('Locked', 'The farm is locked.');
    expect(toApiError(refusal)).toBe(refusal);
  });
});

describe('a transaction', () => {
  const runs = async (code: string): Promise<number> => {
    const attempt = vi.fn(() => Promise.reject(errorOf(code)));
    await expect(retryConflicts(attempt)).rejects.toMatchObject({ code });
    return attempt.mock.calls.length;
  };

  test.each(['40001', '40P01'])('that a conflict aborted (%s) runs three times', async (code) => {
    expect(await runs(code)).toBe(3);
  });

  test.each(['23505', '57014', '55P03'])('that failed by %s runs once', async (code) => {
    expect(await runs(code)).toBe(1);
  });

  test('that comes through at last has its result', async () => {
    const attempt = vi.fn(() => Promise.resolve('done'));
    attempt.mockRejectedValueOnce(errorOf('40001'));
    expect(await retryConflicts(attempt)).toBe('done');
  });
});
