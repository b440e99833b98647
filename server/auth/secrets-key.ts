import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database/connection/connection.ts';
import { giveToFolderOwner } from '../database/embedded/data-folder.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { fetchSealedCredentials } from '../database/queries/clouds/sealed-credentials.ts';
import { fetchSealedSecrets } from '../database/queries/people/api-keys.ts';
import { makeSecretBox, type SecretBox } from './secret-box.ts';

const form = '32 bytes in base64, such as `openssl rand -base64 32` prints';

/** Where the key may come from. */
export interface SecretsKeySettings {
  secretsKey: string | undefined;
  secretsKeyFile: string | undefined;
}

/**
 * The box for secrets, with the key from SECRETS_KEY, else from SECRETS_KEY_FILE, else from the data
 * folder of the embedded database, where the first start makes one (docs/operations.md, "The key for
 * secrets").
 * @param db what the key must fit
 * @param folder the data folder; undefined with a PostgreSQL of one's own
 * @returns undefined when there is no key: then API keys can neither be made nor used
 * @throws StartError when what is there is no key, or opens none of the API keys, or is lost while
 *   there are some
 */
export async function openSecretBox(
  db: Db,
  settings: SecretsKeySettings,
  folder: string | undefined,
): Promise<SecretBox | undefined> {
  const box = await readSecretBox(settings, folder);
  const { total, unopened } = await countUnopenedKeys(db, box);
  if (total > 0 && unopened === total)
    throw new StartError(
      `The key for secrets is ${box ? 'another one' : 'missing'}: API keys in the database that could be used: 0 of ${total}. ` +
        'Put secrets.key (or SECRETS_KEY) back as it was: it is not in a backup, but kept beside it. ' +
        'If it is lost, delete these API keys with npm run -s slipway -- keys forget, and make new ones.',
    );
  return box ?? (folder === undefined ? undefined : await createSecretBox(folder));
}

/** How many API keys there are, and how many of them the box does not open. */
export async function countUnopenedKeys(
  db: Db,
  box: SecretBox | undefined,
): Promise<{ total: number; unopened: number }> {
  const keys = await fetchSealedSecrets(db);
  return { total: keys.length, unopened: keys.filter((key) => !opens(box, key)).length };
}

/** How many sets of cloud credentials have a secret, and how many of those the box does not open. */
export async function countUnopenedCredentials(
  db: Db,
  box: SecretBox | undefined,
): Promise<{ total: number; unopened: number }> {
  const sealed = await fetchSealedCredentials(db);
  return { total: sealed.length, unopened: sealed.filter((one) => !opens(box, one)).length };
}

/** Whether a box opens the secret of an API key, or of cloud credentials. */
export function opens(
  box: SecretBox | undefined,
  { id, sealed }: { id: string; sealed: Buffer },
): boolean {
  try {
    return box?.open(sealed, id) !== undefined;
  } catch {
    return false;
  }
}

/** The box with the key that is there. @throws StartError when it is none */
export async function readSecretBox(
  { secretsKey, secretsKeyFile }: SecretsKeySettings,
  folder: string | undefined,
): Promise<SecretBox | undefined> {
  if (secretsKey !== undefined) return makeSecretBox(parseKey(secretsKey, 'SECRETS_KEY'));
  if (secretsKeyFile !== undefined) return makeSecretBox(await readKey(secretsKeyFile));
  if (folder === undefined || !existsSync(fileIn(folder))) return undefined;
  return makeSecretBox(await readKey(fileIn(folder)));
}

function fileIn(folder: string): string {
  return join(folder, 'secrets.key');
}

async function createSecretBox(folder: string): Promise<SecretBox> {
  const key = randomBytes(32);
  await writeFile(fileIn(folder), `${key.toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  await giveToFolderOwner(folder, fileIn(folder));
  return makeSecretBox(key);
}

async function readKey(file: string): Promise<Buffer> {
  try {
    return parseKey(await readFile(file, 'utf8'), `The file ${file}`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    throw new StartError(`The key for secrets cannot be read from ${file}.`, { cause: error });
  }
}

function parseKey(text: string, where: string): Buffer {
  const trimmed = text.trim();
  const key = Buffer.from(trimmed, 'base64');
  if (key.length !== 32 || key.toString('base64') !== trimmed)
    throw new StartError(`${where} must hold ${form}.`);
  return key;
}
