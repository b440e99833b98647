import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ApiError } from '#contract/errors.ts';
import { normalPassword } from '../domain/people/passwords.ts';

const hashOnce = promisify(
  (parameters: Argon2Parameters, done: (error: Error | null, hash: Buffer) => void) =>
    argon2('argon2id', parameters, done),
);

/** 19 MiB, twice over, in one lane: docs/domain.md, "Passwords". */
const cost = { memory: 19_456, passes: 2, parallelism: 1 };
const saltBytes = 16;
const hashBytes = 32;
const atOnce = 2;
const mostWaiting = 20;
const retryAfterSeconds = 2;
const form =
  /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

let running = 0;
const waiting: (() => void)[] = [];

/**
 * Hashes take a core for 20 ms and threads that everything else needs too: two at once, and few that wait.
 * @throws ApiError LimitExceeded
 */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting)
      throw new ApiError(
        'LimitExceeded',
        'Too many passwords are being checked. Try again in 2 s.',
        {
          retryAfterSeconds,
        },
      );
    // Whoever is done hands its place on.
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else running += 1;
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else running -= 1;
  }
}

/** @returns what is kept of a password @throws ApiError LimitExceeded */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes);
  const hash = await inTurn(() => hash32(password, salt, cost));
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${bare(salt)}$${bare(hash)}`;
}

/**
 * Whether a password is the one that a text was kept of. Without such a text, it takes as long and is not.
 * @throws ApiError LimitExceeded
 */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', hash = ''] = form.exec(kept ?? '') ?? [];
  const used = memory === undefined ? cost : toCost(memory, passes, parallelism);
  const wanted = Buffer.concat([Buffer.from(hash, 'base64')], hashBytes);
  const padded = Buffer.concat([Buffer.from(salt, 'base64')], saltBytes);
  const made = await inTurn(() => hash32(password, padded, used));
  return timingSafeEqual(made, wanted) && memory !== undefined;
}

function toCost(memory: string, passes = '', parallelism = ''): typeof cost {
  return { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
}

async function hash32(password: string, nonce: Buffer, used: typeof cost): Promise<Buffer> {
  return hashOnce({ message: normalPassword(password), nonce, tagLength: hashBytes, ...used });
}

/** Base64 without padding, as PHC strings have it. */
function bare(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
