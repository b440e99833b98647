import { apiKeyName } from '#contract/people/api-keys.ts';
import { ApiError } from '#contract/errors.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { findUserByEmail } from '../database/queries/people/users.ts';
import { performInternally } from '../perform.ts';
import { createApiKey } from '../services/people/api-keys.ts';
import { cliActor } from './create.ts';
import type { CommandContext } from './database.ts';
import type { Answer } from './output.ts';

/** @throws ApiError ObjectNotFound when there is no active user with this e-mail address */
export async function createKey(
  { db, secrets }: CommandContext,
  email: string,
  name: string,
): Promise<Answer> {
  const parsed = apiKeyName.safeParse(name);
  if (!parsed.success)
    throw new StartError(`The name ${parsed.error.issues[0]?.message ?? 'is not accepted'}.`);
  const user = await findUserByEmail(db, email);
  if (!user)
    throw new ApiError(
      'ObjectNotFound',
      `There is no active user with the e-mail address ${email}.`,
    );
  const caller = { kind: 'system', name: cliActor() } as const;
  const scope = { scope: 'scalr' } as const;
  const step = { caller, operation: 'apiKeyCreate', scope, secrets };
  const key = await performInternally(db, step, (ctx) => createApiKey(ctx, user.id, parsed.data));
  return {
    text: `Key id:     ${key.id}\nSecret key: ${key.secretKey}\nThe secret is not shown again.`,
    json: { keyId: key.id, secretKey: key.secretKey },
  };
}
