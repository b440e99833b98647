import { open, readFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { StartError } from '../embedded/start-error.ts';

// Encrypted backups are files of age (age-encryption.org), which its own program opens as well.

const identityForm = /^AGE-SECRET-KEY-(?:PQ-)?1[A-Z0-9]+$/;
const recipientForm = /^age1[a-z0-9]+$/;

/** What every file of age begins with. */
export const ageMagic = Buffer.from('age-encryption.org/');

/** What backups are encrypted with: a whole key, or its public half, which opens none. */
export interface BackupKey {
  /** Where it came from. */
  file: string;
  encrypt(plain: AsyncIterable<Buffer>): Promise<AsyncIterable<Uint8Array>>;
  /** Undefined for the public half. What it gives fails where something was changed or is missing. */
  decrypt: ((sealed: AsyncIterable<Buffer>) => Promise<AsyncIterable<Uint8Array>>) | undefined;
}

/**
 * Reads a key from a file such as `slipway backups key` or `age-keygen` write, or one with the public half alone.
 * @throws StartError when there is none in it
 */
export async function readBackupKey(file: string): Promise<BackupKey> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The key for backups cannot be read: ${file} (${error.code}).`, {
      cause: error,
    });
  });
  const lines = text.split('\n').map((line) => line.trim());
  const identity = lines.find((line) => identityForm.test(line));
  const age = await import('age-encryption');
  const recipient = await (
    identity === undefined
      ? Promise.resolve(lines.find((line) => recipientForm.test(line)))
      : age.identityToRecipient(identity)
  ).catch(() => undefined);
  if (recipient === undefined)
    throw new StartError(
      `There is no key for backups in ${file}: slipway backups key FILE makes one.`,
    );
  return {
    file,
    encrypt: async (plain) => {
      const encrypter = new age.Encrypter();
      encrypter.addRecipient(recipient);
      return encrypter.encrypt(toWeb(plain));
    },
    decrypt:
      identity === undefined
        ? undefined
        : async (sealed) => {
            const decrypter = new age.Decrypter();
            decrypter.addIdentity(identity);
            return decrypter.decrypt(toWeb(sealed));
          },
  };
}

/**
 * Makes a key and writes it to a new file that its owner alone can read.
 * @returns the public half, which is enough to write backups
 * @throws StartError when the file is there already, or cannot be written
 */
export async function makeBackupKey(path: string): Promise<string> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption');
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'EEXIST' ? 'it exists already' : error.code;
    throw new StartError(`The key ${path} cannot be written: ${reason}.`, { cause: error });
  });
  try {
    await file.writeFile(`# public key: ${recipient}\n${identity}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  return recipient;
}

function toWeb(bytes: AsyncIterable<Buffer>): ReadableStream<Uint8Array> {
  return Readable.toWeb(Readable.from(bytes)) as ReadableStream<Uint8Array>;
}
