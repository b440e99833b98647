import { expect, test } from 'vitest';
import { showProgress } from './progress.ts';

function record(isTTY: boolean): { show: ReturnType<typeof showProgress>; written: string[] } {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { show: showProgress({ isTTY, write } as typeof process.stderr), written };
}

test('in a terminal, one line moves', () => {
  const { show, written } = record(true);
  show('servers', 0.5);
  show('done', 1);
  expect(written[0]).toMatch(/^\r\[#{15}\.{15}\] {2}50 % {2}servers *$/);
  expect(written[1]).toMatch(/^\r\[#{30}\] 100 % {2}done *\n$/);
});

test('elsewhere, each step is a line of its own, once', () => {
  const { show, written } = record(false);
  show('servers', 0.5);
  show('servers', 0.6);
  show('done', 1);
  expect(written).toEqual([' 50 %  servers\n', '100 %  done\n']);
});
