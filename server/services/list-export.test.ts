import { expect, test } from 'vitest';
import type { OperationId } from '#contract/operations.ts';
import { addressOf } from '../auth/authorise.ts';
import { perform } from '../perform.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';

const database = withDatabase();

/** All lines of an export at an account's scope, header first, as somebody who may only look. */
async function exportLines(
  t: Tenant,
  operation: 'imageExport' | 'imageSetExport',
  query: Record<string, unknown>,
) {
  const { id } = await database.db
    .selectFrom('users')
    .where('email', '=', t.viewer.email)
    .select('id')
    .executeTakeFirstOrThrow();
  const lines: (readonly (string | number | null)[])[] = [];
  await perform<OperationId>(database.db, {
    operation,
    caller: { kind: 'user', userId: id, email: t.viewer.email },
    address: addressOf(t.account),
    input: { params: {}, query, body: undefined },
    consume: async (rows) => {
      for await (const row of rows) lines.push(row);
    },
  });
  return lines;
}

test('the export of images and of image sets has every row of the list, however many, in its order', async () => {
  const t = await createTenant(database.db);
  const line = randomName('many');
  for (let n = 1; n <= 120; n++)
    for (const cloud_location of ['us-east-1', 'eu-west-1'])
      await insertImage(database.db, t.account, { name: `${line}-${n}`, cloud_location });
  const query = { query: line, sort: '-name' };
  const expected = Array.from({ length: 120 }, (_, index) => `${line}-${120 - index}`);
  const [header, ...sets] = await exportLines(t, 'imageSetExport', query);
  expect(header?.[0]).toBe('Version');
  expect(sets.map(([name]) => name)).toEqual(expected);
  const places = header?.indexOf('Places') ?? -1;
  expect(sets[0]?.[places]).toBe('ec2 eu-west-1, ec2 us-east-1');
  const [, ...images] = await exportLines(t, 'imageExport', query);
  expect(images.map(([name]) => name)).toEqual(expected.flatMap((name) => [name, name]));
});

test('no cell of an export starts a formula', async () => {
  const t = await createTenant(database.db);
  const name = `@${randomName('sum')}`;
  await insertImage(database.db, t.account, { name });
  for (const operation of ['imageExport', 'imageSetExport'] as const)
    expect((await exportLines(t, operation, { query: name }))[1]?.[0]).toBe(`'${name}`);
});
