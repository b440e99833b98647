import { describe, test } from 'vitest';
import { missingTools } from './shell-tools.ts';

/** Tests of what people run in a shell. A machine with Node alone skips them, and says so; a CI must not. */
export function describeInShell(name: string, body: () => void): void {
  const sentence = `${name} is tested where ${missingTools.join(', ')} can be found.`;
  if (missingTools.length === 0) describe(name, body);
  else if (process.env.CI === undefined) {
    process.stderr.write(`Skipped: ${sentence}\n`);
    describe.skip(name, body);
  } else
    test(name, () => {
      throw new Error(sentence);
    });
}
