import { describe, expect, it } from 'vitest';

import { laterId } from './later-id.ts';
import { shellWord } from './shell.ts';

describe('a word of a command line', () => {
  it('stands as it is where nothing in it has a meaning', () => {
    expect(shellWord('/user/3/images/?deleteFromCloud=true')).toBe(
      "'/user/3/images/?deleteFromCloud=true'",
    );
    expect(shellWord('web-base-1')).toBe('web-base-1');
    expect(shellWord('')).toBe("''");
  });

  it('is quoted where something in it has a meaning, quotes too', () => {
    expect(shellWord('two words')).toBe("'two words'");
    expect(shellWord('$(id)')).toBe("'$(id)'");
    expect(shellWord("it's")).toBe(String.raw`'it'\''s'`);
  });

  it('has a variable for an id that is not known yet, in an address and in JSON', () => {
    const roleId = laterId('role_7');
    expect(shellWord(`/user/3/roles/${encodeURIComponent(roleId)}/images/`)).toBe(
      '/user/3/roles/"$role_7"/images/',
    );
    expect(shellWord(JSON.stringify({ replacement: { id: roleId } }))).toBe(
      `'{"replacement":{"id":'"$role_7"'}}'`,
    );
  });
});
