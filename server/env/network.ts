import { z } from 'zod';
import { StartError } from '../database/embedded/start-error.ts';
import {
  bareHost,
  flag,
  isHost,
  isLoopback,
  isPublicUrl,
  parseListen,
  wholeNumber,
} from './kinds.ts';
import { parseTrust, type Trust } from './trust-proxy.ts';

/** Where Slipway listens and how it is reached, already checked. */
export interface NetworkEnv {
  port: number;
  host: string;
  /** Where people reach Slipway, without a trailing slash; undefined means host and port. */
  publicUrl: string | undefined;
  /** Host names (lower case, no port) that requests may carry. */
  allowedHosts: string[];
  /** The path of `publicUrl`: empty, or such as `/slipway`. */
  basePath: string;
  /** Which proxies' X-Forwarded-* headers are believed; false for none. */
  trustProxy: Trust | false;
  /** Where the own certificate and its key are; undefined for plain HTTP. */
  tls: TlsFiles | undefined;
  /** Whoever is on the way could read what people send. */
  isReadable: boolean;
  /** That is accepted on purpose. */
  allowsPlainHttp: boolean;
  /** Cookies are marked Secure whatever a proxy says: people come over TLS. */
  secureCookies: boolean;
  /** Where `/metrics` is, and then nowhere else; undefined means with everything else. */
  metricsListen: Listen | undefined;
  /** Where `/livez` and `/readyz` are, and then nowhere else; undefined means with everything else. */
  probesListen: Listen | undefined;
  /** What whoever reads `/metrics` must show; undefined means that anybody may who reaches it. */
  metricsToken: string | undefined;
  /** Signed requests of one API key in a minute; 0 is no limit. */
  rateLimitPerMinute: number;
  /** Sign-ins, wrong signatures and documents of one address in a minute, of each kind; 0 is no limit. */
  addressLimitPerMinute: number;
}

export interface TlsFiles {
  certFile: string;
  keyFile: string;
}

export interface Listen {
  host: string;
  port: number;
}

export const NETWORK_USAGE = `  PUBLIC_URL           where people reach Slipway, such as https://example.com/slipway
  ALLOWED_HOSTS        more host names that requests may carry, separated by commas
  TLS_CERT_FILE, TLS_KEY_FILE  the own certificate, with those that signed it behind it, and its key, as PEM;
                       read again when they change (default: plain HTTP, on loopback or behind a proxy with TLS)
  ALLOW_PLAIN_HTTP     true to listen for others without TLS, so that what they send can be read (default false)
  TRUST_PROXY          the proxies whose X-Forwarded-For, -Proto and -Host are believed: addresses and
                       networks, such as 10.0.0.7, fd00::/8, or how many stand in a row, such as 1
  RATE_LIMIT_PER_MINUTE  signed requests for each API key (default 300, 0 = no limit)
  ADDRESS_LIMIT_PER_MINUTE  sign-ins, wrong signatures and documents of one address (default 300, 0 = no limit)
  METRICS_LISTEN       a port, or address:port, for /metrics alone (default: with everything else)
  METRICS_TOKEN        what /metrics is read with (Authorization: Bearer ...), 16 characters or more
  PROBES_LISTEN        a port, or address:port, for /livez and /readyz alone, perhaps that of METRICS_LISTEN
                       (default: with everything else)`;

const listen = z
  .string()
  .refine((text) => parseListen(text) !== undefined, 'must be a port, or address:port')
  .transform(parseListen)
  .optional();

export const networkSettings = {
  PORT: wholeNumber(0, 65_535).default(4400),
  HOST: z.string().refine(isHost, 'must be an address or a host name').default('127.0.0.1'),
  PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, 'must be http:// or https://, a host name and perhaps a plain path')
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  ALLOWED_HOSTS: z
    .string()
    .transform((list) =>
      list
        .split(',')
        .map((name) => bareHost(name.trim()))
        .filter((name) => name !== ''),
    )
    .refine((names) => names.every(isHost), 'must be host names separated by commas, without ports')
    .default([]),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  ALLOW_PLAIN_HTTP: flag.default(false),
  TRUST_PROXY: z
    .string()
    .refine(
      (text) => parseTrust(text) !== undefined,
      'must be the addresses or networks of the proxies before Slipway, such as 10.0.0.7, fd00::/8, or how many stand in a row, such as 1',
    )
    .transform((text) => parseTrust(text) ?? false)
    .default(false),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(300),
  ADDRESS_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000).default(300),
  METRICS_LISTEN: listen,
  METRICS_TOKEN: z
    .string()
    .regex(/^[!-~]{16,}$/, 'must have 16 characters or more, without spaces')
    .optional(),
  PROBES_LISTEN: listen,
};

type Values = z.output<z.ZodObject<typeof networkSettings>>;

/** @throws StartError naming what is missing */
export function toNetworkEnv(values: Values): NetworkEnv {
  const { PUBLIC_URL: publicUrl, HOST: host } = values;
  const names = ['localhost', '127.0.0.1', '::1', bareHost(host), ...values.ALLOWED_HOSTS];
  if (publicUrl !== undefined) names.push(bareHost(new URL(publicUrl).hostname));
  const tls = toTls(values);
  const secureCookies = tls !== undefined || (publicUrl?.startsWith('https://') ?? false);
  return {
    port: values.PORT,
    host: bareHost(host),
    publicUrl,
    basePath: publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, ''),
    allowedHosts: [...new Set(names)].filter((name) => name !== '0.0.0.0' && name !== '::'),
    trustProxy: values.TRUST_PROXY,
    tls,
    allowsPlainHttp: values.ALLOW_PLAIN_HTTP,
    isReadable: !secureCookies && !isLoopback(bareHost(host)),
    secureCookies,
    metricsListen: values.METRICS_LISTEN,
    probesListen: values.PROBES_LISTEN,
    metricsToken: values.METRICS_TOKEN,
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    addressLimitPerMinute: values.ADDRESS_LIMIT_PER_MINUTE,
  };
}

function toTls(values: Values): TlsFiles | undefined {
  const { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile } = values;
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile === undefined || keyFile === undefined)
    throw new StartError(
      `TLS_CERT_FILE and TLS_KEY_FILE belong together: set ${certFile === undefined ? 'TLS_CERT_FILE' : 'TLS_KEY_FILE'} as well.`,
    );
  if (values.PUBLIC_URL?.startsWith('http://') === true)
    throw new StartError('PUBLIC_URL must begin with https://, since TLS_CERT_FILE is set.');
  return { certFile, keyFile };
}
