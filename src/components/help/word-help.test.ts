import { expect, test } from 'vitest';

import paper from '../../../docs/domain.md?raw';

import { wordHelp } from './word-help.ts';

test('each word that is explained leads to a section that is there', () => {
  const headings = [...paper.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual(
    expect.arrayContaining(Object.values(wordHelp).map(({ section }) => section)),
  );
});

test('each word is explained in two sentences', () => {
  for (const { text } of Object.values(wordHelp)) expect(text.match(/\.(?: |$)/g)).toHaveLength(2);
});
