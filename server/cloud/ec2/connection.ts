import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { EC2Client } from '@aws-sdk/client-ec2';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { awsPartitions } from '#contract/clouds/aws-credentials.ts';
import { checkLiteralHost, publicLookup } from '../../contact/private-addresses.ts';
import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import { type AwsAddress, homeRegion } from './address.ts';
import { toCloudError } from './errors.ts';

const allowedBy = 'CLOUD_ALLOW_PRIVATE';

/** What calls of the SDK take beside their command. */
interface Sending {
  abortSignal: AbortSignal;
}

type Settings = ReturnType<typeof settingsOf> & { region: string; maxAttempts: number };
/** A client of one service of AWS. */
type ClientKind<Client> = new (settings: Settings) => Client;

/** Whoever acts knows best when to ask again, and that nobody else may for a while. */
const actingAttempts = 1;
/** A list of many pages would begin anew for each that is throttled. */
const readingAttempts = 5;

/** One account of AWS, as somebody. Its clients, which keep connections open, are kept. */
export class AwsConnection {
  readonly address: AwsAddress;
  readonly home: string;
  readonly #settings: ReturnType<typeof settingsOf>;
  readonly #clients = new Map<string, unknown>();

  constructor(address: AwsAddress) {
    this.address = address;
    this.home = homeRegion(address);
    this.#settings = settingsOf(address);
  }

  /**
   * The region of a place, for one call of the port.
   * @throws CloudError for good if the place is elsewhere
   */
  at({ cloudPlatform, cloudLocation }: CloudPlace, { signal }: CallOptions): Ec2Region {
    if (cloudPlatform !== 'ec2') throw refused(`EC2 has nothing on ${cloudPlatform}.`);
    const { accountType, regions } = this.address;
    const isRegion = /^[a-z]{2,4}(?:-[a-z]+){1,2}-\d{1,2}$/.test(cloudLocation);
    if (!isRegion || !awsPartitions[accountType].region.test(cloudLocation))
      throw refused(`EC2 has no region ${cloudLocation} for accounts of the type ${accountType}.`);
    if (regions.length > 0 && !regions.includes(cloudLocation))
      throw refused(`These credentials cover ${regions.join(', ')}, and not ${cloudLocation}.`);
    return new Ec2Region(this, cloudLocation, signal);
  }

  /** Asks who somebody is, and the like. */
  askSts<Answer>(
    call: (sts: STSClient, sending: Sending) => Promise<Answer>,
    { signal }: CallOptions,
  ): Promise<Answer> {
    const sts = this.client(STSClient, this.home, actingAttempts);
    return this.send(() => call(sts, { abortSignal: signal }), signal);
  }

  client<Client>(kind: ClientKind<Client>, region: string, maxAttempts: number): Client {
    const name = `${kind.name} ${region} ${maxAttempts}`;
    const client = this.#clients.get(name) ?? new kind({ ...this.#settings, region, maxAttempts });
    this.#clients.set(name, client);
    return client as Client;
  }

  async send<Answer>(call: () => Promise<Answer>, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const { endpoint, isPublicOnly } = this.address;
    try {
      if (endpoint !== undefined && isPublicOnly)
        checkLiteralHost(new URL(endpoint).hostname, allowedBy);
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      throw toCloudError(error, endpoint ?? 'its own addresses');
    }
  }
}

/** What can be asked of one region within one call. */
export class Ec2Region {
  readonly name: string;
  readonly signal: AbortSignal;
  readonly #aws: AwsConnection;

  constructor(aws: AwsConnection, name: string, signal: AbortSignal) {
    this.#aws = aws;
    this.name = name;
    this.signal = signal;
  }

  /** @throws CloudError; AwsError where AWS itself refuses */
  ask<Answer>(call: (ec2: EC2Client, sending: Sending) => Promise<Answer>): Promise<Answer> {
    const ec2 = this.#aws.client(EC2Client, this.name, actingAttempts);
    return this.#aws.send(() => call(ec2, { abortSignal: this.signal }), this.signal);
  }

  /** The same of another service of the region. @throws CloudError; AwsError where AWS itself refuses */
  askOf<Client, Answer>(
    kind: ClientKind<Client>,
    call: (client: Client, sending: Sending) => Promise<Answer>,
  ): Promise<Answer> {
    const client = this.#aws.client(kind, this.name, actingAttempts);
    return this.#aws.send(() => call(client, { abortSignal: this.signal }), this.signal);
  }

  /** A client for lists, which asks again where it was throttled. */
  reader<Client>(kind: ClientKind<Client>): Client {
    return this.#aws.client(kind, this.name, readingAttempts);
  }

  /** @throws CloudError; AwsError where AWS itself refuses */
  async *pages<Page>(open: (sending: Sending) => AsyncIterable<Page>): AsyncGenerator<Page> {
    const pages = open({ abortSignal: this.signal })[Symbol.asyncIterator]();
    for (;;) {
      const page = await this.#aws.send(() => pages.next(), this.signal);
      if (page.done === true) return;
      yield page.value;
    }
  }
}

/** How long it takes to be sure that nobody is there. */
const connectMs = 5_000;

function settingsOf(address: AwsAddress) {
  const { endpoint, isPublicOnly, key, role } = address;
  const looking = endpoint !== undefined && isPublicOnly ? { lookup: publicLookup(allowedBy) } : {};
  const agent = { keepAlive: true, maxSockets: 25, ...looking };
  const base = {
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: {
      connectionTimeout: connectMs,
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
    },
  };
  const own = key && { accessKeyId: key.accessKey, secretAccessKey: key.secretKey };
  const me = { ...base, ...(own && { credentials: own }) };
  if (!role) return me;
  const sts = new STSClient({ ...me, region: homeRegion(address) });
  return { ...base, credentials: keepUntilEnd(() => assume(role, sts)) };
}

/** As the SDK does: keys are replaced so long before they end. */
const replacedBeforeMs = 5 * 60_000;

/** Each client keeps what it is given until it ends; all of them, for every service and region, get the same. */
function keepUntilEnd(ask: () => Promise<AssumedKeys>): () => Promise<AssumedKeys> {
  let kept: { keys: Promise<AssumedKeys>; endsAt: number } | undefined;
  return () => {
    if (kept && kept.endsAt - Date.now() > replacedBeforeMs) return kept.keys;
    const asked = { keys: ask(), endsAt: Number.POSITIVE_INFINITY };
    kept = asked;
    asked.keys.then(
      ({ expiration }) => void (asked.endsAt = expiration?.getTime() ?? asked.endsAt),
      // What failed is asked for anew.
      () => void (asked.endsAt = 0),
    );
    return asked.keys;
  };
}

interface AssumedKeys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
  expiration?: Date;
}

async function assume(
  { arn, externalId }: NonNullable<AwsAddress['role']>,
  sts: STSClient,
): Promise<AssumedKeys> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: arn, RoleSessionName: 'slipway', ExternalId: externalId }),
  );
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined)
    throw new CloudError(`AWS let Slipway assume ${arn} and gave no keys.`, { willPass: true });
  return {
    accessKeyId: given.AccessKeyId,
    secretAccessKey: given.SecretAccessKey,
    ...(given.SessionToken !== undefined && { sessionToken: given.SessionToken }),
    ...(given.Expiration && { expiration: given.Expiration }),
  };
}

function refused(words: string): CloudError {
  return new CloudError(words, { willPass: false });
}
