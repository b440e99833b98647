import { actingRights } from '#contract/clouds/acting-rights.ts';
import { type CloudCredentials, recordedMembers } from '#contract/clouds/cloud-credentials.ts';
import {
  type AttachedEnvironmentRow,
  type CloudCredentialsRow,
  countCredentialsUse,
  fetchAttachedEnvironments,
} from '../../database/queries/clouds/cloud-credentials.ts';
import {
  type CredentialsUse,
  findCredentialsDeletionRefusal,
} from '../../domain/credentials/cloud-credentials.ts';
import { findOtherScope, judge } from '../access.ts';
import type { Context } from '../context.ts';
import type { Recorded } from '../log-entry.ts';

const memberNames = Object.keys(recordedMembers) as (keyof typeof recordedMembers)[];

/** Credentials as the log keeps them: without who uses them, which changes without them. */
export function toRecordedCredentials(row: CloudCredentialsRow): Recorded<'cloudCredentials'> {
  const members = memberNames.map((name) => [name, row.settings[name] ?? null]);
  return {
    ...toCredentials(row),
    ...(Object.fromEntries(members) as { [K in (typeof memberNames)[number]]: null }),
  };
}

function toCredentials(row: CloudCredentialsRow) {
  const rights = actingRights.map((right) => [right, row.rights.includes(right)]);
  return {
    id: row.id,
    scope: row.scope,
    accountId: row.account_id,
    envId: row.environment_id,
    cloudCredentialsType: row.type,
    provider: row.cloud_platform,
    name: row.name,
    description: row.description,
    rights: Object.fromEntries(rights) as CloudCredentials['rights'],
    farmTag: row.farm_tag,
    ownerTag: row.owner_tag,
    status: row.status,
    test: row.test,
    added: row.added_at.toISOString(),
    createdBy: row.created_by,
    version: row.version,
  };
}

/** Credentials as they are answered, with the environments at and below the request's scope that use them. */
export async function presentCredentials(
  ctx: Context,
  rows: readonly CloudCredentialsRow[],
  include: readonly string[] = [],
): Promise<CloudCredentials[]> {
  const ids = rows.map(({ id }) => id);
  const attached = await fetchAttachedEnvironments(ctx.tx, ids, ctx.scope);
  const uses = include.includes('actions') ? await countCredentialsUse(ctx.tx, ids) : undefined;
  const users = Map.groupBy(attached, (row) => row.credentials_id);
  return rows.map((row) => ({
    ...toCredentials(row),
    ...row.settings,
    lastContact: row.contacted_at?.toISOString() ?? null,
    environments: (users.get(row.id) ?? []).map(toEnvironment),
    ...(uses && { actions: decide(ctx, row, uses.get(row.id)) }),
  }));
}

function toEnvironment({ id, name, account_id: accountId }: AttachedEnvironmentRow) {
  return { id, name, accountId };
}

export const nameOf = (row: CloudCredentialsRow) => `Cloud credentials "${row.name}"`;

function decide(ctx: Context, row: CloudCredentialsRow, use: CredentialsUse | undefined) {
  const own = findOtherScope(ctx, row, nameOf(row));
  const used = use && findCredentialsDeletionRefusal(row.name, use);
  return {
    update: judge(ctx, 'cloudCredentialsUpdate', 'change cloud credentials', own),
    test: judge(ctx, 'cloudCredentialsTest', 'test cloud credentials', own),
    delete: judge(ctx, 'cloudCredentialsDelete', 'delete cloud credentials', own ?? used),
  };
}
