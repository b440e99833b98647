import { policyKinds } from '#contract/policies/rules.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { anotherSession, insertSubscriptionOfAsker } from '../conformance/people-samples.ts';
import { insertPasskeyOfAsker } from '../conformance/passkey-samples.ts';
import { attachNewCredentials, insertCredentials } from '../credentials.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../factories.ts';
import { randomName, type Tenant } from '../harness.ts';
import { insertFoundImage } from '../inventory.ts';
import type { PoolIds } from './pool-ids.ts';

/** Something of every kind, at every scope of a tenant. */
export async function fillEstate(db: Db, tenant: Tenant, pools: PoolIds): Promise<void> {
  const { corporate, account, environment, otherEnvironment } = tenant;
  for (const at of [corporate, account, environment, otherEnvironment]) {
    await insertCatalogue(db, tenant, at);
    await makePlans(db, tenant, at);
    await makePolicies(tenant, at);
    await insertPeople(db, at, pools);
    await insertCredentials(db, at);
  }
  await attachNewCredentials(db, account, otherEnvironment);
  await insertOwnThings(db, tenant, pools);
}

/** Images in every state, roles that hold some, and what runs on them. */
async function insertCatalogue(db: Db, tenant: Tenant, at: ScopeRef): Promise<void> {
  await insertFoundImage(db, at);
  const used = await insertImage(db, at);
  const role = await insertRole(db, at, [used.id]);
  const farmAt = at.scope === 'environment' ? at : tenant.environment;
  const { farmRoleId } = await insertFarm(db, farmAt, role.id);
  await insertServers(db, farmRoleId, used.id, 2);
  await insertServers(db, farmRoleId, used.id, 1, 'suspended');
  await insertServers(db, farmRoleId, used.id, 1, 'terminated');
  await insertRole(db, at);
  const category = { name: randomName('c'), ...placeColumns(at) };
  await db.insertInto('role_categories').values(category).execute();
  await insertImage(db, at, { cloud_platform: 'gce', cloud_location: '' });
  await insertImage(db, at, { architecture: 'aarch64' });
  await insertImage(db, at, { status: 'failed', status_error: 'The cloud said no.' });
  await insertImage(db, at, { deprecated_at: new Date(), deprecated_by: 'test@example.com' });
}

/** A project, a replacement that was carried out and one that was not, and a rollout. */
async function makePlans(db: Db, { corporateAdmin }: Tenant, at: ScopeRef): Promise<void> {
  const costCenter = '00000000-0000-4000-8000-000000000001';
  const project = { costCenter, billingCode: 'P', leadEmail: 'lead@example.com' };
  if (at.scope !== 'scalr')
    await corporateAdmin.call('projectCreate', at, {
      body: { name: randomName('p'), ...project },
    });
  const [used, next] = [await insertImage(db, at), await insertImage(db, at)];
  await insertRole(db, at, [used.id]);
  const plan = { oldImage: used.id, newImage: next.id };
  await corporateAdmin.call('replacementPlan', at, { body: plan });
  const input = { params: { imageId: used.id }, body: { newImage: next.id } };
  await corporateAdmin.call('imageReplace', at, input);
  await corporateAdmin.call('rolloutPlan', at, { body: {} });
}

/** One of each kind, evaluated. */
async function makePolicies({ corporateAdmin }: Tenant, at: ScopeRef): Promise<void> {
  for (const kind of policyKinds) {
    const body = { name: randomName('policy'), kind, rule: {} };
    const { data } = await corporateAdmin.call('policyCreate', at, { body });
    const params = { policyId: data.id };
    await corporateAdmin.call('policyEvaluate', at, { params, body: {} });
  }
}

/** People who may be shut out, one of them invited, with a right each, and a team that has one of them. */
async function insertPeople(db: Db, at: ScopeRef, pools: PoolIds): Promise<void> {
  const team = { name: randomName('team'), created_by: 'test', ...placeColumns(at) };
  const { id: team_id } = await db
    .insertInto('teams')
    .values(team)
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const role of ['viewer', 'operator'] as const) {
    const email = `${randomName('member')}@example.com`;
    const user = await db
      .insertInto('users')
      .values({ email, name: email, ...(role === 'viewer' && { invited_at: new Date() }) })
      .returning('id')
      .executeTakeFirstOrThrow();
    const grant = await db
      .insertInto('grants')
      .values({ user_id: user.id, role, ...placeColumns(at) })
      .returning('id')
      .executeTakeFirstOrThrow();
    if (role === 'operator')
      await db.insertInto('team_members').values({ team_id, user_id: user.id }).execute();
    pools.add('member', String(user.id));
    pools.add('grant', String(grant.id));
  }
}

/** What somebody has of their own. */
async function insertOwnThings(db: Db, tenant: Tenant, pools: PoolIds): Promise<void> {
  const place = { db, tenant, at: tenant.corporate };
  pools.add('session', await anotherSession(place));
  pools.add('passkey', String((await insertPasskeyOfAsker(place)).id));
  pools.add('subscription', String((await insertSubscriptionOfAsker(place)).id));
}
