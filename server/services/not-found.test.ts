import { expect, test } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage, insertRole } from '../testing/factories.ts';
import { type Client, createTenant, randomName } from '../testing/harness.ts';

const database = withDatabase();

/** What somebody is told who asks for something that is not there. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => expect.unreachable('It is there'),
    (error: Error) => error.message,
  );
}

const image = (client: Client, at: ScopeRef, imageId: string) =>
  refusalOf(client.call('imageGet', at, { params: { imageId } }));

test('whoever asks for an object that somebody deleted is told who did, and when', async () => {
  const t = await createTenant(database.db);
  const { id, name } = await insertImage(database.db, t.account);
  const role = await insertRole(database.db, t.account, []);
  const { data: farm } = await t.environmentAdmin.call('farmCreate', t.environment, {
    body: { name: randomName('farm') },
  });
  await t.accountAdmin.call('imageDelete', t.account, { params: { imageId: id } });
  await t.accountAdmin.call('roleDelete', t.account, { params: { roleId: role.id } });
  await t.environmentAdmin.call('farmDelete', t.environment, { params: { farmId: farm.id } });
  const by = (email: string) =>
    ` was deleted by ${email} at ${new Date().toISOString().slice(0, 10)} `;
  // The environment saw the account's objects, and the account those of its environments' farms.
  const told = await image(t.viewer, t.environment, id);
  expect(told).toContain(`Image "${name}"${by(t.accountAdmin.email)}`);
  const roleTold = t.viewer.call('roleGet', t.environment, { params: { roleId: role.id } });
  expect(await refusalOf(roleTold)).toContain(by(t.accountAdmin.email));
  const farmTold = t.viewer.call('farmGet', t.account, { params: { farmId: farm.id } });
  expect(await refusalOf(farmTold)).toContain(`Farm "${farm.name}"${by(t.environmentAdmin.email)}`);
});

test('whoever never saw it is told the same as of what never was', async () => {
  const t = await createTenant(database.db);
  const other = await createTenant(database.db);
  const { id } = await insertImage(database.db, t.environment);
  await t.environmentAdmin.call('imageDelete', t.environment, { params: { imageId: id } });
  const unknown = (asked: string) =>
    `No image has the id ${asked} here. It may have been deleted, or it belongs to another scope.`;
  expect(await image(other.viewer, other.account, id)).toBe(unknown(id));
  expect(await image(t.viewer, t.account, id)).toBe(unknown(id));
  const never = crypto.randomUUID();
  expect(await image(t.viewer, t.account, never)).toBe(unknown(never));
});
