import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StartError } from '../database/embedded/start-error.ts';
import { flag } from './kinds.ts';
import { parseTimes, type SimulatedTimes } from './simulated-times.ts';

/** Which cloud there is, already checked. */
export interface CloudEnv {
  /** How long things take in the simulated cloud, where that is set. */
  simulatedTimes: SimulatedTimes;
  /** The LXD to speak to; undefined means the simulated cloud. */
  lxd: LxdSettings | undefined;
  /** How the names of containers on an LXD that credentials lead to begin. */
  lxdNamePrefix: string;
  /** Where cloud credentials may lead. */
  credentialsReach: {
    /** Loopback, private and link-local addresses may be asked. */
    allowsPrivate: boolean;
    /** The sockets of LXD on this machine that they may name. */
    sockets: readonly string[];
    /** They may use the identity that this process has at AWS. */
    usesOwnAwsIdentity: boolean;
  };
}

export interface LxdSettings {
  address:
    | { socket: string }
    | { url: string; certificate: string; key: string; serverCertificate: string | undefined };
  namePrefix: string;
}

export const CLOUD_USAGE = `  CLOUD                simulated, or lxd for containers on a real LXD or Incus (default simulated)
  SIMULATED_CLOUD_MS   how long things take in the simulated cloud, such as latency=0,boot=500: latency, boot,
                       suspend, resume, terminate, copy, exchange (a batch of a group's servers)
  LXD_SOCKET           LXD's socket (default /var/lib/lxd/unix.socket)
  LXD_URL              or its address, such as https://lxd.example.com:8443, with
  LXD_CERT_FILE, LXD_KEY_FILE  the certificate that it trusts, and its key
  LXD_SERVER_CERT_FILE its own certificate, or the one that signed it (default: any well-known authority)
  LXD_NAME_PREFIX      how the names of its containers begin (default slipway)
  CLOUD_ALLOW_PRIVATE  true to let cloud credentials lead to loopback, private or link-local addresses (default false)
  CLOUD_SOCKETS        the sockets of LXD on this machine that cloud credentials may name, separated by commas
                       (default: none; who speaks to such a socket can do anything on this machine)
  CLOUD_OWN_AWS_IDENTITY  true to let cloud credentials use the identity that this process has at AWS, as it is or
                       to assume roles (default false)`;

export const cloudSettings = {
  CLOUD: z.enum(['simulated', 'lxd'], 'must be simulated or lxd').default('simulated'),
  SIMULATED_CLOUD_MS: z.string().transform(parseTimes).default({}),
  LXD_SOCKET: z.string().startsWith('/', 'must be an absolute path').optional(),
  LXD_URL: z
    .string()
    .regex(
      /^https:\/\/[^/?#\s@]+\/?$/,
      'must be https://, a host and perhaps a port, such as https://lxd.example.com:8443',
    )
    .optional(),
  LXD_CERT_FILE: z.string().optional(),
  LXD_KEY_FILE: z.string().optional(),
  LXD_SERVER_CERT_FILE: z.string().optional(),
  LXD_NAME_PREFIX: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,19}$/, 'must be a letter, then up to 19 letters, digits and dashes')
    .default('slipway'),
  CLOUD_ALLOW_PRIVATE: flag.default(false),
  CLOUD_SOCKETS: z
    .string()
    .regex(/^\/[^,]*(?:,\/[^,]*)*$/, 'must be absolute paths, separated by commas')
    .transform((text) => text.split(','))
    .default([]),
  CLOUD_OWN_AWS_IDENTITY: flag.default(false),
};

type Values = z.output<z.ZodObject<typeof cloudSettings>>;

/** @throws StartError naming what is missing, or the file that cannot be read */
export function toCloudEnv(values: Values): CloudEnv {
  return {
    simulatedTimes: values.SIMULATED_CLOUD_MS,
    lxd:
      values.CLOUD === 'lxd'
        ? { address: toAddress(values), namePrefix: values.LXD_NAME_PREFIX }
        : undefined,
    lxdNamePrefix: values.LXD_NAME_PREFIX,
    credentialsReach: {
      allowsPrivate: values.CLOUD_ALLOW_PRIVATE,
      sockets: values.CLOUD_SOCKETS,
      usesOwnAwsIdentity: values.CLOUD_OWN_AWS_IDENTITY,
    },
  };
}

function toAddress(values: Values): LxdSettings['address'] {
  const { LXD_URL: url, LXD_SOCKET: socket = '/var/lib/lxd/unix.socket' } = values;
  if (url === undefined) return { socket };
  if (values.LXD_SOCKET !== undefined)
    throw new StartError('LXD_URL and LXD_SOCKET name two clouds: set one of them.');
  return {
    url,
    certificate: readSetting(values, 'LXD_CERT_FILE'),
    key: readSetting(values, 'LXD_KEY_FILE'),
    serverCertificate: values.LXD_SERVER_CERT_FILE && readSetting(values, 'LXD_SERVER_CERT_FILE'),
  };
}

function readSetting(
  values: Values,
  name: 'LXD_CERT_FILE' | 'LXD_KEY_FILE' | 'LXD_SERVER_CERT_FILE',
): string {
  const file = values[name];
  if (file === undefined) throw new StartError(`LXD_URL needs ${name} as well.`);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { message } = error as Error;
    throw new StartError(`${name} cannot be read: ${message}.`, { cause: error });
  }
}
