import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { StartError } from '../embedded/start-error.ts';
import { framesOf, type Frame, toBytes } from './frames.ts';

// A backup is: this line, frames compressed by gzip, and the SHA-256 of everything before it.
const magic = Buffer.from('slipway-backup 1\n');
const hashBytes = 32;

/**
 * Writes a backup file. It appears under its name only when it is whole and on the disk.
 * @throws StartError when the disk does not take it
 */
export async function writeArchive(path: string, frames: AsyncIterable<Frame>): Promise<void> {
  const draft = `${path}.partial-${process.pid}`;
  try {
    const compressed = Readable.from(toBytes(frames)).compose(createGzip());
    await pipeline(
      sealed(compressed as AsyncIterable<Buffer>),
      createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }),
    );
    await verifyArchive(draft);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw whyUnwritten(path, error);
  }
}

function whyUnwritten(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'syscall' in error && 'code' in error ? error.code : '';
  if (typeof code !== 'string' || code === '') return error;
  const reason = code === 'ENOSPC' || code === 'EDQUOT' ? 'there is no room for it' : code;
  return new StartError(`The backup ${path} cannot be written: ${reason}. Choose another place.`, {
    cause: error,
  });
}

/** @throws StartError unless every byte is as it was written */
export async function verifyArchive(path: string): Promise<void> {
  const size = await sizeOf(path);
  const hash = createHash('sha256');
  const wanted: Buffer[] = [];
  let position = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const hashed = Math.max(0, Math.min(chunk.length, size - hashBytes - position));
    hash.update(chunk.subarray(0, hashed));
    wanted.push(chunk.subarray(hashed));
    position += chunk.length;
  }
  if (!hash.digest().equals(Buffer.concat(wanted)))
    throw new StartError(
      `The backup ${path} is damaged or not whole: its checksum is wrong. Nothing was changed; use another backup.`,
    );
}

/** The frames of a backup that has been verified. */
export async function* readArchive(path: string): AsyncGenerator<Frame> {
  const end = (await sizeOf(path)) - hashBytes - 1;
  const body = createReadStream(path, { start: magic.length, end }).compose(createGunzip());
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

/** @throws StartError when it cannot be read, or is something else than a backup */
async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  if (found && !found.isFile())
    throw new StartError(
      `${path} is ${found.isDirectory() ? 'a folder' : 'no file'}: name the file of a backup.`,
    );
  const file = await open(path).catch((error: unknown) => {
    throw new StartError(`The backup ${path} cannot be read. Check its name.`, { cause: error });
  });
  try {
    const { buffer } = await file.read(Buffer.alloc(magic.length), 0, magic.length, 0);
    const { size } = await file.stat();
    if (!buffer.equals(magic) || size < magic.length + hashBytes)
      throw new StartError(`${path} is not a backup that this Slipway can read.`);
    return size;
  } finally {
    await file.close();
  }
}
