import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { CloudCredentialsInput } from '#contract/clouds/cloud-credentials.ts';
import { ApiError } from '#contract/errors.ts';
import {
  areCredentialsNamed,
  cloudCredentialsListPlan,
  type CloudCredentialsRow,
  deleteCloudCredentialsRow,
  fetchCloudCredentials,
  findVisibleCredentials,
  insertCloudCredentials,
  updateCloudCredentials,
} from '../../database/queries/clouds/cloud-credentials.ts';
import { removeObservedFarms } from '../../database/queries/observed-farms/observed-farms.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { placeColumns } from '../../database/queries/records/operations-log.ts';
import {
  planCredentials,
  planProvider,
  planRights,
} from '../../domain/credentials/cloud-credentials.ts';
import type { CredentialsPlan } from '../../domain/credentials/credentials-plan.ts';
import { planUpdate } from '../../domain/organisation.ts';
import { demandOwn, refuseOtherScope } from '../access.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { refusalError } from '../refuse.ts';
import { queueCredentialsTest } from './credentials-tests.ts';
import { refuseIfUsed } from './credentials-users.ts';
import { demandAllowedAddress } from './credentials-reach.ts';
import { demandCertificate, demandKeyPair } from './key-pairs.ts';
import { nameOf, presentCredentials, toRecordedCredentials } from './present-credentials.ts';

/** How Slipway speaks to clouds: docs/domain.md, "Cloud credentials". */
export const cloudCredentialsHandlers = {
  cloudCredentialsList: async (ctx, { query }) => {
    const sort = query.sort ?? 'added';
    const plan = cloudCredentialsListPlan(ctx.scope, query, sort);
    const of = ['cloudCredentialsList', ctx.scope];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = await fetchCloudCredentials(ctx.tx, ids);
    return { data: await presentCredentials(ctx, rows, query.include), page };
  },

  cloudCredentialsGet: async (ctx, { params, query }) => {
    const row = await getCredentials(ctx, params.cloudCredentialsId);
    return { data: await present(ctx, row, query.include) };
  },

  cloudCredentialsCreate: async (ctx, { body }) => {
    refuseOtherScope(ctx, body.scope);
    const { cloudCredentialsType: type, name } = body;
    const provider = planProvider(type, body.provider);
    if (typeof provider !== 'string') throw refusalError(provider);
    const plan = demandPlan(planCredentials(type, undefined, body));
    await demandFreeName(ctx, name);
    const id = randomUUID();
    const row = await insertCloudCredentials(ctx.tx, {
      id,
      ...placeColumns(ctx.scope),
      type,
      cloud_platform: provider,
      name,
      description: body.description ?? '',
      rights: planRights([], body.rights),
      farm_tag: body.farmTag ?? null,
      ...(body.ownerTag !== undefined && { owner_tag: body.ownerTag }),
      settings: JSON.stringify(plan.settings),
      ...sealSecrets(ctx, id, plan),
      created_by: ctx.actor,
      added_at: ctx.now,
    });
    ctx.record({ kind: 'cloudCredentials', after: toRecordedCredentials(row) });
    return { data: await present(ctx, row) };
  },

  cloudCredentialsUpdate: async (ctx, { params, body }) => {
    refuseOtherScope(ctx, body.scope);
    const before = await getOwnCredentials(ctx, params.cloudCredentialsId);
    const after = await change(ctx, before, body);
    if (after !== before)
      ctx.record({
        kind: 'cloudCredentials',
        before: toRecordedCredentials(before),
        after: toRecordedCredentials(after),
      });
    return { data: await present(ctx, after) };
  },

  cloudCredentialsTest: async (ctx, { params }) => {
    const before = await getOwnCredentials(ctx, params.cloudCredentialsId);
    return { data: await present(ctx, await queueCredentialsTest(ctx, before)) };
  },

  cloudCredentialsDelete: async (ctx, { params }) => {
    const row = await getOwnCredentials(ctx, params.cloudCredentialsId);
    await refuseIfUsed(ctx, row);
    await removeObservedFarms(ctx.tx, { credentialsId: row.id }, ctx.now);
    await deleteCloudCredentialsRow(ctx.tx, row.id);
    ctx.record({ kind: 'cloudCredentials', before: toRecordedCredentials(row) });
    return { data: null };
  },
} satisfies SomeHandlers;

async function present(ctx: Context, row: CloudCredentialsRow, include?: readonly string[]) {
  const [credentials] = await presentCredentials(ctx, [row], include);
  if (!credentials) throw new Error(`Cloud credentials ${row.id} vanished`);
  return credentials;
}

/** @returns the row as it was where nothing changes */
async function change(
  ctx: Context,
  row: CloudCredentialsRow,
  body: CloudCredentialsInput,
): Promise<CloudCredentialsRow> {
  const plan = demandPlan(planCredentials(row.type, row.settings, body));
  const { name, description, farm_tag, owner_tag } = row;
  const said = planUpdate(
    { name, description, farm_tag, owner_tag },
    {
      name: body.name,
      description: body.description,
      farm_tag: body.farmTag,
      owner_tag: body.ownerTag,
    },
  );
  const rights = planRights(row.rights, body.rights);
  const sealed = sealSecrets(ctx, row.id, plan);
  const isOther = sealed !== undefined || !isDeepStrictEqual(plan.settings, row.settings);
  if (!said && !isOther && isDeepStrictEqual(rights, row.rights)) return row;
  if (said?.name !== undefined) await demandFreeName(ctx, said.name, row.id);
  return updateCloudCredentials(ctx.tx, row.id, {
    ...said,
    rights,
    settings: JSON.stringify(plan.settings),
    ...sealed,
    // What was tested were others; and whatever changes, a test that is under way is of what was before.
    ...((isOther || row.status === 'testing') && { status: 'untested' as const }),
    ...(isOther && { test: null }),
  });
}

/** The column for the secrets of a plan, sealed under their credentials; nothing where they stay. */
function sealSecrets(
  ctx: Context,
  id: string,
  { settings, secrets }: CredentialsPlan,
): { sealed_secrets: Buffer | null } | undefined {
  const { url, endpoint, keystoneUrl, clientCertificate, serverCertificate } = settings;
  demandAllowedAddress(ctx, 'url', url);
  demandAllowedAddress(ctx, 'endpoint', endpoint);
  demandAllowedAddress(ctx, 'keystoneUrl', keystoneUrl);
  if (serverCertificate != null) demandCertificate('serverCertificate', serverCertificate);
  if (secrets === undefined) return undefined;
  if (secrets === null) return { sealed_secrets: null };
  if (clientCertificate != null) demandKeyPair(clientCertificate, secrets.clientKey ?? '');
  if (ctx.secrets) return { sealed_secrets: ctx.secrets.seal(JSON.stringify(secrets), id) };
  throw new ApiError(
    'UnacceptableState',
    'Cloud credentials need a key for their secrets: whoever runs Slipway must set SECRETS_KEY or SECRETS_KEY_FILE and restart it.',
  );
}

function demandPlan(plan: ReturnType<typeof planCredentials>): CredentialsPlan {
  if ('code' in plan) throw refusalError(plan);
  return plan;
}

async function getCredentials(ctx: Context, id: string): Promise<CloudCredentialsRow> {
  const row = await findVisibleCredentials(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No cloud credentials have the id ${id} here. They may have been deleted, or belong to another scope.`,
  );
}

/** @throws ApiError ObjectNotFound, ScopeViolation, PreconditionFailed */
async function getOwnCredentials(ctx: Context, id: string): Promise<CloudCredentialsRow> {
  const row = await getCredentials(ctx, id);
  demandOwn(ctx, row, nameOf(row));
  ctx.expectVersion(row.version);
  return row;
}

async function demandFreeName(ctx: Context, name: string, ownId?: string): Promise<void> {
  if (!(await areCredentialsNamed(ctx.tx, ctx.scope, name, ownId))) return;
  throw new ApiError(
    'UnicityViolation',
    `There are cloud credentials named "${name}" already that can be used here. Use those, or choose another name.`,
    { field: 'name' },
  );
}
