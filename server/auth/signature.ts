import { createHmac, timingSafeEqual } from 'node:crypto';

const scheme = 'V1-HMAC-SHA256';
const windowMs = 300_000;

/** What a signature covers, as it came over the wire. */
export interface SignedRequest {
  method: string;
  /** Path and query exactly as sent. */
  url: string;
  /** The X-Scalr-Date header. */
  date: string;
  /** The bytes of the body; empty when there is none. */
  body: Buffer;
}

/** Signs as `scalr-ctl` does. @returns the value of X-Scalr-Signature */
export function sign(request: SignedRequest, secret: string): string {
  return `${scheme} ${mac(request, canonicalQuery(rawQuery(request.url)), secret).toString('base64')}`;
}

/**
 * Whether X-Scalr-Signature is right for the request. Every spelling of the query that a client in use
 * signs is tried (docs/domain.md, "API keys and signed requests"), each in constant time.
 */
export function isSignedWith(request: SignedRequest, header: string, secret: string): boolean {
  const given = parseSignature(header);
  if (!given) return false;
  const raw = rawQuery(request.url);
  const spellings = new Set([canonicalQuery(raw), sortedAsSent(raw), raw]);
  let matches = false;
  for (const query of spellings)
    if (timingSafeEqual(mac(request, query, secret), given)) matches = true;
  return matches;
}

/** Whether the header names a method that Slipway knows and carries a whole SHA-256. */
function parseSignature(header: string): Buffer | undefined {
  const base64 = /^V1-HMAC-SHA256 ([A-Za-z0-9+/]{43}=)$/.exec(header)?.[1];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64');
}

/** Method, date, path, query and body, each on its own line. */
function mac({ method, url, date, body }: SignedRequest, query: string, secret: string): Buffer {
  const path = url.split('?', 1)[0] ?? '';
  return createHmac('sha256', secret)
    .update([method, date, path, query, ''].join('\n'))
    .update(body)
    .digest();
}

function rawQuery(url: string): string {
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start + 1);
}

/** Parameters decoded, sorted by name, and written again by RFC 3986. */
function canonicalQuery(raw: string): string {
  return pairs(raw)
    .map(([name, value]) => [rfc3986(decode(name)), rfc3986(decode(value))] as const)
    .toSorted(([a], [b]) => compare(a, b))
    .map((pair) => pair.join('='))
    .join('&');
}

/** Some clients sort whole pairs and leave them as they send them. */
function sortedAsSent(raw: string): string {
  return raw.split('&').toSorted(compare).join('&');
}

function pairs(raw: string): (readonly [string, string])[] {
  return raw
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=');
      return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
    });
}

/** What cannot be decoded stays as it is: such a query is refused for itself, later. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}

function rfc3986(text: string): string {
  const escape = (mark: string) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, escape);
}

function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

const dateShape =
  /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?(?:Z|Z\+00:00|[+-]00:00|\+0000)$/;

/**
 * Reads X-Scalr-Date: ISO 8601 in UTC, in the spellings that clients send, and nothing that `Date`
 * would merely tolerate.
 * @returns milliseconds since 1970, or undefined when it is not such a date
 */
export function parseSignatureDate(text: string): number | undefined {
  const match = dateShape.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as Six;
  const fraction = Number(`0.${match[7] ?? '0'}`);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(ms);
  // 31 February would have become a day in March.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  return ms + Math.floor(fraction * 1000);
}

type Six = [number, number, number, number, number, number];

/** Whether a date is within five minutes of now, on either side. Both in milliseconds since 1970. */
export function isWithinWindow(dateMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - dateMs) <= windowMs;
}
