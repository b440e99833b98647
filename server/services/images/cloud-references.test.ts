import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkInvariants } from '../../database/invariants.ts';
import { clearFaults, setFault } from '../../database/queries/simulated-cloud/faults.ts';
import {
  group,
  image,
  observe,
  readAll,
  server,
  setEstate,
  template,
} from '../../testing/estates.ts';
import { attachNewCredentials, insertCredentials } from '../../testing/credentials.ts';
import { withDatabase } from '../../testing/database.ts';
import { insertImage } from '../../testing/factories.ts';
import { createTenant, type Tenant } from '../../testing/harness.ts';

// What keeps a machine image from being deleted from its cloud: docs/domain.md, "Deleting an image".

const database = withDatabase();
/** Another one for each test. */
let ami = '';
beforeEach(() => {
  ami = `ami-0${randomBytes(8).toString('hex')}`;
});

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

const registered = (t: Tenant) =>
  insertImage(database.db, t.environment, { cloud_image_id: ami, cloud_location: 'eu-west-1' });

const remove = (t: Tenant, imageId: string, query = { deleteFromCloud: 'true' }) =>
  t.environmentAdmin.call('imageDelete', t.environment, {
    params: { imageId },
    query: query as never,
  });

async function verdictOf(t: Tenant, imageId: string) {
  const input = { params: { imageId }, query: { include: ['actions'] } as never };
  return (await t.environmentAdmin.call('imageGet', t.environment, input)).data.actions
    ?.deleteFromCloud;
}

test('a template that names it keeps it in its cloud, with the reference named, until it is gone', async () => {
  const t = await createTenant(database.db);
  const own = await registered(t);
  const credentials = await observe(database.db, t, [image(ami), template(ami)], ['deleteImages']);
  await expect(remove(t, own.id)).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: {
      blockers: [
        {
          type: 'cloudReference',
          name: 'template web, version 3 ($Latest, $Default)',
          reason: 'names it',
          clearBy: [],
        },
      ],
    },
  });
  expect(await verdictOf(t, own.id)).toMatchObject({ allowed: false, code: 'ObjectInUse' });
  await setEstate(database.db, credentials, [image(ami)]);
  await readAll(database.db);
  expect(await verdictOf(t, own.id)).toMatchObject({ allowed: true });
  expect(await remove(t, own.id)).toMatchObject({ status: 202 });
});

test('a group that would start it keeps it in the catalogue too', async () => {
  const t = await createTenant(database.db);
  const own = await registered(t);
  await observe(database.db, t, [image(ami), template(ami), group('web')], ['deleteImages']);
  await expect(remove(t, own.id, {} as never)).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'farmRole', farmName: 'web (eu-west-1)', clearBy: [] }] },
  });
});

test('a reference in an account that the caller does not see counts, and is not named', async () => {
  const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
  const own = await registered(t);
  await observe(database.db, t, [image(ami)], ['deleteImages']);
  await observe(database.db, other, [image(ami), template(ami)]);
  await expect(remove(t, own.id)).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'hidden', scope: 'account', count: 1 }] },
  });
});

test('a server of another account that is called alike is another one', async () => {
  const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
  const own = await registered(t);
  // What is found with these is in no farm, since no environment uses them.
  const credentials = await insertCredentials(database.db, t.account);
  await setEstate(database.db, credentials, [image(ami), server('box-1', ami)]);
  const elsewhere = await observe(database.db, other, [image(ami), server('box-1', ami)]);
  await expect(remove(t, own.id)).rejects.toMatchObject({ code: 'ObjectInUse' });
  await setEstate(database.db, credentials, [image(ami)]);
  await readAll(database.db);
  // The one of the other account still runs it.
  await expect(remove(t, own.id)).rejects.toMatchObject({
    details: { blockers: [{ type: 'hidden', scope: 'account', count: 1 }] },
  });
  await setEstate(database.db, elsewhere, [image(ami)]);
  await readAll(database.db);
  expect(await remove(t, own.id)).toMatchObject({ status: 202 });
});

test('what was not read keeps it too, and says so in the words of the cloud', async () => {
  const t = await createTenant(database.db);
  const own = await registered(t);
  await observe(database.db, t, [image(ami)], ['deleteImages']);
  const at = { cloud_platform: 'ec2', cloud_location: 'eu-west-1' };
  await setFault(database.db, { ...at, kind: 'throttled', probability: 1, seconds: 0 });
  await readAll(database.db);
  await expect(remove(t, own.id)).rejects.toMatchObject({
    code: 'ObjectInUse',
    message: expect.stringContaining('not all was read'),
    details: {
      blockers: [{ type: 'coverage', name: expect.stringContaining('RequestLimitExceeded') }],
    },
  });
  // Without the cloud, it is known here what uses it.
  await remove(t, own.id, {} as never);
});

test('credentials of the account that were never read keep it, whichever environment they are for', async () => {
  const t = await createTenant(database.db);
  const own = await registered(t);
  await observe(database.db, t, [image(ami)], ['deleteImages']);
  const id = await insertCredentials(database.db, t.otherEnvironment);
  await expect(remove(t, own.id)).rejects.toMatchObject({
    code: 'ObjectInUse',
    details: { blockers: [{ type: 'hidden', scope: 'environment', count: 1 }] },
  });
  await database.db.deleteFrom('cloud_credentials').where('id', '=', id).execute();
  expect(await remove(t, own.id)).toMatchObject({ status: 202 });
});

test('where there are no credentials, nothing is read and nothing is asked', async () => {
  const [t, other] = [await createTenant(database.db), await createTenant(database.db)];
  // Those of another account are none of its own.
  await attachNewCredentials(database.db, other.account, other.environment);
  const own = await registered(t);
  expect(await remove(t, own.id)).toMatchObject({ status: 202 });
});
