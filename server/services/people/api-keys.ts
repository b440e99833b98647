import { ApiError } from '#contract/errors.ts';
import type { ApiKey, NewApiKey } from '#contract/people/api-keys.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { newApiKey } from '../../auth/api-keys.ts';
import { findAccountOf } from '../../auth/grants.ts';
import { findAccount } from '../../database/queries/organisation/accounts.ts';
import {
  type ApiKeyRow,
  deleteApiKey,
  deleteApiKeys,
  fetchApiKeys,
  fetchSealedSecrets,
  insertApiKey,
  updateApiKey,
} from '../../database/queries/people/api-keys.ts';
import type { Context, SomeHandlers } from '../context.ts';
import { toApiKey, toRecordedKey } from './present-keys.ts';
import { inBrowser } from './sessions.ts';

const maxKeys = 50;

/** Keys that sign requests for their user: docs/domain.md, "API keys and signed requests". */
export const apiKeyHandlers = {
  apiKeyList: async (ctx) => ({
    data: (await fetchApiKeys(ctx.tx, ownerOf(ctx))).map(toApiKey),
  }),

  apiKeyCreate: async (ctx, { body }) => ({
    data: await createApiKey(ctx, ownerOf(ctx), body),
  }),

  apiKeyUpdate: async (ctx, { params, body }) => {
    const before = await getKeyToChange(ctx, params.keyId);
    await updateApiKey(ctx.tx, { ...before, ...body });
    const after = await getApiKey(ctx, before.id);
    ctx.record({ kind: 'apiKey', before: toRecordedKey(before), after: toRecordedKey(after) });
    return { data: toApiKey(after) };
  },

  apiKeyDelete: async (ctx, { params }) => {
    const before = await getKeyToChange(ctx, params.keyId);
    await deleteApiKey(ctx.tx, before.id);
    ctx.record({ kind: 'apiKey', before: toRecordedKey(before) });
    return { data: null };
  },
} satisfies SomeHandlers;

/**
 * Makes a key for a user, who need not be the one who asks: the command line does it for others.
 * @returns the key with its secret, which nothing gives out again
 * @param wish what it is called, and what it is narrowed to
 * @throws ApiError UnacceptableState without a key for secrets, or at 50 keys; InvalidValue for a time that is over;
 * ObjectNotFound for a scope that whoever asks does not see
 */
export async function createApiKey(
  ctx: Context,
  userId: number,
  wish: NewApiKey,
): Promise<ApiKey & { secretKey: string }> {
  if (!ctx.secrets)
    throw new ApiError(
      'UnacceptableState',
      'API keys need a key for their secrets: whoever runs Slipway must set SECRETS_KEY or SECRETS_KEY_FILE and restart it.',
    );
  if ((await fetchApiKeys(ctx.tx, userId)).length >= maxKeys)
    throw new ApiError(
      'UnacceptableState',
      `You have ${maxKeys} API keys already. Delete one that is not used any more.`,
    );
  const { name, readOnly, expires } = wish;
  if (expires !== undefined && new Date(expires) <= ctx.now)
    throw new ApiError('InvalidValue', 'The key would have expired already. Choose a later time.', {
      field: 'expires',
    });
  const to = await getNarrowing(ctx, wish);
  const { id, secret } = newApiKey();
  const sealed = ctx.secrets.seal(secret, id);
  const key = await insertApiKey(ctx.tx, { id, userId, name, sealed, readOnly, expires, to });
  ctx.record({ kind: 'apiKey', after: toRecordedKey(key) });
  return { ...toApiKey(key), secretKey: secret };
}

/** What a key is narrowed to. @throws ApiError InvalidValue, ObjectNotFound */
async function getNarrowing(
  ctx: Context,
  { accountId, envId }: NewApiKey,
): Promise<ScopeRef | undefined> {
  if (accountId !== undefined && envId !== undefined)
    throw new ApiError('InvalidValue', 'Name an account or an environment, not both.', {
      field: 'envId',
    });
  if (accountId !== undefined) {
    const at = { scope: 'account', accountId } as const;
    const isThere = ctx.can('view', at) && (await findAccount(ctx.tx, accountId)) !== undefined;
    if (isThere) return at;
    throw notThere('account', accountId, 'accountId');
  }
  if (envId === undefined) return undefined;
  const account = await findAccountOf(ctx.tx, envId);
  const at = { scope: 'environment', accountId: account ?? 0, environmentId: envId } as const;
  if (account !== undefined && ctx.can('view', at)) return at;
  throw notThere('environment', envId, 'envId');
}

function notThere(what: string, id: number, field: string): ApiError {
  const sentence = `No ${what} has the id ${id}, or you have no access to it.`;
  return new ApiError('ObjectNotFound', sentence, { field });
}

/**
 * Deletes API keys of anybody, which they cannot use any more (docs/operations.md, "The key for secrets").
 * @returns the ids of those that are gone
 */
export async function forgetApiKeys(
  ctx: Context,
  isUnusable: (key: { id: string; sealed: Buffer }) => boolean,
): Promise<string[]> {
  const unusable = (await fetchSealedSecrets(ctx.tx)).filter(isUnusable).map(({ id }) => id);
  const forgotten = await deleteApiKeys(ctx.tx, unusable);
  const reason = 'The key for secrets did not open it.';
  for (const row of forgotten) ctx.record({ kind: 'apiKey', before: toRecordedKey(row), reason });
  return forgotten.map(({ id }) => id);
}

/** @throws ApiError ObjectNotFound, PreconditionFailed */
async function getKeyToChange(ctx: Context, id: string): Promise<ApiKeyRow> {
  const key = await getApiKey(ctx, id);
  ctx.expectVersion(key.version);
  return key;
}

async function getApiKey(ctx: Context, id: string): Promise<ApiKeyRow> {
  const keys = await fetchApiKeys(ctx.tx, ownerOf(ctx));
  const key = keys.find((each) => each.id === id);
  if (key) return key;
  throw new ApiError('ObjectNotFound', `You have no API key with the id ${id}.`);
}

/** A program that holds one key cannot make itself others. */
function ownerOf(ctx: Context): number {
  return inBrowser(ctx, 'API keys');
}
