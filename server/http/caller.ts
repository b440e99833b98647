import type { FastifyRequest } from 'fastify';
import { ApiError } from '#contract/errors.ts';
import { unattendedHeader } from '#contract/live.ts';
import { countRequest, findSigningKey, type SigningKey } from '../auth/api-keys.ts';
import type { SecretBox } from '../auth/secret-box.ts';
import { findSession, type SessionLimits } from '../auth/sessions.ts';
import { isSignedWith, isWithinWindow, parseSignatureDate } from '../auth/signature.ts';
import type { Caller, Db } from '../perform.ts';
import { type CookieSettings, readSessionCookie } from './cookies.ts';
import { checkSameOrigin } from './guards.ts';
import type { ReachSettings } from './reached-as.ts';
import type { StrangerLimits } from './strangers.ts';

export interface CallerSettings extends CookieSettings, ReachSettings {
  db: Db;
  /** Undefined where no key for secrets was given: then no signature can be checked. */
  secrets: SecretBox | undefined;
  limits: StrangerLimits;
  /** Signed requests of one key in a minute; 0 is no limit. */
  rateLimitPerMinute: number;
  sessions: SessionLimits;
}

export interface FoundCaller {
  caller: Caller;
  /** Names what the caller showed, in records; opens nothing. Empty for nobody. */
  credential: string;
}

const signatureHeaders = ['x-scalr-key-id', 'x-scalr-signature', 'x-scalr-date'] as const;

/**
 * Who sends a request: a browser by its cookie, a program by its signature, or nobody.
 * @throws ApiError BadAuthentication for a wrong signature, LimitExceeded, PermissionViolation for a
 * change that does not come from a page of Slipway, BadRequest for a cookie and a signature at once
 */
export async function findCaller(
  request: FastifyRequest,
  settings: CallerSettings,
): Promise<FoundCaller> {
  const token = readSessionCookie(request, settings);
  if (signatureHeaders.some((name) => request.headers[name] !== undefined)) {
    if (token !== undefined)
      throw new ApiError(
        'BadRequest',
        'The request has a session cookie and a signature. Send one of them.',
      );
    // Before anything is looked up or computed.
    settings.limits.wrongSignatures.check(request.ip);
    return findSigner(request, settings);
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') checkSameOrigin(request, settings);
  const isUse = request.headers[unattendedHeader] === undefined;
  const use = { isUse, address: request.ip, idleMinutes: settings.sessions.idleMinutes };
  const session = token === undefined ? undefined : await findSession(settings.db, token, use);
  if (!session) return { caller: { kind: 'anonymous' }, credential: '' };
  const { credential, ...user } = session;
  return { caller: { kind: 'user', ...user }, credential };
}

/** docs/domain.md, "API keys and signed requests". */
async function findSigner(request: FastifyRequest, settings: CallerSettings): Promise<FoundCaller> {
  const notAuthentic = (): ApiError => {
    settings.limits.wrongSignatures.count(request.ip);
    return wrongSignature();
  };
  const [keyId, signature, sentDate] = signatureHeaders.map((name) => request.headers[name]);
  if (typeof keyId !== 'string' || typeof signature !== 'string') throw notAuthentic();
  const date = typeof sentDate === 'string' ? sentDate.replaceAll(/\s/g, '') : '';
  const dateMs = parseSignatureDate(date);
  if (dateMs === undefined)
    throw new ApiError(
      'BadRequest',
      'X-Scalr-Date is missing or is not an ISO 8601 date in UTC. Send one such as 2026-11-22T10:00:00.000Z.',
    );
  const key = settings.secrets && (await findSigningKey(settings.db, keyId, settings.secrets));
  const signed = {
    method: request.method,
    url: request.originalUrl,
    date,
    body: request.rawBody ?? Buffer.alloc(0),
  };
  // An unknown key costs the same work as a wrong signature, and says the same.
  const right = isSignedWith(signed, signature, key?.secret ?? 'no such key');
  if (!key || !right || !isWithinWindow(dateMs, Date.now())) throw notAuthentic();
  // Whoever signs rightly has the secret, and so may know.
  if (key.expired) throw hasExpired(key.expired);
  await checkRate(settings, keyId, request.ip);
  return { caller: toCaller(key), credential: `key:${keyId}` };
}

function toCaller({ userId, email, narrowing }: SigningKey): Caller {
  return { kind: 'user', userId, email, narrowing };
}

function hasExpired(at: Date): ApiError {
  return new ApiError(
    'BadAuthentication',
    `This API key expired at ${at.toISOString()}. Sign with another one; people make them on their profile page.`,
  );
}

/** One text for everything that can be wrong, so that nothing can be learned by trying. */
function wrongSignature(): ApiError {
  return new ApiError(
    'BadAuthentication',
    'The request is not signed by an active API key. Check the key id, the secret, the clock (at most 300 seconds off), and that method, date, path, query and body are signed as they are sent.',
  );
}

async function checkRate(
  { db, rateLimitPerMinute }: CallerSettings,
  keyId: string,
  address: string,
): Promise<void> {
  const { requests, secondsLeft } = await countRequest(db, keyId, address);
  if (rateLimitPerMinute === 0 || requests <= rateLimitPerMinute) return;
  throw new ApiError(
    'LimitExceeded',
    `This API key has sent more than ${rateLimitPerMinute} requests in this minute. Try again in ${secondsLeft} s.`,
    { retryAfterSeconds: secondsLeft },
  );
}
