import { Agent as HttpAgent, type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import {
  checkLiteralHost,
  PrivateAddressError,
  publicLookup,
} from '../../contact/private-addresses.ts';
import { CloudError } from '../call.ts';

const allowedBy = 'CLOUD_ALLOW_PRIVATE';

/** How a cloud may be spoken to. */
export interface HttpRules {
  /** Its certificates have to be those of well-known authorities. */
  sslVerification: boolean;
  /** Loopback, private and link-local addresses may be asked, and anything without TLS. */
  allowsPrivate: boolean;
}

export interface HttpRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** @throws CloudError where nobody answers, or may be asked; whatever the answer is, it is returned */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Connections are kept, and were looked up by the same rules. Redirects are not followed. */
export function openExchange({ sslVerification, allowsPrivate }: HttpRules): Exchange {
  const looking = allowsPrivate ? {} : { lookup: publicLookup(allowedBy) };
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true, rejectUnauthorized: sslVerification });
  const connect = ({ method, url, headers, signal }: HttpRequest, length: number) => {
    const { protocol, hostname } = new URL(url);
    if (!allowsPrivate) checkLiteralHost(hostname, allowedBy);
    if (protocol !== 'https:' && !allowsPrivate) throw new UnsafeAddressError(url);
    const options = {
      method,
      headers: { accept: 'application/json', ...headers, 'content-length': length },
      signal,
      ...looking,
    };
    return protocol === 'https:'
      ? requestHttps(url, { ...options, agent: secure })
      : requestHttp(url, { ...options, agent: plain });
  };
  return async (wanted) => {
    const { url, body, signal } = wanted;
    signal.throwIfAborted();
    const sent = body === undefined ? '' : JSON.stringify(body);
    try {
      const request = connect(wanted, Buffer.byteLength(sent));
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        request.once('response', resolve).once('error', reject);
        request.end(sent);
      });
      const { statusCode: status = 0, headers } = answer;
      return { status, headers, body: await text(answer) };
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(url, error);
    }
  };
}

/** Whoever listens on the way would read the password. */
class UnsafeAddressError extends Error {
  override name = 'UnsafeAddressError';

  constructor(url: string) {
    super(`${new URL(url).origin} has no TLS. ${allowedBy} allows that`);
  }
}

function unreachable(url: string, error: unknown): CloudError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isRefused = error instanceof PrivateAddressError || error instanceof UnsafeAddressError;
  const isDistrusted = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY/.test(code);
  const reason = (message || code).replace(/\.$/, '');
  return new CloudError(`OpenStack cannot be reached at ${new URL(url).origin}: ${reason}.`, {
    willPass: !isRefused && !isDistrusted,
  });
}
