import type { SecretBox } from '../auth/secret-box.ts';
import { countUnopenedCredentials, countUnopenedKeys, openSecretBox } from '../auth/secrets-key.ts';
import { type Db, poolOf } from '../database/connection/connection.ts';
import { StartError } from '../database/embedded/start-error.ts';
import type { Env } from '../env.ts';

/**
 * The box for secrets of this database. Says so where it does not open all that is sealed.
 * @param pools what is recorded through them is sealed from now on
 * @throws StartError where a key is needed and there is none
 */
export async function openSecrets(
  pools: readonly [Db, ...Db[]],
  env: Env,
  folder: string | undefined,
  warn: (line: string) => void,
): Promise<SecretBox | undefined> {
  const [db] = pools;
  const secrets = await openSecretBox(db, env, folder);
  for (const pool of pools) poolOf(pool).seal = secrets?.sealRecord;
  if (env.provider && !secrets)
    throw new StartError(
      'OIDC_ISSUER needs a key for secrets, which seals what browsers keep meanwhile: set SECRETS_KEY or SECRETS_KEY_FILE.',
    );
  const { total, unopened } = await countUnopenedKeys(db, secrets);
  if (unopened > 0)
    warn(
      `The key for secrets does not open ${unopened} of ${total} API keys, so nobody can use these: ` +
        'delete them with npm run -s slipway -- keys forget.',
    );
  const clouds = await countUnopenedCredentials(db, secrets);
  if (clouds.unopened > 0)
    warn(
      `The key for secrets does not open ${clouds.unopened} of ${clouds.total} secrets of cloud credentials, so their clouds cannot be asked: ` +
        'put the key back, or give these secrets again.',
    );
  return secrets;
}
