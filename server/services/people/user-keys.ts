import { ApiError } from '#contract/errors.ts';
import { fetchPage } from '../../database/queries/lists/paging.ts';
import { updateApiKey } from '../../database/queries/people/api-keys.ts';
import {
  fetchUserKeys,
  userKeyListPlan,
  type UserKeyRow,
} from '../../database/queries/people/user-keys.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toRecordedKey, toUserKey } from './present-keys.ts';

/** The keys of others, for who administers what they reach: docs/domain.md, "API keys and signed requests". */
export const userKeyHandlers = {
  userKeyList: async (ctx, { query }) => {
    const plan = userKeyListPlan(ctx.scope, query);
    const { ids, page } = await fetchPage<string>(ctx.tx, plan, query, ['userKeyList', ctx.scope]);
    return { data: (await fetchUserKeys(ctx.tx, ctx.scope, ids)).map(toUserKey), page };
  },

  userKeyDisable: async (ctx, { params }) => {
    const before = await getKey(ctx, params.keyId);
    if (before.reaches_beyond)
      throw new ApiError(
        'PermissionViolation',
        `API key "${before.name}" of ${before.user_email} also reaches what is not in this scope. Ask an administrator above it.`,
      );
    ctx.expectVersion(before.version);
    if (!before.active) return { data: toUserKey(before) };
    await updateApiKey(ctx.tx, { ...before, active: false });
    const after = await getKey(ctx, before.id);
    ctx.record({ kind: 'apiKey', before: toRecordedKey(before), after: toRecordedKey(after) });
    return { data: toUserKey(after) };
  },
} satisfies SomeHandlers;

/** @throws ApiError ObjectNotFound for a key that does not reach the scope either */
async function getKey(ctx: Context, id: string): Promise<UserKeyRow> {
  const [row] = await fetchUserKeys(ctx.tx, ctx.scope, [id]);
  if (row) return row;
  throw new ApiError('ObjectNotFound', `No API key that reaches this scope has the id ${id}.`);
}
