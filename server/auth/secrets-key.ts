import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToFolderOwner } from '../database/embedded/data-folder.ts';
import { StartError } from '../database/embedded/start-error.ts';
import { makeSecretBox, type SecretBox } from './secret-box.ts';

const form = '32 bytes in base64, such as `openssl rand -base64 32` prints';

/**
 * The box for secrets, with the key from SECRETS_KEY, else from SECRETS_KEY_FILE, else from the data
 * folder of the embedded database, where the first start makes one.
 * @param folder the data folder; undefined with a PostgreSQL of one's own
 * @returns undefined when there is no key: then API keys can neither be made nor used
 * @throws StartError when what is there is no key
 */
export async function openSecretBox(
  settings: { secretsKey: string | undefined; secretsKeyFile: string | undefined },
  folder: string | undefined,
): Promise<SecretBox | undefined> {
  const { secretsKey, secretsKeyFile } = settings;
  if (secretsKey !== undefined) return makeSecretBox(parseKey(secretsKey, 'SECRETS_KEY'));
  if (secretsKeyFile !== undefined) return makeSecretBox(await readKey(secretsKeyFile));
  if (folder === undefined) return undefined;
  const file = join(folder, 'secrets.key');
  if (!existsSync(file)) await createKey(folder, file);
  return makeSecretBox(await readKey(file));
}

async function createKey(folder: string, file: string): Promise<void> {
  const key = `${randomBytes(32).toString('base64')}\n`;
  await writeFile(file, key, { mode: 0o600, flag: 'wx' });
  await giveToFolderOwner(folder, file);
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
