import { expect, test } from 'vitest';
import { describeError } from './vitest-reporter.ts';

const inner = { name: 'Caused by: AssertionError', message: 'expected 2 to be less than 1' };

test('a property that failed is told by what failed it, an assertion or not', () => {
  const property = { name: 'Error', message: 'Property failed after 3 tests\n{ seed: 1 }' };
  expect(describeError({ ...property, cause: inner })).toBe(
    'AssertionError: expected 2 to be less than 1',
  );
  const crash = { name: 'TypeError', message: 'x is not a function' };
  expect(describeError({ ...property, cause: crash })).toBe('TypeError: x is not a function');
  // One that was interrupted, or rejected too many values, failed by nothing else.
  expect(describeError(property)).toMatch(/^Error: Property failed/);
});

test('any other error is told by itself, whatever its cause', () => {
  const error = { name: 'ApiError', message: 'Not now', cause: inner };
  expect(describeError(error)).toBe('ApiError: Not now');
});
