import { isIP } from 'node:net';
import { z } from 'zod';
import { splitHosts } from '../database/connection/hosts.ts';

// What the texts of settings may be, and what becomes of them.

const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9])?)*$/i;

/** A setting that is true or false. */
export const flag = z
  .string()
  .regex(/^(true|false|1|0)$/, 'must be true or false')
  .transform((text) => text === 'true' || text === '1');

/** A setting that is a whole number within limits. */
export function wholeNumber(least: number, most: number) {
  const rule = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,5}$/, rule)
    .transform(Number)
    .refine((number) => number >= least && number <= most, rule);
}

/** "[::1]" in, "::1" out; names in lower case. */
export function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
}

/** Whether it is an address or the name of a host. */
export function isHost(host: string): boolean {
  const bare = bareHost(host);
  return isIP(bare) !== 0 || HOST_NAME.test(bare);
}

/** Whether nobody but this machine reaches it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** On loopback where only a port is given. */
export function parseListen(text: string): { host: string; port: number } | undefined {
  const [, host = '127.0.0.1', digits = ''] = /^(?:(\S+):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  return digits !== '' && port > 0 && port <= 65_535 && isHost(host)
    ? { host: bareHost(host), port }
    : undefined;
}

/** Whether it names a PostgreSQL. */
export function isPostgresUrl(text: string): boolean {
  const single = splitHosts(text)?.first ?? text;
  return (
    /^postgres(ql)?:\/\//.test(text) &&
    URL.canParse(single.replace(/^postgres(ql)?:/, 'http:').replace('///', '//x/'))
  );
}

/** Whether it is an address that people can reach Slipway at. */
export function isPublicUrl(text: string): boolean {
  // No path that can be written in two ways, or means something in a page or a cookie.
  const isPlain = /^https?:\/\/[^/?#\\@]+(\/[a-z0-9_-][a-z0-9._~-]*)*\/?$/i.test(text);
  return isPlain && text.startsWith('http') && URL.canParse(text);
}
