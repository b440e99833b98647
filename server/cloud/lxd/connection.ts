import { X509Certificate } from 'node:crypto';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { checkServerIdentity } from 'node:tls';
import { z } from 'zod';
import {
  checkLiteralHost,
  PrivateAddressError,
  publicLookup,
} from '../../contact/private-addresses.ts';
import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import { type Envelope, envelopeSchema, type LxdOperation, operationSchema } from './answers.ts';

/** Where the daemon is: the path of its socket, or its HTTPS address with certificates (PEM). */
export type LxdAddress =
  | { socket: string }
  | {
      url: string;
      /** What LXD knows us by. */
      certificate: string;
      key: string;
      /** The daemon's own certificate, or that of who signed it; none if any well-known authority did. */
      serverCertificate?: string | undefined;
      /** Somebody gave it in the page or by the API: it must not lead into the network of Slipway itself. */
      isPublicOnly?: boolean;
    };

/** What it says while it works on the same thing already. */
export const isBusy = /\bbusy\b|matching non-reusable operation/i;

/** LXD said no. `code` is that of HTTP. */
export class LxdError extends CloudError {
  override name = 'LxdError';
  readonly code: number;
  /** It works on the same thing already. */
  readonly isBusy: boolean;

  constructor(words: string, code: number) {
    const busy = isBusy.test(words);
    // It is busy, or in trouble itself; everything else is wrong with what was asked.
    super(`LXD says: ${words}`, { willPass: code >= 500 || busy, isThrottled: code === 429 });
    this.code = code;
    this.isBusy = busy;
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** One LXD, asked by plain HTTP. */
export class LxdConnection {
  readonly #request: ReturnType<typeof requestTo>;
  readonly #where: string;

  constructor(address: LxdAddress) {
    this.#where = 'socket' in address ? address.socket : address.url;
    this.#request = requestTo(address);
  }

  /**
   * A project of this LXD, for one call of the port. A place's location is the name of a project.
   * @throws CloudError for good if the place is on another cloud
   */
  at({ cloudPlatform, cloudLocation }: CloudPlace, { signal }: CallOptions): LxdProject {
    if (cloudPlatform !== 'lxd')
      throw new CloudError(`LXD has nothing on ${cloudPlatform}.`, { willPass: false });
    return new LxdProject(cloudLocation, (path, method, body) =>
      this.#exchange(path, method, body, signal),
    );
  }

  async #exchange(path: string, method: Method, body: unknown, signal: AbortSignal) {
    signal.throwIfAborted();
    try {
      const request = this.#request(path, method, signal);
      const answer = new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve).once('error', reject);
      });
      if (body !== undefined) request.setHeader('content-type', 'application/json');
      request.end(body === undefined ? undefined : JSON.stringify(body));
      return readEnvelope(await text(await answer));
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof CloudError ? error : unreachable(this.#where, error);
    }
  }
}

/** What can be asked of one project within one call. */
export class LxdProject {
  readonly name: string;
  readonly #ask: (path: string, method: Method, body?: unknown) => Promise<Envelope>;

  constructor(
    name: string,
    ask: (path: string, method: Method, body?: unknown) => Promise<Envelope>,
  ) {
    this.name = name;
    this.#ask = (path, method, body) => {
      const [bare, query] = path.split('?');
      const parameters = new URLSearchParams(query);
      parameters.set('project', name);
      return ask(`/1.0${bare}?${parameters.toString()}`, method, body);
    };
  }

  /**
   * @param path below `/1.0`
   * @returns what is there
   * @throws CloudError; LxdError where LXD itself refuses
   */
  async read<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>> {
    const { metadata } = await this.#ask(path, 'GET');
    return parseAs(schema, metadata, path);
  }

  /**
   * Asks for a change.
   * @param path below `/1.0`
   * @returns the operation that LXD began, nothing if all is done
   * @throws CloudError; LxdError where LXD itself refuses
   */
  async change(
    method: Exclude<Method, 'GET'>,
    path: string,
    body?: unknown,
  ): Promise<LxdOperation | undefined> {
    const { type, metadata } = await this.#ask(path, method, body);
    return type === 'async' ? parseAs(operationSchema, metadata, path) : undefined;
  }
}

function readEnvelope(body: string): Envelope {
  const envelope = parseAs(envelopeSchema, parseJson(body), 'a request');
  if (envelope.type === 'error') throw new LxdError(envelope.error, envelope.error_code);
  return envelope;
}

function parseAs<Schema extends z.ZodType>(
  schema: Schema,
  answer: unknown,
  what: string,
): z.output<Schema> {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  const why = z.prettifyError(read.error);
  // Half an answer, or that of a proxy in trouble, may be whole next time.
  throw new CloudError(`LXD answered ${what} in a form that Slipway does not know: ${why}`, {
    willPass: true,
  });
}

function requestTo(address: LxdAddress) {
  if ('socket' in address) {
    const agent = new HttpAgent({ keepAlive: true });
    return (path: string, method: string, signal: AbortSignal) =>
      requestHttp({ socketPath: address.socket, agent, path, method, signal });
  }
  const { url, certificate: cert, key, serverCertificate, isPublicOnly = false } = address;
  const own = serverCertificate && new X509Certificate(serverCertificate).fingerprint256;
  const agent = new HttpsAgent({
    keepAlive: true,
    cert,
    key,
    ca: serverCertificate,
    // LXD signs its own certificate, for its host's name: known itself, it needs no name.
    checkServerIdentity: (host, peer) =>
      peer.fingerprint256 === own ? undefined : checkServerIdentity(host, peer),
  });
  const looking = isPublicOnly ? { lookup: publicLookup(allowedBy) } : {};
  return (path: string, method: string, signal: AbortSignal) => {
    if (isPublicOnly) checkLiteralHost(new URL(url).hostname, allowedBy);
    return requestHttps(new URL(path, url), { agent, method, signal, ...looking });
  };
}

const allowedBy = 'CLOUD_ALLOW_PRIVATE';

/** Who may not open the socket, or does not trust the certificate, has to be helped by somebody. */
function unreachable(where: string, error: unknown): CloudError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const willPass =
    code !== 'EACCES' &&
    !/CERT|SELF_SIGNED|ALTNAME/.test(code) &&
    !(error instanceof PrivateAddressError);
  return new CloudError(`LXD cannot be reached at ${where}: ${message || code}.`, { willPass });
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** @returns nothing where LXD has no such thing; an unknown project is an error all the same */
export async function orAbsent<Found>(answer: Promise<Found>): Promise<Found | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (
      error instanceof LxdError &&
      error.code === 404 &&
      !/project not found/i.test(error.message)
    )
      return undefined;
    throw error;
  }
}
