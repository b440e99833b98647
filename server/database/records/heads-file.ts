import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isSameSeal, type Seal } from '../connection/seal.ts';
import { giveToFolderOwner } from '../embedded/data-folder.ts';
import { StartError } from '../embedded/start-error.ts';
import type { Heads } from './heads.ts';

/** A line of the file: where chains stood, that records began, or that a backup was put in their place. */
interface Line {
  kind: 'heads' | 'begin' | 'restored';
  at: string;
  heads: Heads;
  /** Of a begin: its seal, in hexadecimal. */
  begin?: string | undefined;
}

/** What was noted outside of the database since records last began anew there. */
export interface Noted {
  heads: { chain: string; revision: number; hash: string }[];
  /** The seal of their begin, in hexadecimal, where that was noted. */
  begin: string | undefined;
  /** What of the file itself nobody with the key wrote. */
  problems: string[];
}

export const nothingNoted: Noted = { heads: [], begin: undefined, problems: [] };

function sealOfLine(seal: Seal, { kind, at, heads, begin = '' }: Line): string {
  return seal('heads', [kind, at, JSON.stringify(heads), begin]).toString('hex');
}

/** A line as it is kept in the file and told to a webhook. */
export function toSealedLine(seal: Seal, line: Line): Line & { seal: string } {
  return { ...line, seal: sealOfLine(seal, line) };
}

/**
 * Adds a line to the file that notes outside of the database where chains stood. A line that was cut short, as by a
 * power failure, stays as it is.
 * @throws StartError where it cannot be written
 */
export async function appendToHeadsFile(path: string, seal: Seal, line: Line): Promise<void> {
  try {
    await append(path, JSON.stringify(toSealedLine(seal, line)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`Where records stand cannot be noted in ${path}: ${reason}.`, {
      cause: error,
    });
  }
}

async function append(path: string, text: string): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    if (size === 0) await giveToFolderOwner(dirname(path), path);
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    await file.appendFile(`${size > 0 && last.toString() !== '\n' ? '\n' : ''}${text}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

const longBytes = 4_000_000;

/**
 * Makes a long file short: of each chain it keeps what was noted last. Only for a file that fits the database, since
 * what does not fit is what it is there for.
 */
export async function shortenHeadsFile(
  path: string,
  seal: Seal,
  fits: (noted: Noted) => Promise<boolean>,
  longerThan = longBytes,
): Promise<void> {
  if (!existsSync(path) || (await stat(path)).size <= longerThan) return;
  const noted = await readHeadsFile(path, seal);
  if (!(await fits(noted))) return;
  const heads: Heads = {};
  for (const { chain, revision, hash } of noted.heads)
    if (revision >= (heads[chain]?.[0] ?? 0)) heads[chain] = [revision, hash];
  const { begin } = noted;
  const line = { kind: begin === undefined ? 'restored' : 'begin', begin, heads } as const;
  const short = `${path}.short`;
  await rm(short, { force: true });
  await appendToHeadsFile(short, seal, { ...line, at: new Date().toISOString() });
  await rename(short, path);
}

/** What the file says; nothing where there is none. */
export async function readHeadsFile(path: string | undefined, seal: Seal): Promise<Noted> {
  if (path === undefined || !existsSync(path)) return nothingNoted;
  const noted: Noted = { heads: [], begin: undefined, problems: [] };
  const lines = (await readFile(path, 'utf8')).split('\n');
  for (const [index, text] of lines.entries()) {
    if (text === '') continue;
    const line = parseLine(text);
    // The process may have ended in the middle of its last one.
    if (!line && !text.endsWith('}')) continue;
    const own = line && Buffer.from(sealOfLine(seal, line), 'hex');
    if (!line || !own || !isSameSeal(Buffer.from(String(line.seal), 'hex'), own)) {
      noted.problems.push(`line ${index + 1} was not written with this key`);
      continue;
    }
    if (line.kind !== 'heads') [noted.heads, noted.begin] = [[], line.begin];
    for (const [chain, [revision, hash]] of Object.entries(line.heads))
      noted.heads.push({ chain, revision, hash });
  }
  return noted;
}

function parseLine(text: string): (Line & { seal: unknown }) | undefined {
  try {
    const { kind, at, heads, begin, seal } = JSON.parse(text) as Line & { seal: unknown };
    return { kind, at, heads, ...(begin !== undefined && { begin }), seal };
  } catch {
    return undefined;
  }
}
