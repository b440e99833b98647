import type { EnvironmentCloud } from '#contract/clouds/environment-clouds.ts';
import { ApiError } from '#contract/errors.ts';
import { findVisibleCredentials } from '../../database/queries/clouds/cloud-credentials.ts';
import {
  attachCredentials,
  detachCredentials,
  environmentCloudListPlan,
  type EnvironmentCloudRow,
  fetchEnvironmentClouds,
} from '../../database/queries/clouds/environment-clouds.ts';
import { removeObservedFarms } from '../../database/queries/observed-farms/observed-farms.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { accountOf, getEnvironment } from '../organisation/environments.ts';
import { toEnvironmentCloud, toRecordedCloud } from './present-clouds.ts';

/** Which credentials an environment uses for a platform: docs/domain.md, "Cloud credentials". */
export const environmentCloudHandlers = {
  environmentCloudList: async (ctx, { params, query }) => {
    const { id } = await getEnvironment(ctx, params.envId);
    const sort = query.sort ?? 'cloud';
    const plan = environmentCloudListPlan(id, sort);
    const of = ['environmentCloudList', ctx.scope, id];
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, { ...query, sort }, of);
    const rows = new Map(
      (await fetchEnvironmentClouds(ctx.tx, id, ids)).map((row) => [row.cloud_platform, row]),
    );
    const inOrder = ids.flatMap(
      (platform) => rows.get(platform as EnvironmentCloud['cloud']) ?? [],
    );
    return { data: inOrder.map(toEnvironmentCloud), page };
  },

  environmentCloudGet: async (ctx, { params }) => {
    await getEnvironment(ctx, params.envId);
    return answer(await getAttached(ctx, params));
  },

  environmentCloudAttach: async (ctx, { params, body }) => {
    const { id, account_id } = await getEnvironment(ctx, params.envId);
    const before = await findAttached(ctx, params);
    if (before) ctx.expectVersion(before.version);
    const credentials_id = body.credentials.id;
    if (before?.credentials_id === credentials_id) return answer(before);
    await demandFitting(ctx, params, credentials_id);
    await removeObservedFarms(ctx.tx, { environmentId: id, cloudPlatform: params.cloud }, ctx.now);
    const given = { environment_id: id, cloud_platform: params.cloud, credentials_id };
    const row = await attachCredentials(ctx.tx, { ...given, account_id });
    const [kind, after] = ['environmentCloud' as const, toRecordedCloud(row)];
    ctx.record(before ? { kind, before: toRecordedCloud(before), after } : { kind, after });
    return answer(row);
  },

  environmentCloudDetach: async (ctx, { params }) => {
    await getEnvironment(ctx, params.envId);
    const before = await getAttached(ctx, params);
    ctx.expectVersion(before.version);
    const { environment_id: environmentId, cloud_platform: cloudPlatform } = before;
    await removeObservedFarms(ctx.tx, { environmentId, cloudPlatform }, ctx.now);
    await detachCredentials(ctx.tx, environmentId, cloudPlatform);
    ctx.record({ kind: 'environmentCloud', before: toRecordedCloud(before) });
    return { data: null };
  },
} satisfies SomeHandlers;

const answer = (row: EnvironmentCloudRow) => ({
  data: toEnvironmentCloud(row),
  version: row.version,
});

interface Params {
  envId: number;
  cloud: EnvironmentCloud['cloud'];
}

async function findAttached(
  ctx: Context,
  { envId, cloud }: Params,
): Promise<EnvironmentCloudRow | undefined> {
  return (await fetchEnvironmentClouds(ctx.tx, envId, [cloud]))[0];
}

/** @throws ApiError ObjectNotFound */
async function getAttached(ctx: Context, params: Params): Promise<EnvironmentCloudRow> {
  const row = await findAttached(ctx, params);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `The environment has no credentials for ${params.cloud}. clouds/ lists those that it has.`,
  );
}

/** @throws ApiError InvalidValue for credentials that the environment does not see, or that are for another platform */
async function demandFitting(ctx: Context, { envId, cloud }: Params, id: string): Promise<void> {
  const at = { scope: 'environment', accountId: accountOf(ctx), environmentId: envId } as const;
  const row = await findVisibleCredentials(ctx.tx, at, id);
  const field = 'credentials.id';
  if (!row)
    throw new ApiError(
      'InvalidValue',
      `No cloud credentials that the environment sees have the id ${id}. cloud-credentials/ of the environment lists them.`,
      { field },
    );
  if (row.cloud_platform === cloud) return;
  throw new ApiError(
    'InvalidValue',
    `Cloud credentials "${row.name}" are for ${row.cloud_platform}, not for ${cloud}.`,
    { field },
  );
}
