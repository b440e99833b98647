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
import type { AwsAddress } from './ec2/address.ts';
import { createEc2Cloud } from './ec2/ec2.ts';
import type { LxdAddress } from './lxd/connection.ts';
import { createLxdCloud } from './lxd/lxd.ts';
import type { OpenstackAddress } from './openstack/connection.ts';
import { createOpenstackCloud } from './openstack/openstack.ts';
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
  credentialsReach: {
    allowsPrivate: boolean;
    sockets: readonly string[];
    usesOwnAwsIdentity: boolean;
  };
}

interface Options extends CloudsSettings {
  secrets: SecretOpener | undefined;
}

const lxdSecrets = z.object({ clientKey: z.string() });
const awsSecrets = z.object({ secretKey: z.string() });
const openstackSecrets = z.union([
  z.object({ password: z.string() }),
  z.object({ applicationCredentialSecret: z.string() }),
]);

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
    case 'AwsCloudCredentials':
      return createEc2Cloud(awsAddress(row, options));
    case 'LxdCloudCredentials':
      return createLxdCloud(lxdAddress(row, options), { namePrefix: options.lxdNamePrefix });
    case 'OpenstackCloudCredentials':
      return createOpenstackCloud(openstackAddress(row, options));
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
    key: openSecrets(row, options.secrets, lxdSecrets).clientKey,
    ...(serverCertificate != null && { serverCertificate }),
    isPublicOnly: !allowsPrivate,
  };
}

function awsAddress(row: CloudCredentialsRow, options: Options): AwsAddress {
  const {
    accountType = 'regular',
    accessKey,
    roleArn,
    externalId,
    endpoint,
    regions,
  } = row.settings;
  const { allowsPrivate, usesOwnAwsIdentity } = options.credentialsReach;
  if (accessKey == null && !usesOwnAwsIdentity)
    throw refused(
      `${named(row)} have no access key, and may not use the identity of Slipway. CLOUD_OWN_AWS_IDENTITY allows it.`,
    );
  if (endpoint?.startsWith('http:') === true && !allowsPrivate)
    throw refused(`${endpoint} may not be asked: it is not https. CLOUD_ALLOW_PRIVATE allows it.`);
  return {
    accountType,
    key:
      accessKey == null
        ? undefined
        : { accessKey, secretKey: openSecrets(row, options.secrets, awsSecrets).secretKey },
    role: roleArn == null ? undefined : { arn: roleArn, externalId: externalId ?? undefined },
    regions: regions ?? [],
    endpoint: endpoint ?? undefined,
    isPublicOnly: !allowsPrivate,
  };
}

function openstackAddress(row: CloudCredentialsRow, options: Options): OpenstackAddress {
  const { keystoneUrl, userName, tenantName, region, networkId, ...settings } = row.settings;
  if (keystoneUrl == null) throw refused(`${named(row)} name no cloud.`);
  const secrets = openSecrets(row, options.secrets, openstackSecrets);
  return {
    cloudPlatform: row.cloud_platform,
    keystoneUrl,
    login:
      'password' in secrets
        ? {
            userName: userName ?? '',
            password: secrets.password,
            domainName: settings.domainName ?? 'Default',
            projectName: tenantName ?? '',
          }
        : { applicationCredentialId: settings.applicationCredentialId ?? '', ...secrets },
    region: region ?? undefined,
    networkId: networkId ?? undefined,
    sslVerification: settings.sslVerification ?? true,
    allowsPrivate: options.credentialsReach.allowsPrivate,
  };
}

/** Never says why: the reason may quote what was to be opened. */
function openSecrets<Secrets extends z.ZodType>(
  { id, sealed_secrets, ...row }: CloudCredentialsRow,
  box: Options['secrets'],
  secretsSchema: Secrets,
): z.output<Secrets> {
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
