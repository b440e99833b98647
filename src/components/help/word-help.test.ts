import { expect, test } from 'vitest';

import { wordHelp } from './word-help.ts';

test('each word is explained in two sentences', () => {
  for (const { text } of Object.values(wordHelp)) expect(text.match(/\.(?: |$)/g)).toHaveLength(2);
});
