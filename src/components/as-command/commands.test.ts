import { describe, expect, it } from 'vitest';

import type { Change, ShownChange } from '../../api/request.ts';
import { laterId } from '../../util/later-id.ts';

import { curlCommands, scalrCtlCommands } from './commands.ts';

const global = { scope: 'scalr' } as const;
const account = { scope: 'account', accountId: 5 } as const;
const user = { scope: 'environment', environmentId: 7 } as const;
const imageId = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';
const newId = '1c6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a22';

/** The lines of scalr-ctl, or why there are none. */
function cli(...changes: ShownChange[]): string {
  const answer = scalrCtlCommands(changes);
  return 'command' in answer ? answer.command : `(${answer.missing})`;
}

const register = (at: typeof global | typeof account | typeof user, name = 'web-1') =>
  ({
    id: 'imageUpdate',
    at,
    input: { params: { imageId }, body: { name } },
  }) satisfies Change<'imageUpdate'>;

describe('scalr-ctl', () => {
  it.each([
    [global, 'global images update'],
    [account, 'account images update --accountId 5'],
    [user, 'images update --envId 7'],
  ])('is told the scope %j', (at, words) => {
    expect(cli(register(at))).toBe(
      `scalr-ctl ${words} --imageId ${imageId} --stdin <<< '{"name":"web-1"}'`,
    );
  });

  const replacement = (at: typeof account | typeof user, more = {}) =>
    ({
      id: 'imageReplace',
      at,
      input: {
        params: { imageId },
        body: { newImage: { id: newId }, scope: ['account', 'environment'], ...more },
      },
    }) satisfies Change<'imageReplace'>;

  it('is told a replacement by options, with the scopes where there is a choice', () => {
    const ids = `--imageId ${imageId} --newImageId ${newId}`;
    expect(cli(replacement(account, { deprecateOldImage: true }))).toBe(
      `scalr-ctl account images replace --accountId 5 ${ids} --scope account,environment --deprecateOldImage`,
    );
    expect(cli(replacement(user, { deprecateOldImage: false, onIncompatible: 'refuse' }))).toBe(
      `scalr-ctl images replace --envId 7 ${ids}`,
    );
  });

  it.each([
    [{ onIncompatible: 'skip' }, 'leave roles out'],
    [{ allowArchitectureChange: true }, 'allow another architecture'],
    [{ reason: 'CVE' }, 'give the reason'],
  ])('cannot be told %j', (more, words) => {
    expect(cli(replacement(account, more))).toBe(`(scalr-ctl can do this, but not ${words}.)`);
  });

  it('takes options for the images of an environment’s role, and JSON at the other scopes', () => {
    const add = (at: typeof account | typeof user) =>
      cli({
        id: 'roleImageCreate',
        at,
        input: { params: { roleId: 12 }, body: { image: { id: newId } } },
      });
    expect(add(user)).toBe(`scalr-ctl role-images create --envId 7 --roleId 12 --imageId ${newId}`);
    expect(add(account)).toBe(
      `scalr-ctl account role-images create --accountId 5 --roleId 12 --stdin <<< '{"image":{"id":"${newId}"}}'`,
    );
  });

  it('deprecates by its own command where it has one, and else by the flag', () => {
    const deprecate = (at: typeof account | typeof user, body = {}) =>
      cli({
        id: 'roleDeprecate',
        at,
        input: { params: { roleId: 12 }, body: { deprecate: true, ...body }, ifMatch: 3 },
      });
    const successor = { replacement: { id: 13 } };
    expect(deprecate(user, successor)).toBe(
      'scalr-ctl roles deprecate --envId 7 --roleId 12 --state DEPRECATED --replacement 13',
    );
    expect(deprecate(account)).toBe(
      `scalr-ctl account roles update --accountId 5 --roleId 12 --stdin <<< '{"deprecated":true}'`,
    );
    expect(deprecate(account, successor)).toContain('not name what to use instead');
    const restore = { params: { imageId }, body: { deprecate: false } };
    expect(cli({ id: 'imageDeprecate', at: global, input: restore })).toBe(
      `scalr-ctl global images update --imageId ${imageId} --stdin <<< '{"deprecated":false}'`,
    );
  });

  it.each([
    ['imagePromote', account, { params: { imageId } }],
    ['rolePromote', user, { params: { roleId: 12 } }],
    ['replacementRollBack', user, { params: { replacementId: imageId } }],
    ['accountCreate', global, { body: { name: 'x' } }],
  ] as const)('has no command for %s, and says so', (id, at, input) => {
    expect(cli({ id, at, input })).toBe('(scalr-ctl has no command for this.)');
  });

  it('copies an image with the place read from standard input', () => {
    const body = { cloudPlatform: 'ec2' as const, cloudLocation: 'eu-west-1' };
    const input = { params: { imageId }, body, ifMatch: 2 };
    expect(cli({ id: 'imageCopy', at: user, input })).toBe(
      `scalr-ctl images copy --envId 7 --imageId ${imageId} --stdin <<< '${JSON.stringify(body)}'`,
    );
  });

  it('deletes without a body, with the query as options', () => {
    const input = { params: { imageId }, query: { deleteFromCloud: true }, ifMatch: 2 };
    expect(cli({ id: 'imageDelete', at: user, input })).toBe(
      `scalr-ctl images delete --envId 7 --imageId ${imageId} --deleteFromCloud true`,
    );
  });
});

describe('curl', () => {
  it('sends what the page sends: query, body and version', () => {
    const changes: ShownChange[] = [
      {
        ...register(user, "it's"),
        input: { params: { imageId }, body: { name: "it's" }, ifMatch: 4 },
      },
      {
        id: 'imageDelete',
        at: user,
        input: { params: { imageId }, query: { deleteFromCloud: true } },
      },
    ];
    expect(curlCommands(changes).split('\n')).toEqual([
      `slipway-curl PATCH /user/7/images/${imageId}/ '{"name":"it'\\''s"}' --header 'If-Match: "4"'`,
      `slipway-curl DELETE '/user/7/images/${imageId}/?deleteFromCloud=true'`,
    ]);
  });
});

describe('changes that build on each other', () => {
  const steps: ShownChange[] = [
    {
      id: 'roleClone',
      at: user,
      input: { params: { roleId: 12 }, body: { name: 'web-2' } },
      makes: 'role_12',
    },
    {
      id: 'roleImageReplace',
      at: user,
      input: { params: { roleId: laterId('role_12'), imageId }, body: { image: { id: newId } } },
    },
  ];

  it('hand on the id of what was made, and stop at a refusal', () => {
    expect(curlCommands(steps).split('\n')).toEqual([
      `role_12=$(slipway-curl POST /user/7/roles/12/actions/clone/ '{"name":"web-2"}' | jq -e .data.id) &&`,
      `slipway-curl POST /user/7/roles/"$role_12"/images/${imageId}/actions/replace/ '{"image":{"id":"${newId}"}}'`,
    ]);
    expect(cli(...steps).split('\n')).toEqual([
      'scalr-ctl roles clone --envId 7 --roleId 12 --name web-2 &&',
      `role_12=$(scalr-ctl roles list --envId 7 --filters name=web-2 --json | jq -e '.data[0].id') &&`,
      `scalr-ctl role-images replace --envId 7 --roleId "$role_12" --imageId ${imageId} --newImageId ${newId}`,
    ]);
  });

  it('have no command of scalr-ctl unless all have one', () => {
    const promote: ShownChange = { id: 'rolePromote', at: user, input: { params: { roleId: 1 } } };
    expect(cli(...steps, promote)).toMatch(/^\(scalr-ctl has no command/);
  });
});
