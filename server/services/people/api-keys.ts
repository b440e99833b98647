import type { ApiKey } from '#contract/people/api-keys.ts';
import { ApiError } from '#contract/errors.ts';
import { newApiKey } from '../../auth/api-keys.ts';
import {
  deleteApiKey,
  deleteApiKeys,
  fetchApiKeys,
  fetchSealedSecrets,
  insertApiKey,
  updateApiKey,
} from '../../database/queries/people/api-keys.ts';
import type { Context, SomeHandlers } from '../context.ts';

const maxKeys = 50;

/** Keys that sign requests for their user: docs/domain.md, "API keys and signed requests". */
export const apiKeyHandlers = {
  apiKeyList: async (ctx) => ({ data: await fetchApiKeys(ctx.tx, ownerOf(ctx)) }),

  apiKeyCreate: async (ctx, { body }) => ({
    data: await createApiKey(ctx, ownerOf(ctx), body.name),
  }),

  apiKeyUpdate: async (ctx, { params, body }) => {
    const before = await getKeyToChange(ctx, params.keyId);
    await updateApiKey(ctx.tx, { ...before, ...body });
    const data = await getApiKey(ctx, before.id);
    const user = { id: ownerOf(ctx) };
    ctx.record({ kind: 'apiKey', before: { ...before, user }, after: { ...data, user } });
    return { data };
  },

  apiKeyDelete: async (ctx, { params }) => {
    const before = await getKeyToChange(ctx, params.keyId);
    await deleteApiKey(ctx.tx, before.id);
    ctx.record({ kind: 'apiKey', before: { ...before, user: { id: ownerOf(ctx) } } });
    return { data: null };
  },
} satisfies SomeHandlers;

/**
 * Makes a key for a user, who need not be the one who asks: the command line does it for others.
 * @returns the key with its secret, which nothing gives out again
 * @throws ApiError UnacceptableState without a key for secrets; or at 50 keys
 */
export async function createApiKey(
  ctx: Context,
  userId: number,
  name: string,
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
  const { id, secret } = newApiKey();
  const sealed = ctx.secrets.seal(secret, id);
  const key = await insertApiKey(ctx.tx, { id, userId, name, sealed });
  ctx.record({ kind: 'apiKey', after: { ...key, user: { id: userId } } });
  return { ...key, secretKey: secret };
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
  for (const before of forgotten) ctx.record({ kind: 'apiKey', before, reason });
  return forgotten.map(({ id }) => id);
}

/** @throws ApiError ObjectNotFound, PreconditionFailed */
async function getKeyToChange(ctx: Context, id: string): Promise<ApiKey> {
  const key = await getApiKey(ctx, id);
  ctx.expectVersion(key.version);
  return key;
}

async function getApiKey(ctx: Context, id: string): Promise<ApiKey> {
  const keys = await fetchApiKeys(ctx.tx, ownerOf(ctx));
  const key = keys.find((each) => each.id === id);
  if (key) return key;
  throw new ApiError('ObjectNotFound', `You have no API key with the id ${id}.`);
}

/** A program that holds one key cannot make itself others. */
function ownerOf(ctx: Context): number {
  if (ctx.principal.kind === 'user' && ctx.credential.startsWith('session:'))
    return ctx.principal.id;
  throw new ApiError(
    'PermissionViolation',
    'API keys are managed in the browser, under your name, and on the command line; not with an API key.',
  );
}
