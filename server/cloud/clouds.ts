import { z } from 'zod';
import type { Db } from '../database/connection/connection.ts';
import {
  type CloudCredentialsRow,
  fetchCloudCredentials,
  noteContact,
} from '../database/queries/clouds/cloud-credentials.ts';
import { credentialsOf } from '../database/queries/records/outbox.ts';
import { CloudError } from './call.ts';
import { type CloudSettings, createCloud } from './create-cloud.ts';
import { guardCloud } from './guard.ts';
import type { LxdAddress } from './lxd/connection.ts';
import { createLxdCloud } from './lxd/lxd.ts';
import type { CloudDriver } from './port.ts';
import { createSimulatedCloud } from './simulated.ts';

/**
 * The cloud that is asked in a lane: that of its credentials, or that of the process where it names none.
 * @throws CloudError, for good, where it cannot be asked with these credentials
 */
export type CloudOf = (lane: string) => Promise<CloudDriver>;

/** Opens the secrets of cloud credentials. */
export interface SecretOpener {
  open(sealed: Buffer, label: string): string;
}

/** The clouds that there may be: docs/operations.md, "Cloud credentials". */
export interface CloudsSettings extends CloudSettings {
  lxdNamePrefix: string;
  credentialsReach: { allowsPrivate: boolean; sockets: readonly string[] };
}

interface Options extends CloudsSettings {
  secrets: SecretOpener | undefined;
}

const secretsSchema = z.object({ clientKey: z.string() });

/** All clouds of this process. A driver is kept until its credentials change. */
export function openClouds(db: Db, options: Options): CloudOf {
  const own = createCloud(db, options);
  const kept = new Map<string, { version: number; cloud: CloudDriver }>();
  return async (lane) => {
    const id = credentialsOf(lane);
    if (id === undefined) return own;
    const [row] = await fetchCloudCredentials(db, [id]);
    if (!row) {
      kept.delete(id);
      throw refused('The cloud credentials were deleted.');
    }
    const known = kept.get(id);
    if (known?.version === row.version) return known.cloud;
    const cloud = guardCloud(createDriver(db, row, options), {
      ...row,
      // What is only noted must not fail a call that has succeeded.
      onAnswer: () => void noteContact(db, id).catch(() => undefined),
    });
    kept.set(id, { version: row.version, cloud });
    return cloud;
  };
}

function createDriver(db: Db, row: CloudCredentialsRow, options: Options): CloudDriver {
  switch (row.type) {
    case 'SimulatedCloudCredentials':
      return createSimulatedCloud(db, {
        ...options.simulatedTimes,
        account: row.id,
        cloudPlatform: row.cloud_platform,
      });
    case 'LxdCloudCredentials':
      return createLxdCloud(lxdAddress(row, options), { namePrefix: options.lxdNamePrefix });
  }
}

function lxdAddress(row: CloudCredentialsRow, options: Options): LxdAddress {
  const { socket, url, clientCertificate, serverCertificate } = row.settings;
  const { allowsPrivate, sockets } = options.credentialsReach;
  if (socket != null) {
    if (sockets.includes(socket)) return { socket };
    throw refused(`The socket ${socket} may not be asked. CLOUD_SOCKETS allows it.`);
  }
  if (url == null || clientCertificate == null) throw refused(`${named(row)} name no cloud.`);
  return {
    url,
    certificate: clientCertificate,
    key: openSecrets(row, options.secrets).clientKey,
    ...(serverCertificate != null && { serverCertificate }),
    isPublicOnly: !allowsPrivate,
  };
}

/** Never says why: the reason may quote what was to be opened. */
function openSecrets({ id, sealed_secrets, ...row }: CloudCredentialsRow, box: Options['secrets']) {
  try {
    if (sealed_secrets && box) return secretsSchema.parse(JSON.parse(box.open(sealed_secrets, id)));
  } catch {
    // Below.
  }
  throw refused(
    `The secret of ${named(row)} cannot be opened: the key for secrets is missing or another one. Put it back, or give the secret again.`,
  );
}

function named({ name }: { name: string }): string {
  return `Cloud credentials "${name}"`;
}

function refused(words: string): CloudError {
  return new CloudError(words, { willPass: false });
}
