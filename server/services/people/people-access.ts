import type { UserDetail } from '#contract/people/users.ts';
import { ApiError } from '#contract/errors.ts';
import {
  countChiefs,
  fetchUserFacts,
  findSeenUser,
  lockUser,
  type UserRow,
  type UserFacts as UserFactsRow,
} from '../../database/queries/people/user-rows.ts';
import {
  findChiefRefusal,
  findUserActRefusal,
  type UserAct,
} from '../../domain/people/user-acts.ts';
import { toVerdict } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';
import { refuseIf } from '../refuse.ts';

/** @throws ApiError ObjectNotFound when there is no such user, or the request's scope does not see them */
export async function getSeenUser(ctx: Context, id: number): Promise<UserRow> {
  const row = await findSeenUser(ctx.tx, ctx.scope, id);
  if (row) return row;
  throw new ApiError(
    'ObjectNotFound',
    `No user has the id ${id} here. Users are seen where they hold rights, and at Corporate.`,
  );
}

/**
 * A user with whom something is to be done, kept as they are until it is.
 * @throws ApiError ObjectNotFound, PreconditionFailed, PermissionViolation, UnacceptableState
 */
export async function beginUserAct(ctx: Context, id: number, act: UserAct): Promise<UserRow> {
  await getSeenUser(ctx, id);
  const row = await lockUser(ctx.tx, { id });
  if (!row) throw new Error(`User ${id} vanished`);
  ctx.expectVersion(row.version);
  refuseIf(judge(ctx, act, row, await fetchUserFacts(ctx.tx, ctx.scope, id)));
  return row;
}

/** What may be done with a user, by the rules that the operations follow. */
export function decideUserActions(
  ctx: Context,
  row: UserRow,
  facts: UserFactsRow,
): NonNullable<UserDetail['actions']> {
  const may = (act: UserAct) => toVerdict(judge(ctx, act, row, facts));
  return {
    suspend: may('suspend'),
    restore: may('restore'),
    remove: may('remove'),
    endSessions: may('endSessions'),
    resetSignIn: may('resetSignIn'),
    invite: may('invite'),
  };
}

function judge(ctx: Context, act: UserAct, row: UserRow, facts: UserFactsRow) {
  const { name, status, invited_at, joined_at } = row;
  const isExpected = invited_at !== null && joined_at === null;
  const isSelf = ctx.principal.kind === 'user' && ctx.principal.id === row.id;
  return findUserActRefusal(act, { ...facts, name, status, isExpected, isSelf }, ctx.scope.scope);
}

/**
 * Looks, after a change of people and before it is committed, whether somebody still administers Corporate. Such
 * changes are made under Corporate's lock, so that of two at once the second sees the first.
 * @throws ApiError UnacceptableState
 */
export async function demandChief(ctx: Pick<Context, 'tx'>): Promise<void> {
  refuseIf(findChiefRefusal(await countChiefs(ctx.tx)));
}
