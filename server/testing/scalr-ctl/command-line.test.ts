import { describe, expect, it } from 'vitest';
import { readCommandLine, UnknownCommandError, UsageError } from './command-line.ts';

const settings = { envId: 3, accountId: 1, view: 'json' };
const read = (line: string) => readCommandLine(line.split(' '), settings);

describe('a command line of scalr-ctl', () => {
  it('is a route of its scope, with ids from options and from the configuration', () => {
    const line = read('account role-images replace --roleId 19 --imageId a-b --stdin');
    expect(line).toMatchObject({ stdin: true, view: 'json' });
    expect(line.command).toMatchObject({
      method: 'POST',
      route: '/{accountId}/roles/{roleId}/images/{imageId}/actions/replace/',
      params: { accountId: 1, roleId: '19', imageId: 'a-b' },
    });
    expect(read('images get --imageId x --envId 7').command.params).toEqual({
      envId: '7',
      imageId: 'x',
    });
  });

  it('turns filters and paging into the query, but for values with a comma or an equals sign', () => {
    const { options } = read(
      'images list --filters name=a,os=b=c,status=active --max-results=5 --page-number 2',
    ).command;
    expect(options).toEqual({ name: 'a', status: 'active', maxResults: '5', pageNum: '2' });
  });

  it.each([
    ['images replace --imageId a --newImageId b', { deprecateOldImage: false }],
    [
      'account images replace --imageId a --newImageId b --deprecateOldImage',
      { deprecateOldImage: true, scope: ['account'] },
    ],
    [
      'global images replace --imageId a --newImageId b --scope scalr,account',
      { deprecateOldImage: false, scope: ['scalr', 'account'] },
    ],
  ])('makes the body of %s', (line, body) => {
    expect(read(line).command.stdin).toEqual({ newImage: { id: 'b' }, ...body });
  });

  it('has a word for what is missing and for what is unknown', () => {
    expect(() => read('images get')).toThrow(new UsageError('Missing option "--imageId".'));
    expect(() => read('images promote --imageId a')).toThrow(UnknownCommandError);
  });
});
