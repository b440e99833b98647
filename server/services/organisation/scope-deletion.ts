import {
  fetchScopeContents,
  type OwnedScope,
  removeScopeRemains,
} from '../../database/queries/organisation/scope-contents.ts';
import { findDeletionObstacles } from '../../domain/organisation.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import type { Change } from '../log-entry.ts';
import { refuseIf } from '../refuse.ts';
import { toGrant, toTeam } from '../people/present-people.ts';
import { toRecordedCloud } from '../clouds/present-clouds.ts';
import { toRecordedKey } from '../people/present-keys.ts';
import { toCostCenter } from './cost-centers.ts';

/** Of each kind, how many objects a refusal names before it only counts. */
const listedBlockers = 20;

/** Why an account or environment cannot be deleted, or undefined when nothing lives in it. */
export async function whyNotEmpty(
  ctx: Context,
  scope: OwnedScope,
  what: string,
): Promise<Refusal | undefined> {
  return findDeletionObstacles(what, await fetchScopeContents(ctx.tx, scope, listedBlockers));
}

/**
 * Clears an empty account or environment of what nobody can see any more, so that its row can go.
 * @returns what went with it, for the log: people's rights, teams and narrowed keys, cost centers and attached credentials
 * @throws ApiError ObjectInUse with everything that still lives in it
 */
export async function clearScope(ctx: Context, scope: OwnedScope, what: string): Promise<Change[]> {
  refuseIf(await whyNotEmpty(ctx, scope, what));
  const { grants, teams, keys, costCenters, clouds } = await removeScopeRemains(ctx.tx, scope);
  return [
    ...grants.map((row) => ({ kind: 'grant' as const, before: toGrant(row) })),
    ...teams.map((row) => ({ kind: 'team' as const, before: toTeam(row) })),
    ...keys.map((row) => ({ kind: 'apiKey' as const, before: toRecordedKey(row) })),
    ...costCenters.map((row) => ({ kind: 'costCenter' as const, before: toCostCenter(row) })),
    ...clouds.map((row) => ({
      kind: 'environmentCloud' as const,
      before: toRecordedCloud(row),
    })),
  ];
}
