import type { OperationSpec } from '#contract/operation.ts';
import { type OperationId, operations } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { createSession } from '../../auth/sessions.ts';
import { createSignInLink } from '../../auth/sign-in-links.ts';
import type { Db } from '../../database/connection/connection.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import { insertImage, insertRole } from '../factories.ts';
import { randomName, type Tenant } from '../harness.ts';
import { insertCredentials } from '../credentials.ts';
import { attached, beforeImport, importBodyOf } from './cloud-samples.ts';
import { farm, fleetInState, oldFarm, rollout, server } from './fleet-samples.ts';
import {
  anotherSession,
  insertSubscriptionOfAsker,
  insertUserAt,
  passwordOf,
  peopleInState,
  peopleObjects,
} from './people-samples.ts';
import { passkeyBodies } from './passkey-samples.ts';
import { insertFoundImage } from '../inventory.ts';
import { pointersInState } from './pointer-samples.ts';
import { enforceBody, makePolicy, policiesInState } from './policy-samples.ts';
import { sampleBodies } from '../sample-bodies.ts';
import { createKey } from '../signed-client.ts';
import type { Input } from './client.ts';
import type { Place } from './place.ts';
import type { Level } from './specification.ts';

type Params = Record<string, string | number>;
type Make = (place: Place) => Promise<Params>;

/** A request of this operation that succeeds, once, on objects that are made for it. */
export async function sampleOf(
  db: Db,
  tenant: Tenant,
  level: Level,
  id: OperationId,
): Promise<Input> {
  const place: Place = { db, tenant, at: scopeOf(tenant, level) };
  const { path, body }: OperationSpec = operations[id];
  const make = inState[id] ?? ((of: Place) => paramsOf(path, of));
  const params = await make(place);
  return {
    params: { ...params, ...scopeParams(tenant, level) },
    ...(id === 'usageGroupList' && { query: { by: 'farm' } }),
    ...(id === 'roleCurrentImageGet' && { query: { platform: 'ec2', location: 'us-east-1' } }),
    ...(body && { body: await bodyOf(id, place, params) }),
  };
}

/** What a browser that somebody signed in with sends along. */
export async function openSessionCookie(db: Db, email: string): Promise<Record<string, string>> {
  const users = db.selectFrom('users').where('email', '=', email).select('id');
  const { token } = await createSession(db, (await users.executeTakeFirstOrThrow()).id);
  return { cookie: `slipway=${token}`, origin: 'http://localhost' };
}

export function scopeOf(tenant: Tenant, level: Level): ScopeRef {
  if (level === 'user') return tenant.environment;
  return level === 'account' ? tenant.account : tenant.corporate;
}

/** What the path of a level names before the operation's own path. */
export function scopeParams({ account, environment }: Tenant, level: Level): Params {
  if (level === 'user') return { envId: environment.environmentId };
  return level === 'account' ? { accountId: account.accountId } : {};
}

async function bodyOf(id: OperationId, place: Place, params: Params): Promise<unknown> {
  if (id === 'policyEnforce') return enforceBody(place, params);
  if (id === 'sessionCreate') {
    const { email } = place.tenant.viewer;
    const { url } = await createSignInLink(place.db, { email, baseUrl: 'http://localhost' });
    return { token: new URL(url).hash.replace('#token=', '') };
  }
  if (id === 'sessionCreateByPassword') return passwordOf(place);
  if (id === 'subscriptionEnd')
    return { token: (await insertSubscriptionOfAsker(place)).end_token };
  const passkeyBody = passkeyBodies[id];
  if (passkeyBody) return passkeyBody(place);
  if (id === 'signInLinkSend') return { email: place.tenant.viewer.email };
  if (id === 'passwordSet') return { password: 'some words in a row' };
  if (/Demote(?:Preview)?$/.test(id)) return belowOf(place);
  if (id === 'imageSetAddToRole' || id === 'imageSetAddToRolePreview')
    return { role: (await insertRole(place.db, place.at)).id };
  const { id: imageId } = await insertImage(place.db, place.at);
  if (id === 'grantCreate' || id === 'teamMemberAdd')
    return { ...(sampleBodies(nothing)[id] as object), user: await insertUserAt(place) };
  if (id === 'environmentCloudAttach')
    return { credentials: await insertCredentials(place.db, place.at) };
  if (id === 'cloudImageRegister' || id === 'farmRoleServerImport') return importBodyOf(id, place);
  if (id === 'replacementPlan') return planBody(place);
  if (id === 'rolloutPlan') return { farm: (await oldFarm(place)).farmId };
  const { farmId, farmRoleId, roleId } = await farm(place);
  return sampleBodies({ imageId, farmId, farmRoleId, roleId })[id];
}

const nothing = { imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 };

/** An image that a role holds, and one to stand in its place. */
async function planBody({ db, at }: Place) {
  const [oldImage, newImage] = [(await insertImage(db, at)).id, (await insertImage(db, at)).id];
  await insertRole(db, at, [oldImage]);
  return { oldImage, newImage };
}

/** A plan that was not applied yet. */
const planned: Make = async (place) => {
  const { corporateAdmin } = place.tenant;
  const body = await planBody(place);
  return {
    replacementId: (await corporateAdmin.call('replacementPlan', place.at, { body })).data.id,
  };
};

/** A scope below, as the bodies of demotions name it. */
function belowOf({ at, tenant }: Place) {
  return at.scope === 'scalr'
    ? { accountId: tenant.account.accountId }
    : { envId: tenant.environment.environmentId };
}

async function roleWithImage({ db, at }: Place) {
  const image = await insertImage(db, at);
  return { roleId: (await insertRole(db, at, [image.id])).id, imageId: image.id };
}

/** What a parameter of a path stands for: a new object at the scope, or below it. */
const objects: Record<string, (place: Place) => Promise<string | number>> = {
  imageId: async ({ db, at }) => (await insertImage(db, at)).id,
  roleId: async (place) => (await roleWithImage(place)).roleId,
  roleCategoryId: async ({ db, at }) => {
    const values = { name: randomName('Shelf'), ...placeColumns(at) };
    const insert = db.insertInto('role_categories').values(values).returning('id');
    return (await insert.executeTakeFirstOrThrow()).id;
  },
  osId: async () => 'ubuntu-24-04',
  farmId: async (place) => (await farm(place)).farmId,
  farmRoleId: async (place) => (await farm(place)).farmRoleId,
  serverId: async (place) => (await server(place)).serverId,
  imageSetId: async ({ db, at }) => {
    const { id } = await insertImage(db, at);
    const image = db.selectFrom('images').where('id', '=', id).select('set_id');
    return (await image.executeTakeFirstOrThrow()).set_id ?? 0;
  },
  replacementId: async ({ db, at, tenant }) => {
    const [old, next] = [await insertImage(db, at), await insertImage(db, at)];
    await insertRole(db, at, [old.id]);
    const input = { params: { imageId: old.id }, body: { newImage: next.id } };
    const { meta } = await tenant.corporateAdmin.call('imageReplace', at, input);
    return meta?.replacement?.id ?? '';
  },
  operationId: async ({ at, tenant: { corporateAdmin } }) => {
    const body = { name: randomName('category') };
    return (await corporateAdmin.call('roleCategoryCreate', at, { body })).requestId;
  },
  rolloutId: async (place) => (await rollout()(place))['rolloutId'] ?? '',
  projectId: async ({ at, tenant }) => {
    const body = sampleBodies({ imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 }).projectCreate;
    const made = await tenant.corporateAdmin.call('projectCreate', at, { body: body as never });
    return made.data.id;
  },
  // For all but reads of it, the environment need not have it.
  cloud: async () => 'ec2',
  cloudCredentialsId: async ({ at, tenant }) => {
    const body = sampleBodies({ imageId: '', roleId: 0, farmId: 0, farmRoleId: 0 });
    const input = { body: body.cloudCredentialsCreate as never };
    return (await tenant.corporateAdmin.call('cloudCredentialsCreate', at, input)).data.id;
  },
  cloudImageKey: async ({ db, at }) => (await insertFoundImage(db, at)).key,
  costCenterId: async () => '00000000-0000-4000-8000-000000000001',
  accountId: async ({ tenant: { corporateAdmin, corporate } }) => {
    const body = { name: randomName('account') };
    return (await corporateAdmin.call('accountCreate', corporate, { body })).data.id;
  },
  envId: async ({ tenant: { corporateAdmin, account } }) => {
    const body = { name: randomName('environment') };
    return (await corporateAdmin.call('environmentCreate', account, { body })).data.id;
  },
  policyId: makePolicy,
  ...peopleObjects,
  keyId: async ({ db, tenant }) => (await createKey(db, tenant.corporateAdmin.email)).id,
  sessionId: anotherSession,
};

async function paramsOf(path: string, place: Place): Promise<Params> {
  const params: Params = {};
  for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) {
    const make = objects[name];
    if (!make)
      throw new Error(
        `Say in objects of server/testing/conformance/samples.ts what {${name}} stands for`,
      );
    params[name] = await make(place);
  }
  return params;
}

/** Objects that must be in some state for the operation to be possible, and to change something. */
const inState: Partial<Record<OperationId, Make>> = {
  imageReplace: async (place) => ({ imageId: (await roleWithImage(place)).imageId }),
  imageReplacePreview: async (place) => ({ imageId: (await roleWithImage(place)).imageId }),
  imageSetReplace: async (place) => {
    const { db } = place;
    const { imageId } = await roleWithImage(place);
    const image = db.selectFrom('images').where('id', '=', imageId).select('set_id');
    return { imageSetId: (await image.executeTakeFirstOrThrow()).set_id ?? 0 };
  },
  replacementReplan: planned,
  replacementApply: planned,
  replacementCancel: planned,
  environmentCloudList: attached,
  environmentCloudGet: attached,
  environmentCloudAttach: attached,
  environmentCloudDetach: attached,
  roleImageCreate: async ({ db, at }) => ({ roleId: (await insertRole(db, at)).id }),
  roleImageGet: roleWithImage,
  roleImageReplace: roleWithImage,
  roleImageDelete: roleWithImage,
  farmRoleServerImport: beforeImport,
  ...peopleInState,
  ...fleetInState,
  ...policiesInState,
  ...pointersInState,
};
