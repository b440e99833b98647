import { expect, test } from 'vitest';
import { lineOf } from './lines.ts';

test.each([
  ['fcos-44-20260607-3-1', 'fcos'],
  ['fcos-44-20260621-3-1', 'fcos'],
  ['nginx-1-9', 'nginx'],
  ['nginx', 'nginx'],
  ['ubuntu-24-04-base', 'ubuntu-24-04-base'],
  ['ubuntu-24-04-base-7', 'ubuntu-24-04-base'],
  // Only whole groups: what a letter is part of is a name.
  ['web2', 'web2'],
  ['app-v2', 'app-v2'],
  ['app-2-rc1', 'app-2-rc1'],
  ['app--1', 'app'],
  // Something is always left.
  ['2026-01-31', '2026'],
  ['44', '44'],
])('%s is of line %s', (name, line) => {
  expect(lineOf(name)).toBe(line);
});
