import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { countPlaywright, countVitest } from './counts.mjs';

const folder = mkdtempSync(join(tmpdir(), 'counts-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(content) {
  const file = join(folder, 'report.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

test('tests are counted as their runners count them', () => {
  const vitest = report({ numPassedTests: 5, numFailedTests: 2 });
  expect(countVitest(vitest, 1)).toEqual({ passed: 5, failed: 2 });
  const playwright = report({ stats: { expected: 3, unexpected: 1, flaky: 1, skipped: 4 } });
  expect(countPlaywright(playwright, 1)).toEqual({ passed: 3, failed: 2 });
});

test('a run that failed outside of its tests counts as a failure', () => {
  const vitest = report({ numPassedTests: 5, numFailedTests: 0 });
  expect(countVitest(vitest, 1)).toEqual({ passed: 5, failed: 1 });
});

test('a run that left no report, or ran no test, counts as a failure', () => {
  expect(countVitest(join(folder, 'none.json'), 0)).toEqual({ passed: 0, failed: 1 });
  const playwright = report({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 } });
  expect(countPlaywright(playwright, 0)).toEqual({ passed: 0, failed: 1 });
});
