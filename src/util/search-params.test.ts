import { describe, expect, it } from 'vitest';

import {
  choiceParam,
  cursorOf,
  flagParam,
  idParam,
  listParam,
  pageSizeParam,
  parseSearch,
  patternParam,
  patchSearch,
  sortParam,
  textParam,
  withoutDialog,
} from './search-params.ts';

const schema = {
  query: textParam(),
  scope: choiceParam(['scalr', 'account']),
  status: listParam(['active', 'failed']),
  inUse: flagParam(),
  ownerId: idParam(),
  sort: sortParam(['name', 'added'], 'name'),
  pageSize: pageSizeParam(),
  cursor: textParam(),
  os: patternParam(/^[a-z0-9-]+$/),
};

function parse(text: string) {
  return parseSearch(schema, new URLSearchParams(text));
}

function patched(text: string, patch: Parameters<typeof patchSearch>[2]) {
  return patchSearch(schema, new URLSearchParams(text), patch).toString();
}

describe('parseSearch', () => {
  it('reads every kind of field', () => {
    expect(
      parse(
        'query=a+b&scope=account&status=failed,active&inUse=false&ownerId=4&sort=-added&pageSize=25&os=ubuntu-24-04',
      ),
    ).toEqual({
      query: 'a b',
      scope: 'account',
      status: ['active', 'failed'],
      inUse: false,
      ownerId: 4,
      sort: '-added',
      pageSize: 25,
      cursor: '',
      os: 'ubuntu-24-04',
    });
  });

  it('falls back field by field on anything wrong, and never throws', () => {
    expect(
      parse(
        'scope=mars&status=active,nonsense&inUse=maybe&ownerId=-3&sort=secret&pageSize=7&os=x%20y',
      ),
    ).toEqual({
      query: '',
      scope: undefined,
      status: ['active'],
      inUse: undefined,
      ownerId: undefined,
      sort: 'name',
      pageSize: 50,
      cursor: '',
      os: undefined,
    });
  });
});

describe('patchSearch', () => {
  it('leaves defaults and empty values out of the address', () => {
    expect(patched('', { query: 'x', sort: 'name', pageSize: 50, status: [] })).toBe('query=x');
    expect(patched('query=x&sort=-added', { query: '', sort: 'name' })).toBe('');
  });

  it('keeps what it was not asked to change', () => {
    expect(patched('dialog=promote&query=x', { inUse: false })).toBe(
      'dialog=promote&query=x&inUse=false',
    );
  });

  it('returns to the first page on any change but of the page', () => {
    expect(patched('cursor=abc&query=x', { query: 'y' })).toBe('query=y');
    expect(patched('query=x', { cursor: 'def' })).toBe('query=x&cursor=def');
  });

  it('writes what parseSearch reads', () => {
    const text = patched('', { status: ['active', 'failed'], inUse: true, sort: '-name' });
    expect(parse(text)).toMatchObject({ status: ['active', 'failed'], inUse: true, sort: '-name' });
  });
});

describe('cursorOf', () => {
  it('finds the cursor of a link, and none where there is no such page', () => {
    expect(cursorOf('/api/v1beta0/account/1/images/?maxResults=5&cursor=a-b_c')).toBe('a-b_c');
    expect(cursorOf('/api/v1beta0/account/1/images/?pageNum=2')).toBeUndefined();
    expect(cursorOf(null)).toBeUndefined();
  });
});

describe('the address of a page without its dialog', () => {
  const without = (address: string) => withoutDialog(new URL(address, 'http://slipway.test'));

  it('is the same whatever dialog is open', () => {
    const page = without('/corporate/images?query=fcos&sort=name');
    expect(without('/corporate/images?query=fcos&dialog=promote&on=7&sort=name')).toBe(page);
    expect(without('/corporate/images?query=fcos&sort=name&dialog=replace&with=8')).toBe(page);
  });

  it('is another one where the page shows something else', () => {
    const page = without('/corporate/images?query=fcos');
    expect(without('/corporate/images?query=deb&dialog=promote')).not.toBe(page);
    expect(without('/corporate/roles?query=fcos')).not.toBe(page);
  });
});
