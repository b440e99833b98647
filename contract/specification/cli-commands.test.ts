import { describe, expect, it } from 'vitest';

import { findCliCommand } from './cli-commands.ts';
import { cliRoutes } from './cli-routes.ts';
import type { OperationSpec } from '../operation.ts';
import { levels } from '../scope.ts';
import type { Level } from '../scope.ts';

const group = (name: string, verbs: string) => verbs.split(' ').map((verb) => `${name} ${verb}`);

const everywhere = [
  ...group('images', 'list register get update delete copy replace'),
  ...group('os', 'list get'),
  ...group('roles', 'list create get update delete'),
  ...group('role-images', 'list create get delete replace'),
  ...group('role-categories', 'list create get update delete'),
];
const credentials = group('cloud-credentials', 'list create get update delete');
const projects = group('projects', 'list create get update delete');

/** What the program's own help lists, of the groups that Slipway serves; `roles promote` fails in it. */
const commands: Record<Level, string[]> = {
  global: [...everywhere, ...credentials].map((command) => `global ${command}`),
  account: [
    ...everywhere,
    ...projects,
    ...credentials,
    ...group('clouds', 'list get replace delete'),
    'roles clone',
    ...group('environments', 'list create get update delete'),
  ].map((command) => `account ${command}`),
  user: [
    ...everywhere,
    ...projects,
    ...group('roles', 'clone deprecate'),
    ...group('cost-centers', 'list get'),
    ...group('farms', 'list create get update delete list-servers clone launch terminate'),
    ...group('farms', 'suspend resume lock unlock'),
    ...group(
      'farm-roles',
      'list create get update delete list-servers launch-server clone import-server',
    ),
    ...group('servers', 'list launch get update reboot resume suspend terminate'),
  ],
};

describe('the commands of scalr-ctl', () => {
  it.each(levels)('at level %s are all found, each by one path', (level) => {
    const found = Object.entries(cliRoutes[level]).flatMap(([path, methods]) =>
      methods
        .split(' ')
        .flatMap((method) => findCliCommand(level, method as OperationSpec['method'], path) ?? []),
    );
    expect(found.toSorted()).toEqual(commands[level].toSorted());
  });

  it('are none for what it cannot do', () => {
    expect(findCliCommand('account', 'POST', '/images/{imageId}/actions/promote/')).toBeUndefined();
    expect(findCliCommand('user', 'POST', '/roles/{roleId}/actions/promote/')).toBeUndefined();
    expect(findCliCommand('global', 'POST', '/roles/{roleId}/actions/clone/')).toBeUndefined();
    expect(findCliCommand('global', 'POST', '/accounts/')).toBeUndefined();
  });
});
