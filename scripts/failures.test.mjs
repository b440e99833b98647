import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { failuresIn } from './failures.mjs';

const folder = mkdtempSync(join(tmpdir(), 'failures-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name, content) => writeFileSync(join(folder, name), JSON.stringify(content));

test('what failed is told from the reports of all runs, and nothing else', () => {
  write('vitest.json', {
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'failed', fullName: 'adds', failureMessages: ['\u001B[31mnot 2\u001B[39m'] },
          { status: 'passed', fullName: 'subtracts', failureMessages: [] },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'cannot load', assertionResults: [] },
    ],
  });
  const failed = { ok: false, file: 'c.spec.ts', title: 'clicks' };
  const tests = [{ results: [{ errors: [{ message: 'no button' }] }] }];
  write('browser.json', {
    errors: [{ message: 'no server' }],
    suites: [
      {
        suites: [
          {
            specs: [
              { ...failed, tests },
              { ok: true, title: 'types' },
            ],
          },
        ],
      },
    ],
  });
  write('steps.json', ['Lint']);
  expect(failuresIn(folder)).toEqual([
    'npm test: Lint',
    'vitest.json: a.test.ts: adds\n    not 2',
    'vitest.json: b.test.ts: the file itself\n    cannot load',
    'browser.json: : the run\n    no server',
    'browser.json: c.spec.ts: clicks\n    no button',
  ]);
});

test('runs that left no report have nothing to tell', () => {
  expect(failuresIn(join(folder, 'none'))).toEqual([]);
});
