import { newApiKeySchema, type NewApiKey } from '#contract/people/api-keys.ts';
import { ApiError } from '#contract/errors.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { findUserByEmail } from '../database/queries/people/users.ts';
import { performInternally } from '../perform.ts';
import { opens } from '../auth/secrets-key.ts';
import { createApiKey, forgetApiKeys } from '../services/people/api-keys.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';
import { findScopeByText } from './scope.ts';

/** What a key is called and narrowed to, as it was typed. */
export interface KeyWish {
  name: string;
  readOnly?: boolean;
  expires?: string;
  scope?: string;
}

/**
 * @throws ApiError ObjectNotFound when there is no active user with this e-mail address; StartError for what is no
 * name, time or scope
 */
export async function createKey(
  context: CommandContext,
  email: string,
  wish: KeyWish,
): Promise<Answer> {
  const parsed = await parseWish(context, wish);
  const user = await findUserByEmail(context.db, email);
  if (!user)
    throw new ApiError(
      'ObjectNotFound',
      `There is no active user with the e-mail address ${email}.`,
    );
  const caller = { kind: 'system', name: cliActor() } as const;
  const scope = { scope: 'scalr' } as const;
  const secrets = await context.openSecrets();
  const step = { caller, operation: 'apiKeyCreate', scope, secrets };
  const key = await performInternally(context.db, step, (ctx) =>
    createApiKey(ctx, user.id, parsed),
  );
  return {
    text: `Key id:     ${key.id}\nSecret key: ${key.secretKey}\nThe secret is not shown again.`,
    json: { keyId: key.id, secretKey: key.secretKey },
  };
}

async function parseWish({ db }: CommandContext, { scope, ...wish }: KeyWish): Promise<NewApiKey> {
  const at = scope === undefined ? undefined : await findScopeByText(db, scope);
  const parsed = newApiKeySchema.safeParse({
    ...wish,
    ...(at?.scope === 'account' && { accountId: at.accountId }),
    ...(at?.scope === 'environment' && { envId: at.environmentId }),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new StartError(`The ${String(issue?.path[0])} ${issue?.message ?? 'is not accepted'}.`);
}

/** Deletes the API keys that the key for secrets does not open, since nobody can use them any more. */
export async function forgetKeys(context: CommandContext): Promise<Answer> {
  const secrets = await context.readSecrets();
  const caller = { kind: 'system', name: cliActor() } as const;
  const step = { caller, operation: 'apiKeyForget', scope: { scope: 'scalr' } } as const;
  const unusable = (key: { id: string; sealed: Buffer }) => !opens(secrets, key);
  const ids = await performInternally(context.db, step, (ctx) => forgetApiKeys(ctx, unusable));
  return {
    text:
      ids.length === 0
        ? 'Every API key can be used: there is nothing to forget.'
        : `Deleted ${ids.length === 1 ? 'one API key' : `${ids.length} API keys`} that nobody could use: ${ids.join(', ')}.`,
    json: { deleted: ids },
  };
}
