import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { makeSecretBox } from './secret-box.ts';

describe('a sealed secret', () => {
  const box = makeSecretBox(randomBytes(32));
  const sealed = box.seal('hunter2', 'APIKA');

  it('opens with its key and label', () => {
    expect(box.open(sealed, 'APIKA')).toBe('hunter2');
  });

  it('shows nothing of the secret, and never looks the same twice', () => {
    expect(sealed.includes('hunter2')).toBe(false);
    expect(box.seal('hunter2', 'APIKA').equals(sealed)).toBe(false);
  });

  it('does not open under the label of another row', () => {
    expect(() => box.open(sealed, 'APIKB')).toThrow();
  });

  it('does not open with another key', () => {
    expect(() => makeSecretBox(randomBytes(32)).open(sealed, 'APIKA')).toThrow();
  });

  it('does not open when any byte was changed or the end was cut off', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => box.open(changed, 'APIKA')).toThrow();
    }
    expect(() => box.open(sealed.subarray(0, 20), 'APIKA')).toThrow();
  });
});
