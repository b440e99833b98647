import type { Blocker } from '#contract/errors.ts';
import {
  type CloudCredentialsRow,
  countCredentialsUse,
  fetchCredentialsUsers,
} from '../../database/queries/clouds/cloud-credentials.ts';
import { findCredentialsDeletionRefusal } from '../../domain/credentials/cloud-credentials.ts';
import type { Context } from '../context.ts';
import { listedBlockers } from '../farms/farm-role-blockers.ts';
import { refusalError } from '../refuse.ts';

/**
 * Credentials stay as long as anything needs them: environments, servers that have not ended in their cloud,
 * and what is still to be asked of it.
 * @throws ApiError ObjectInUse with all of that
 */
export async function refuseIfUsed(ctx: Context, row: CloudCredentialsRow): Promise<void> {
  const use = (await countCredentialsUse(ctx.tx, [row.id])).get(row.id);
  const refusal = use && findCredentialsDeletionRefusal(row.name, use);
  if (!use || !refusal) return;
  const users = await fetchCredentialsUsers(ctx.tx, row.id, listedBlockers);
  throw refusalError(refusal, toBlockers(ctx, users, use.environments + use.servers));
}

function toBlockers(
  ctx: Context,
  users: Awaited<ReturnType<typeof fetchCredentialsUsers>>,
  total: number,
): Blocker[] {
  const seen = users.filter(({ account_id: accountId, environment_id: environmentId }) =>
    ctx.can('view', { scope: 'environment', accountId, environmentId }),
  );
  const blockers: Blocker[] = seen.map(({ type, id, name, account_id, environment_id }) => ({
    type,
    id: type === 'environment' ? Number(id) : id,
    name,
    accountId: account_id,
    environmentId: environment_id,
  }));
  const hidden = total - seen.length;
  return hidden > 0 ? [...blockers, { type: 'hidden', count: hidden }] : blockers;
}
