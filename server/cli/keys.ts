import { apiKeyName } from '#contract/people/api-keys.ts';
import { ApiError } from '#contract/errors.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { findUserByEmail } from '../database/queries/people/users.ts';
import { performInternally } from '../perform.ts';
import { opens } from '../auth/secrets-key.ts';
import { createApiKey, forgetApiKeys } from '../services/people/api-keys.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

/** @throws ApiError ObjectNotFound when there is no active user with this e-mail address */
export async function createKey(
  context: CommandContext,
  email: string,
  name: string,
): Promise<Answer> {
  const parsed = apiKeyName.safeParse(name);
  if (!parsed.success)
    throw new StartError(`The name ${parsed.error.issues[0]?.message ?? 'is not accepted'}.`);
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
    createApiKey(ctx, user.id, parsed.data),
  );
  return {
    text: `Key id:     ${key.id}\nSecret key: ${key.secretKey}\nThe secret is not shown again.`,
    json: { keyId: key.id, secretKey: key.secretKey },
  };
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
