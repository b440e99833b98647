import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Server } from 'node:https';
import type { Server as PlainServer } from 'node:http';
import { createSecureContext } from 'node:tls';
import { StartError } from '../database/embedded/start-error.ts';
import type { TlsFiles } from '../env/network.ts';

const lookEveryMs = 5_000;
const dayMs = 86_400_000;
const warnDaysBefore = 14;

/** A certificate and its key, as PEM. */
interface Pair {
  cert: string;
  key: string;
}

interface Told {
  onNew: (line: string) => void;
  onProblem: (line: string) => void;
  everyMs?: number;
}

/**
 * The own certificate, which is taken anew from its files when they change, without ending a connection. A pair that
 * does not fit is not taken (docs/operations.md, "TLS").
 */
export class Certificate {
  readonly #files: TlsFiles;
  #pair: Pair;
  /** The last pair that was not taken, and whether that was said. */
  #refused: { pair: Pair; isSaid: boolean } | undefined;
  #servers: Server[] = [];
  #timer: NodeJS.Timeout | undefined;
  #told: Told | undefined;

  private constructor(files: TlsFiles, pair: Pair) {
    this.#files = files;
    this.#pair = pair;
  }

  /** @throws StartError when a file cannot be read, or the two do not fit */
  static async open(files: TlsFiles): Promise<Certificate> {
    const pair = await read(files);
    const problem = problemOf(pair);
    if (problem !== undefined) throw new StartError(`${nameOf(files)} cannot be used: ${problem}.`);
    return new Certificate(files, pair);
  }

  get pair(): Readonly<Pair> {
    return this.#pair;
  }

  get expiresAt(): Date {
    return new X509Certificate(this.#pair.cert).validToDate;
  }

  /** @returns what to do about its end, where that is near */
  findProblem(now = Date.now()): string | undefined {
    const days = Math.floor((this.expiresAt.getTime() - now) / dayMs);
    if (days >= warnDaysBefore) return undefined;
    const when = days < 0 ? 'has expired' : `expires in ${days} ${days === 1 ? 'day' : 'days'}`;
    return `The certificate in ${this.#files.certFile} ${when}: put a new one there.`;
  }

  /** Servers that go on with whatever is taken later; plain ones are left as they are. */
  serve(...servers: PlainServer[]): void {
    this.#servers.push(...servers.filter((server) => server instanceof Server));
  }

  /** Looks at the files now and then. */
  follow(told: Told): void {
    this.#told = told;
    this.#timer = setInterval(() => void this.look(), told.everyMs ?? lookEveryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Takes what is in the files now, if it is new and fits; else goes on with what there is, and says so.
   * @param isAsked somebody waits for the word; otherwise a pair of which only one half is there yet gets a moment
   */
  async look(isAsked = false): Promise<void> {
    const pair = await read(this.#files).catch((error: Error) => error);
    if (pair instanceof Error)
      return this.#refuse({ cert: pair.message, key: '' }, pair.message, isAsked);
    if (isSame(pair, this.#pair)) {
      if (isAsked) this.#told?.onNew('The certificate is the one that is in use already.');
      this.#refused = undefined;
      return;
    }
    const problem = problemOf(pair);
    if (problem !== undefined)
      return this.#refuse(pair, `${nameOf(this.#files)} cannot be used: ${problem}.`, isAsked);
    this.#pair = pair;
    this.#refused = undefined;
    for (const server of this.#servers) server.setSecureContext(pair);
    this.#told?.onNew(`A new certificate is in use, until ${this.expiresAt.toISOString()}.`);
    const end = this.findProblem();
    if (end !== undefined) this.#told?.onProblem(end);
  }

  #refuse(pair: Pair, problem: string, isAsked: boolean): void {
    const again = this.#refused && isSame(this.#refused.pair, pair) ? this.#refused : undefined;
    const isSaid = again?.isSaid ?? false;
    const says = isAsked || (again !== undefined && !isSaid);
    this.#refused = { pair, isSaid: isSaid || says };
    if (says) this.#told?.onProblem(`${problem} The certificate from before stays in use.`);
  }
}

function nameOf({ certFile, keyFile }: TlsFiles): string {
  return `The certificate in ${certFile} with the key in ${keyFile}`;
}

function isSame(one: Pair, other: Pair): boolean {
  return one.cert === other.cert && one.key === other.key;
}

/** @throws StartError naming the setting and the file */
async function read({ certFile, keyFile }: TlsFiles): Promise<Pair> {
  return { cert: await text('TLS_CERT_FILE', certFile), key: await text('TLS_KEY_FILE', keyFile) };
}

function text(setting: string, file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`${setting} cannot be read: ${file} (${error.code}).`, { cause: error });
  });
}

/** Why no server can use a pair. Of what OpenSSL says nothing is told that was in a file. */
function problemOf({ cert, key }: Pair): string | undefined {
  try {
    const secret = createPrivateKey(key);
    if (!new X509Certificate(cert).checkPrivateKey(secret))
      return 'the key belongs to another certificate';
    createSecureContext({ cert, key });
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (/MISSING_PASSPHRASE|BAD_DECRYPT|BAD_PASSWORD|INTERRUPTED_OR_CANCELLED/.test(code))
      return 'the key is protected by a password';
    return `they are not PEM that can be read${code === '' ? '' : ` (${code})`}`;
  }
}
