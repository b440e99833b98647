import { expect, test } from 'vitest';
import {
  defaultScaling,
  type EnteringRole,
  findExchangeRefusal,
  findFarmEntryRefusal,
  planScaling,
  settleSpellings,
} from './farm-roles.ts';

function role(values: Partial<EnteringRole> = {}): EnteringRole {
  return {
    id: 1,
    name: 'web',
    deprecated_at: null,
    os_family: 'ubuntu',
    os_name: 'Ubuntu 24.04',
    use_scalr_agent: true,
    builtin_automation: ['base'],
    ...values,
  };
}

test.each([
  [{}, [], undefined],
  [{ deprecated_at: new Date(0) }, [], 'Deprecated'],
  [{ builtin_automation: ['redis'] }, ['redis'], 'UnicityViolation'],
  [{ builtin_automation: ['mysql'] }, ['percona'], 'UnicityViolation'],
  [{ builtin_automation: ['mysql'] }, ['postgresql'], undefined],
  [{ builtin_automation: ['nginx'] }, ['nginx'], undefined],
])('role %o beside %o enters a farm: %s', (values, automation, code) => {
  const others = automation.map((one) => ({ alias: 'db', builtin_automation: [one] }));
  expect(findFarmEntryRefusal(role(values), others)?.code).toBe(code);
});

test.each([
  [{}, {}, undefined],
  [{}, { os_family: 'debian' }, 'OperatingSystemMismatch'],
  [{}, { use_scalr_agent: false, builtin_automation: [] }, 'ConfigurationMismatch'],
  [{ builtin_automation: ['nginx'] }, { builtin_automation: ['apache'] }, 'UnicityViolation'],
  [{ builtin_automation: ['base', 'chef'] }, {}, undefined],
])('a farm role goes over from %o to %o: %s', (now, next, code) => {
  expect(findExchangeRefusal(role(now), role(next))?.code).toBe(code);
});

test.each([
  [{}, { enabled: true, minInstances: 1, maxInstances: 2 }],
  [{ minInstances: 5 }, { enabled: true, minInstances: 5, maxInstances: 5 }],
  [{ enabled: false }, { enabled: false, minInstances: 1, maxInstances: 2 }],
  [
    { minInstances: 0, maxInstances: 400 },
    { enabled: true, minInstances: 0, maxInstances: 400 },
  ],
  [
    { minInstances: 3, maxInstances: 2 },
    { code: 'InvalidValue', field: 'scaling.maxInstances' },
  ],
  [{ maxInstances: 0 }, { code: 'InvalidValue' }],
])('scaling %o becomes %o', (wanted, expected) => {
  expect(planScaling(defaultScaling, wanted)).toMatchObject(expected);
});

test.each([
  [undefined, 'a', undefined, 'a'],
  [undefined, undefined, 'b', 'b'],
  [undefined, 'a', 'a', 'a'],
  [undefined, undefined, undefined, undefined],
  ['a', 'a', 'b', 'b'],
  ['b', 'a', 'b', 'a'],
  ['c', 'c', 'c', 'c'],
])('at %s, %s and %s mean %s', (now, one, two, value) => {
  const fields = [
    { field: 'platform', value: one },
    { field: 'cloudPlatform', value: two },
  ] as const;
  expect(settleSpellings(now, ...fields)).toEqual({ value });
});

test('two spellings that disagree are refused', () => {
  const settled = settleSpellings('c', { field: 'x', value: 'a' }, { field: 'y', value: 'b' });
  expect(settled).toMatchObject({ code: 'InvalidValue', field: 'y' });
});
