import { z } from 'zod';
import { bounded } from '../fields.ts';

/** Partitions of AWS, which share nothing, not even accounts. */
export const awsAccountTypes = ['regular', 'govcloud', 'china'] as const;
export type AwsAccountType = (typeof awsAccountTypes)[number];

/** How the ARNs of each begin, and the names of its regions. */
export const awsPartitions: Record<AwsAccountType, { arn: string; region: RegExp }> = {
  regular: { arn: 'arn:aws:', region: /^(?!cn-|us-gov-)/ },
  govcloud: { arn: 'arn:aws-us-gov:', region: /^us-gov-/ },
  china: { arn: 'arn:aws-cn:', region: /^cn-/ },
};

const region = bounded(40).regex(
  /^[a-z]{2,4}(?:-[a-z]+){1,2}-[0-9]{1,2}$/,
  'must be a region, such as eu-west-1',
);
const accessKey = bounded(128).regex(
  /^[A-Z0-9]{16,128}$/,
  'must be the id of an access key, such as AKIAIOSFODNN7EXAMPLE',
);
const roleArn = bounded(2048).regex(
  /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+$/,
  'must be the ARN of a role, such as arn:aws:iam::123456789012:role/slipway',
);
const externalId = bounded(1224).regex(
  /^[\w+=,.@:/-]{2,}$/,
  'must have at least two letters, digits and + = , . @ : / - _',
);
const endpoint = bounded(500).regex(
  /^https?:\/\/[^/?#\s@]+\/?$/,
  'must be https://, a host and perhaps a port, such as https://ec2.example.com',
);

/** What credentials of AWS have beside the members of all: docs/domain.md, "Cloud credentials". */
export const awsMembers = {
  accountType: z.enum(awsAccountTypes),
  /** The id of an access key; none where the process has an identity of its own. */
  accessKey: accessKey.nullable(),
  /** A role to assume, with the key or with the identity of the process. */
  roleArn: roleArn.nullable(),
  /** What the role asks for, so that nobody else can have it assumed. */
  externalId: externalId.nullable(),
  /** Where all of AWS is asked instead of its own addresses. */
  endpoint: endpoint.nullable(),
  /** Those that they cover; none named is all that the account has. */
  regions: z.array(region).max(60),
};

/** Sent and never answered. */
export const awsSecrets = { secretKey: bounded(200, 1) };

/** Which account it is, as AWS itself said in the last test. */
export const awsAccountId = z.string();
