import { afterEach, expect, test, vi } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import { addressOf } from '../auth/authorise.ts';
import { checkInvariants } from '../database/invariants.ts';
import { clearFaults, setFault } from '../database/queries/simulated-cloud/faults.ts';
import { perform } from '../perform.ts';
import { attachNewCredentials } from '../testing/credentials.ts';
import { withDatabase } from '../testing/database.ts';
import { openPromptClouds } from '../testing/fleet.ts';
import { type Client, createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { imageFinder } from './image-sight.ts';

const database = withDatabase();

afterEach(async () => {
  await clearFaults(database.db, {});
  expect(await checkInvariants(database.db)).toEqual([]);
});

/** Registers an image where clouds can be asked. */
async function register(
  t: Tenant,
  at: ScopeRef,
  who: Client = t.accountAdmin,
  find = imageFinder(openPromptClouds(database.db)),
) {
  const { db } = database;
  const users = db.selectFrom('users').where('email', '=', who.email).select('id');
  const { id: userId } = await users.executeTakeFirstOrThrow();
  const findImage = vi.fn(find);
  const body = {
    name: randomName('image'),
    cloudPlatform: 'ec2' as const,
    cloudLocation: 'us-east-1',
    cloudImageId: `ami-${randomName('')}`,
    os: { id: 'ubuntu-24-04' },
    architecture: 'x86_64' as const,
    size: 8,
  };
  const done = perform(db, {
    operation: 'imageCreate',
    caller: { kind: 'user', userId, email: who.email },
    address: addressOf(at),
    input: { params: {}, query: {}, body },
    clouds: { allowsPrivate: false, findImage },
  });
  return { done: done.finally(() => undefined), findImage };
}

const everywhere = { cloud_platform: '*', cloud_location: '*', probability: 1, seconds: 0 };

test('an image is checked with the credentials of its environment when it is registered', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  const { data, warnings } = await (await register(t, t.environment)).done;
  expect(data).toMatchObject({ checked: expect.any(String) as string });
  expect(warnings.map(({ code }) => code)).not.toContain('NotChecked');
});

test('an image that the cloud of its environment does not have is not registered', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  await setFault(database.db, { kind: 'image-missing', ...everywhere });
  const { done } = await register(t, t.environment);
  await expect(done).rejects.toMatchObject({
    code: 'InvalidValue',
    details: { field: 'cloudImageId' },
  });
});

test.each([
  ['architecture', 'aarch64', undefined],
  ['size', undefined, 15],
])(
  'an image that has another %s in its cloud is not registered',
  async (field, architecture, sizeGb) => {
    const t = await createTenant(database.db);
    await attachNewCredentials(database.db, t.account, t.environment);
    const sight = { is: 'there' as const, architecture, sizeGb, warnings: [] };
    const { done } = await register(t, t.environment, t.accountAdmin, async () => sight);
    await expect(done).rejects.toMatchObject({ code: 'InvalidValue', details: { field } });
  },
);

test('a cloud that does not answer keeps nobody from registering, and it is said', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  await setFault(database.db, { kind: 'throttled', ...everywhere });
  const { data, warnings } = await (await register(t, t.environment)).done;
  expect(data).toMatchObject({ checked: null });
  expect(warnings).toContainEqual({
    code: 'NotChecked',
    message: expect.stringContaining('RequestLimitExceeded') as string,
  });
});

test('no cloud is asked above environments, without credentials, or for somebody who may not register', async () => {
  const t = await createTenant(database.db);
  await attachNewCredentials(database.db, t.account, t.environment);
  for (const at of [t.account, t.otherEnvironment]) {
    const { done, findImage } = await register(t, at);
    expect((await done).data).toMatchObject({ checked: null });
    expect(findImage).not.toHaveBeenCalled();
  }
  const { done, findImage } = await register(t, t.environment, t.viewer);
  await expect(done).rejects.toMatchObject({ code: 'PermissionViolation' });
  expect(findImage).not.toHaveBeenCalled();
});
