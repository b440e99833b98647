import { createHmac } from 'node:crypto';

// How clients in use sign, each written down by itself: nothing of it is the server's own code, so the
// two can only agree by both being right.

type Pairs = readonly (readonly [name: string, value: string])[];

/** How one client dates, spells and signs a request. */
export interface Dialect {
  date(now: Date): string;
  /** The query on the wire. */
  send(pairs: Pairs): string;
  /** The query in the text that is signed. */
  sign(pairs: Pairs): string;
}

/** RFC 3986: only letters, digits and `-._~` stay, as Python's `quote(text, safe='~')` has it. */
export function quote(text: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const char = String.fromCharCode(byte);
    return /[A-Za-z0-9\-._~]/.test(char)
      ? char
      : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

/** As forms are sent: spaces are `+`. */
const quotePlus = (text: string) => quote(text).replaceAll('%20', '+');

const join = (pairs: Pairs, encode: (text: string) => string) =>
  pairs.map((pair) => pair.map(encode).join('='));

export const dialects = {
  /** `scalr-ctl`: signs sorted and quoted, sends unsorted and with `+`. */
  'scalr-ctl': {
    date: (now) => `${now.toISOString().slice(0, 19)}.000Z`,
    send: (pairs) => join(pairs, quotePlus).join('&'),
    sign: (pairs) => join(pairs, quote).toSorted().join('&'),
  },
  /** The driver in Ruby: signs what it sends, sorted by whole pair. */
  'kitchen-scalr': {
    date: (now) => `${now.toISOString().slice(0, 19)}Z+00:00`,
    send: (pairs) => join(pairs, quote).join('&'),
    sign: (pairs) => join(pairs, quote).toSorted().join('&'),
  },
  /** A third one in use: signs exactly what it sends. */
  'signs as sent': {
    date: (now) => now.toISOString().replace('Z', '417+00:00'),
    send: (pairs) => join(pairs, quotePlus).join('&'),
    sign: (pairs) => join(pairs, quotePlus).join('&'),
  },
  /** A page's `URLSearchParams`, which leaves `*` alone and quotes `~`. */
  'a browser library': {
    date: (now) => now.toISOString(),
    send: (pairs) =>
      new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value])).toString(),
    sign: (pairs) => join(pairs, quote).toSorted().join('&'),
  },
} satisfies Record<string, Dialect>;

/** @returns the value of X-Scalr-Signature over these lines */
export function signatureOf(secret: string, lines: readonly (string | Buffer)[]): string {
  const hmac = createHmac('sha256', secret);
  for (const [index, line] of lines.entries()) hmac.update(index === 0 ? '' : '\n').update(line);
  return `V1-HMAC-SHA256 ${hmac.digest('base64')}`;
}
