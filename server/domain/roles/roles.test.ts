import { describe, expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import type { ImageFacts, RoleFacts } from './role-images.ts';
import {
  findAutomationRefusal,
  findCloneRefusal,
  findMisfits,
  findNameClash,
  findSuccessorRefusal,
  nameClashReason,
} from './roles.ts';

const corporate = { scope: 'scalr', account_id: null, environment_id: null } as const;
const account = { scope: 'account', account_id: 1, environment_id: null } as const;
const otherAccount = { scope: 'account', account_id: 2, environment_id: null } as const;
const environment = { scope: 'environment', account_id: 1, environment_id: 11 } as const;
const neighbour = { scope: 'environment', account_id: 1, environment_id: 12 } as const;
const stranger = { scope: 'environment', account_id: 2, environment_id: 21 } as const;

describe('a name is taken', () => {
  const atCorporate: ScopeRef = { scope: 'scalr' };
  const atAccount: ScopeRef = { scope: 'account', accountId: 1 };
  const atEnvironment: ScopeRef = { scope: 'environment', accountId: 1, environmentId: 11 };
  test.each([
    ['at Corporate by Corporate', atCorporate, corporate, true],
    ['at Corporate by an account', atCorporate, account, false],
    ['at Corporate by an environment', atCorporate, environment, false],
    ['in an account by Corporate', atAccount, corporate, true],
    ['in an account by itself', atAccount, account, true],
    ['in an account by another account', atAccount, otherAccount, false],
    ['in an account by one of its environments', atAccount, neighbour, true],
    ["in an account by another account's environment", atAccount, stranger, false],
    ['in an environment by Corporate', atEnvironment, corporate, true],
    ['in an environment by its account', atEnvironment, account, true],
    ['in an environment by itself', atEnvironment, environment, true],
    ['in an environment by its neighbour', atEnvironment, neighbour, false],
  ])('%s: %#', (_, at, place, taken) => {
    const namesake = { ...place, id: 5, name: 'base' };
    expect(findNameClash([namesake], at) !== undefined).toBe(taken);
    expect(findNameClash([namesake], at, 5)).toBeUndefined();
  });

  test('and the sentence says where', () => {
    expect(nameClashReason({ ...corporate, id: 1, name: 'base' })).toContain('Corporate');
    expect(nameClashReason({ ...neighbour, id: 1, name: 'base' })).toContain('environment');
  });
});

describe('automation', () => {
  test.each([
    [['base'], true, undefined],
    [['base', 'chef'], true, undefined],
    [['chef', 'nginx', 'mysql'], true, undefined],
    [['apache', 'mysql', 'memcached', 'rabbitmq'], true, undefined],
    [['nginx', 'tomcat'], true, undefined],
    [['apache', 'haproxy'], true, undefined],
    [[], true, 'InvalidStructure'],
    [[], false, undefined],
    [['base'], false, 'InvalidStructure'],
    [['base', 'base'], true, 'UnicityViolation'],
    [['base', 'apache'], true, 'UnicityViolation'],
    [['chef', 'redis', 'postgresql'], true, 'UnicityViolation'],
    [['apache', 'tomcat'], true, 'UnicityViolation'],
    [['nginx', 'apache'], true, 'UnicityViolation'],
    [['haproxy', 'nginx'], true, 'UnicityViolation'],
  ] as const)('%j with agent %s: %s', (automation, agent, code) => {
    expect(findAutomationRefusal(automation, agent)?.code).toBe(code);
  });
});

const ubuntu = { os_name: 'Ubuntu 24.04', os_family: 'ubuntu', os_generation: '24.04' };
const debian = { os_name: 'Debian 12', os_family: 'debian', os_generation: '12' };
const unknown = { os_name: 'Unknown OS', os_family: null, os_generation: null };

test('a change of OS is stood against by images of another one only', () => {
  expect(findMisfits([ubuntu, debian, unknown], debian)).toEqual([ubuntu]);
});

test('a role is copied only with images that may enter a role now', () => {
  const copy: RoleFacts = { ...environment, ...ubuntu, id: 1, name: 'web', use_scalr_agent: true };
  const image: ImageFacts = {
    ...account,
    ...ubuntu,
    id: 'a',
    name: 'web-1',
    status: 'active' as const,
    deprecated_at: null,
    other_deprecations: [],
    scalr_agent_installed: true,
    cloud_init_installed: false,
  };
  expect(findCloneRefusal(copy, [image])).toBeUndefined();
  const deprecated = { ...image, deprecated_at: new Date() };
  expect(findCloneRefusal(copy, [image, deprecated])).toMatchObject({ code: 'Deprecated' });
  const failed = { ...image, status: 'failed' as const };
  expect(findCloneRefusal(copy, [failed])).toMatchObject({ code: 'UnacceptableImageStatus' });
});

describe('a successor', () => {
  const role = { ...account, id: 1, name: 'old' };
  test.each([
    ['of the same scope', { ...account, id: 2, deprecated_at: null }, undefined],
    ['of a higher scope', { ...corporate, id: 2, deprecated_at: null }, undefined],
    ['that is the role itself', { ...account, id: 1, deprecated_at: null }, 'InvalidValue'],
    ['of a lower scope', { ...environment, id: 2, deprecated_at: null }, 'ScopeViolation'],
    ['of another account', { ...otherAccount, id: 2, deprecated_at: null }, 'ScopeViolation'],
    ['that is deprecated', { ...account, id: 2, deprecated_at: new Date() }, 'Deprecated'],
  ])('%s: %s', (_, successor, code) => {
    expect(findSuccessorRefusal(role, { ...successor, name: 'new' })?.code).toBe(code);
  });
});
