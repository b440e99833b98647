import { expect, it } from 'vitest';
import { Reader } from './reader.ts';

it('lets go whoever does not read, before that takes much memory', () => {
  const reader = new Reader();
  const scopes = [{ accountId: 1, revision: 1, fleet: 1, nouns: ['farms'] as const }];
  let told = 0;
  for (; !reader.stream.destroyed && told < 100_000; told++)
    reader.tell({ position: 1, through: 1, everything: false, scopes });
  expect(reader.stream.destroyed).toBe(true);
  expect(told).toBeLessThan(3_000);
});
