import { describe, expect, test } from 'vitest';
import { titleName } from '#contract/fields.ts';
import { withDatabase } from '../../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../../testing/harness.ts';

const database = withDatabase();

/** How each kind of object with a free name is made and renamed. */
const kinds = {
  account: {
    create: (t: Tenant, name: string) =>
      t.corporateAdmin.call('accountCreate', t.corporate, { body: { name } }),
    rename: (t: Tenant, accountId: number | string, name: string) =>
      t.corporateAdmin.call('accountUpdate', t.corporate, {
        params: { accountId },
        body: { name },
      }),
  },
  environment: {
    create: (t: Tenant, name: string) =>
      t.accountAdmin.call('environmentCreate', t.account, { body: { name } }),
    rename: (t: Tenant, envId: number | string, name: string) =>
      t.accountAdmin.call('environmentUpdate', t.account, { params: { envId }, body: { name } }),
  },
  farm: {
    create: (t: Tenant, name: string) =>
      t.environmentAdmin.call('farmCreate', t.environment, { body: { name } }),
    rename: (t: Tenant, farmId: number | string, name: string) =>
      t.environmentAdmin.call('farmUpdate', t.environment, { params: { farmId }, body: { name } }),
  },
  project: {
    create: (t: Tenant, name: string) =>
      t.accountAdmin.call('projectCreate', t.account, {
        body: {
          name,
          costCenter: '00000000-0000-4000-8000-000000000001',
          billingCode: 'P-1',
          leadEmail: 'lead@example.com',
        },
      }),
    rename: (t: Tenant, projectId: number | string, name: string) =>
      t.accountAdmin.call('projectUpdate', t.account, {
        params: { projectId: String(projectId) },
        body: { name },
      }),
  },
};

describe.each(Object.entries(kinds))('the name of a new %s', (_, { create, rename }) => {
  test.each([
    ['in another case', 'Zürich', 'ZÜRICH'],
    ['composed otherwise', 'Zürich', 'Zu\u0308rich'],
  ])('is not one that exists already, %s', async (__, first, second) => {
    const t = await createTenant(database.db);
    const end = randomName('');
    const { data } = await create(t, `${first}${end}`);
    const taken = { code: 'UnicityViolation', details: { field: 'name' } };
    await expect(create(t, `${second}${end}`)).rejects.toMatchObject(taken);
    const other = await create(t, randomName('other'));
    await expect(rename(t, other.data.id, `${second}${end}`)).rejects.toMatchObject(taken);
    const renamed = await rename(t, data.id, `${first.toUpperCase()}${end}`);
    expect(renamed.data.name).toBe(`${first.toUpperCase()}${end}`);
  });
});

test.each([
  ['a line break', 'a\nb'],
  ['a tab', 'a\tb'],
  ['a space without width', 'a\u200bb'],
  ['a soft hyphen', 'a\u00adb'],
  ['a line separator', 'a\u2028b'],
  ['nothing but a filler', '\u3164'],
  ['a space at its end', 'a '],
  ['nothing', ''],
])('a name with %s is refused', (_, name) => {
  expect(titleName.safeParse(name).success).toBe(false);
});

test('a name is kept in its composed form', () => {
  expect(titleName.parse('Zu\u0308rich')).toBe('Zürich');
});
