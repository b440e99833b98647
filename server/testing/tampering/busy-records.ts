import { createSignInLink } from '../../auth/sign-in-links.ts';
import type { Db } from '../../database/connection/connection.ts';
import { insertIdentity } from '../../database/queries/people/identities.ts';
import { upsertPassword } from '../../database/queries/people/passwords.ts';
import { recordFailedSignIn } from '../../database/queries/people/sign-ins.ts';
import { beginRecords } from '../../database/records/begins.ts';
import { fetchHeads } from '../../database/records/heads.ts';
import { appendToHeadsFile } from '../../database/records/heads-file.ts';
import { noteBegin } from '../../database/records/ensure-begun.ts';
import { buildTestApp, openBrowser } from '../app.ts';
import { insertFarm, insertImage, insertRole } from '../factories.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { addPasskey, setSecondStep } from '../passkey-people.ts';
import { sampleBodies } from '../sample-bodies.ts';
import { testSeal } from '../test-key.ts';

/**
 * Fills a database as people would: with what was there before records began, and then changes of every kind, sign-ins
 * and answers. What its chains were at is noted in a file meanwhile.
 */
export async function fillRecords(db: Db, headsFile: string): Promise<Tenant> {
  const tenant = await createTenant(db);
  await fillBefore(db, tenant);
  const begin = await beginRecords(db, testSeal, { by: 'system:test', reason: 'A test' });
  await noteBegin(headsFile, testSeal, begin);
  await changeCatalogue(tenant);
  const half = {
    kind: 'heads',
    at: new Date().toISOString(),
    heads: await fetchHeads(db),
  } as const;
  await appendToHeadsFile(headsFile, testSeal, half);
  await changeFarms(tenant);
  await changeOrganisation(tenant);
  await signIn(db, tenant);
  const whole = {
    kind: 'heads',
    at: new Date().toISOString(),
    heads: await fetchHeads(db),
  } as const;
  await appendToHeadsFile(headsFile, testSeal, whole);
  return tenant;
}

/** What older versions left: rows that no record tells of. */
async function fillBefore(db: Db, t: Tenant): Promise<void> {
  const image = await insertImage(db, t.account, { name: 'before' });
  const role = await insertRole(db, t.account, [image.id], { name: 'before' });
  await insertFarm(db, t.environment, role.id);
  await recordFailedSignIn(db, 'used-link', {
    way: 'link',
    origin: '192.0.2.9',
    network: '192.0.2.9',
  });
}

const imageBody = (cloudImageId: string) => ({
  ...(sampleBodies({ imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 }).imageCreate as object),
  name: randomName('image'),
  cloudImageId,
});

/** Images, roles and what stands in them. */
async function changeCatalogue(t: Tenant): Promise<void> {
  const { accountAdmin: who, account: at } = t;
  const make = async (id: string) =>
    (await who.call('imageCreate', at, { body: imageBody(id) as never })).data.id;
  const [old, next, third] = [
    await make('ami-old'),
    await make('ami-next'),
    await make('ami-third'),
  ];
  const category = (await who.call('roleCategoryCreate', at, { body: { name: 'Edge' } })).data.id;
  const body = { name: 'web', category, os: 'ubuntu-24-04' };
  const roleId = (await who.call('roleCreate', at, { body })).data.id;
  await who.call('roleImageCreate', at, { params: { roleId }, body: { image: old } });
  await who.call('imageReplace', at, {
    params: { imageId: old },
    body: { newImage: next, deprecateOldImage: true },
  });
  await who.call('imageUpdate', at, { params: { imageId: third }, body: { description: 'third' } });
  await who.call('imageDeprecate', at, {
    params: { imageId: third },
    body: { deprecate: true, reason: 'CVE-2026-1', replacement: next },
  });
  const gone = await make('ami-gone');
  await who.call('imageDelete', at, { params: { imageId: gone } });
}

async function changeFarms(t: Tenant): Promise<void> {
  const { accountAdmin: who, environment: at } = t;
  const roles = await who.call('roleList', t.account, { query: { name: 'web' } });
  const farm = await who.call('farmCreate', at, { body: { name: 'shop' } });
  const farmId = farm.data.id;
  await who.call('farmRoleCreate', at, {
    params: { farmId },
    body: {
      alias: 'web',
      role: roles.data[0]?.id ?? 0,
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      instanceType: 'm7g.large',
      scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
    },
  });
  await who.call('farmLock', at, { params: { farmId }, body: { lockComment: 'Frozen' } });
}

/** Places, their clouds, and people. */
async function changeOrganisation(t: Tenant): Promise<void> {
  const { corporateAdmin: who, corporate, account } = t;
  await who.call('accountCreate', corporate, { body: { name: 'Ops' } });
  const { data: named } = await who.call('environmentCreate', account, {
    body: { name: 'production' },
  });
  const { data: credentials } = await who.call('cloudCredentialsCreate', account, {
    body: { name: 'main', cloudCredentialsType: 'SimulatedCloudCredentials', provider: 'ec2' },
  });
  await who.call('environmentCloudAttach', account, {
    params: { envId: named.id, cloud: 'ec2' },
    body: { credentials: credentials.id },
  });
  const { data: team } = await who.call('teamCreate', account, { body: { name: 'Platform' } });
  const ann = await invite(t, 'ann@example.com');
  await who.call('teamMemberAdd', account, { params: { teamId: team.id }, body: { user: ann } });
  await who.call('grantCreate', account, { body: { role: 'operator', team: team.id } });
  const userId = await invite(t, 'bob@example.com');
  await who.call('userSuspend', corporate, { params: { userId } });
}

async function invite({ corporateAdmin, account }: Tenant, email: string): Promise<number> {
  const body = { email, role: 'viewer' } as const;
  const { data } = await corporateAdmin.call('userInvite', account, { body });
  return data.user.id;
}

/** Sessions, links, a passkey as a second step, a password, an identity, a key, an answer that is kept, and attempts that failed. */
async function signIn(db: Db, t: Tenant): Promise<void> {
  const app = buildTestApp(db);
  try {
    const { email } = t.accountAdmin;
    const browser = await openBrowser(app, db, email);
    await browser.send('POST', '/self/api-keys/', { name: 'Nightly build' });
    await browser.send('POST', '/self/subscriptions/', {
      channel: 'webhook',
      url: 'https://Hooks.example.com:443/x?y',
      events: ['imageDeprecated'],
      accountId: t.account.accountId,
    });
    await addPasskey({ browser });
    await setSecondStep({ browser }, true);
    const path = `/account/${t.account.accountId}/role-categories/`;
    await browser.send('POST', path, { name: 'Once' }, { 'idempotency-key': 'once' });
  } finally {
    await app.close();
  }
  const { id } = await db
    .selectFrom('users')
    .where('email', '=', t.accountAdmin.email)
    .select('id')
    .executeTakeFirstOrThrow();
  await createSignInLink(db, { email: t.viewer.email, baseUrl: 'http://localhost' });
  await upsertPassword(
    db,
    id,
    `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`,
  );
  await insertIdentity(db, id, { issuer: 'https://idp.example.com', subject: 'ann' });
  for (const outcome of ['wrong-password', 'wrong-password', 'suspended'])
    await recordFailedSignIn(db, outcome, {
      way: 'password',
      email: 'eve@example.com',
      origin: '192.0.2.7',
      network: '192.0.2.7',
    });
}
