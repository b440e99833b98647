import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StartError } from '../embedded/start-error.ts';
import { framesOf, type Frame, toBytes } from './frames.ts';
import { ageMagic, type BackupKey } from './key.ts';

// A backup is: this line, frames compressed by gzip, and the SHA-256 of everything before it; with a key, all that
// is encrypted.
const magic = Buffer.from('slipway-backup 1\n');
const hashBytes = 32;

export interface WriteOptions {
  /** What it is encrypted with; it is not without. */
  key?: BackupKey | undefined;
  /** Gives up, and leaves nothing. */
  signal?: AbortSignal | undefined;
}

/**
 * Writes a backup file. It appears under its name only when it is whole and on the disk.
 * @throws StartError when the disk does not take it
 */
export async function writeArchive(
  path: string,
  frames: AsyncIterable<Frame>,
  { key, signal }: WriteOptions = {},
): Promise<void> {
  const draft = `${path}.partial-${process.pid}`;
  const written = createHash('sha256');
  try {
    const compressed = Readable.from(toBytes(frames)).compose(createGzip());
    const plain = sealed(compressed as AsyncIterable<Buffer>);
    await pipeline(
      key ? await key.encrypt(plain) : plain,
      async function* (bytes: AsyncIterable<Uint8Array>) {
        for await (const chunk of bytes) {
          written.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
      { signal },
    );
    await readBack(draft, written.digest());
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw whyUnwritten(path, error);
  }
}

/** @throws Error when a disk gives something else than it was given */
async function readBack(path: string, wanted: Buffer): Promise<void> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  if (!hash.digest().equals(wanted))
    throw new StartError(`The backup ${path} is not what was written: look after the disk.`);
}

function whyUnwritten(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : '';
  if (typeof code !== 'string' || code === '') return error;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'there is no room for it' : code;
  return new StartError(`The backup ${path} cannot be written: ${reason}. Choose another place.`, {
    cause: error,
  });
}

/** @throws StartError unless every byte is as it was written, and the key, where one is needed, is its own */
export async function verifyArchive(path: string, key?: BackupKey): Promise<void> {
  const content = unsealed(path, key);
  while ((await content.next()).done !== true);
}

/** The frames of a backup that has been verified. */
export async function* readArchive(path: string, key?: BackupKey): AsyncGenerator<Frame> {
  const body = Readable.from(unsealed(path, key)).compose(createGunzip());
  yield* framesOf(body as AsyncIterable<Buffer>);
}

async function* sealed(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(magic);
  yield magic;
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  yield hash.digest();
}

/** What is between the first line and the checksum. @throws StartError at the end, where that is wrong */
async function* unsealed(path: string, key: BackupKey | undefined): AsyncGenerator<Buffer> {
  const hash = createHash('sha256').update(magic);
  let [hasBegun, rest] = [false, Buffer.alloc(0)];
  for await (const chunk of await contentOf(path, key)) {
    rest = Buffer.concat([rest, chunk]);
    if (!hasBegun) {
      if (rest.length < magic.length) continue;
      if (!rest.subarray(0, magic.length).equals(magic)) throw unreadable(path);
      [hasBegun, rest] = [true, rest.subarray(magic.length)];
    }
    // The last bytes may be the checksum.
    const body = rest.subarray(0, Math.max(0, rest.length - hashBytes));
    hash.update(body);
    if (body.length > 0) yield body;
    rest = rest.subarray(body.length);
  }
  if (!hasBegun) throw unreadable(path);
  if (!hash.digest().equals(rest)) throw damaged(path, 'its checksum is wrong');
}

/** What was encrypted, where it was. */
async function contentOf(
  path: string,
  key: BackupKey | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const first = await firstBytes(path, ageMagic.length);
  const bytes = createReadStream(path) as AsyncIterable<Buffer>;
  if (!first.equals(ageMagic)) return bytes;
  if (!key?.decrypt)
    throw new StartError(
      key
        ? `${key.file} holds the public half of the key alone, which opens no backup. Name the file with the secret half.`
        : `The backup ${path} is encrypted. Name its key with --key-file or BACKUP_KEY_FILE.`,
    );
  try {
    return opened(path, await key.decrypt(bytes));
  } catch (error) {
    const isOfAnother = error instanceof Error && error.message.includes('no identity matched');
    if (!isOfAnother) throw damaged(path, 'its head cannot be read');
    throw new StartError(`The backup ${path} is encrypted with another key than ${key.file}.`, {
      cause: error,
    });
  }
}

async function* opened(path: string, plain: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* plain;
  } catch (error) {
    throw damaged(path, 'what is encrypted was changed or cut', error);
  }
}

function unreadable(path: string): StartError {
  return new StartError(`${path} is not a backup that this Slipway can read.`);
}

function damaged(path: string, why: string, cause?: unknown): StartError {
  return new StartError(
    `The backup ${path} is damaged or not whole: ${why}. Nothing was changed; use another backup.`,
    { cause },
  );
}

/** @throws StartError when it cannot be read */
async function firstBytes(path: string, length: number): Promise<Buffer> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile())
    throw new StartError(
      `${path} is ${found.isDirectory() ? 'a folder' : 'no file'}: name the file of a backup.`,
    );
  const file = await open(path).catch((error: unknown) => {
    throw new StartError(`The backup ${path} cannot be read. Check its name.`, { cause: error });
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, 0);
    return buffer;
  } finally {
    await file.close();
  }
}
