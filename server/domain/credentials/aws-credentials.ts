import { awsPartitions } from '#contract/clouds/aws-credentials.ts';
import type { CloudCredentialsInput } from '#contract/clouds/cloud-credentials.ts';
import {
  type CredentialsPlan,
  type CredentialsSettings,
  invalid,
  pick,
} from './credentials-plan.ts';
import type { Refusal } from '../refusal.ts';

// What credentials of AWS must say: docs/domain.md, "Cloud credentials".

/**
 * @param before what they say now; undefined when they are new
 */
export function planAws(
  before: CredentialsSettings | undefined,
  given: CloudCredentialsInput,
): CredentialsPlan | Refusal {
  const said = {
    accountType: given.accountType ?? before?.accountType ?? 'regular',
    accessKey: pick(given.accessKey, before?.accessKey),
    roleArn: pick(given.roleArn, before?.roleArn),
    externalId: pick(given.externalId, before?.externalId),
    endpoint: pick(given.endpoint, before?.endpoint),
    regions: [...new Set(given.regions ?? before?.regions)],
  };
  const refusal = findAwsRefusal(said, before, given.secretKey);
  if (refusal) return refusal;
  const isSame = identifying.every((name) => said[name] === before?.[name]);
  // Whose they are is known until somebody else's could have taken their place.
  const awsAccountId = (isSame ? before?.awsAccountId : undefined) ?? null;
  return { settings: { ...said, awsAccountId }, secrets: secretsAfter(said, before, given) };
}

const identifying = ['accountType', 'accessKey', 'roleArn', 'endpoint'] as const;

type Said = Required<
  Pick<
    CredentialsSettings,
    'accessKey' | 'roleArn' | 'externalId' | 'endpoint' | 'regions' | 'accountType'
  >
>;

function findAwsRefusal(
  { accountType, accessKey, roleArn, externalId, endpoint, regions }: Said,
  before: CredentialsSettings | undefined,
  secretKey: string | undefined,
): Refusal | undefined {
  const { arn, region } = awsPartitions[accountType];
  if (accessKey == null && secretKey !== undefined)
    return invalid('accessKey', 'A secret key goes with the id of its access key: send both.');
  if (roleArn == null && externalId != null)
    return invalid(
      'externalId',
      'Only a role asks for an external id: name the role, or send null.',
    );
  if (roleArn != null && !roleArn.startsWith(arn))
    return invalid('roleArn', `The ARN of a role of this accountType begins with ${arn}`);
  const alien = regions.find((name) => !region.test(name));
  if (alien !== undefined)
    return invalid('regions', `${alien} is not a region of accountType ${accountType}.`);
  if (accessKey == null && endpoint != null)
    return invalid('endpoint', 'Only an access key may be used at another endpoint: send null.');
  const isNew = accessKey !== before?.accessKey || endpoint !== (before?.endpoint ?? null);
  // Whoever may change an address must not be able to use a secret there that they do not know.
  if (accessKey != null && isNew && secretKey === undefined)
    return invalid(
      'secretKey',
      'A new access key or endpoint needs the secret key anew: send secretKey too.',
    );
  return undefined;
}

function secretsAfter(
  { accessKey }: Said,
  before: CredentialsSettings | undefined,
  { secretKey }: CloudCredentialsInput,
): CredentialsPlan['secrets'] {
  if (accessKey == null) return before?.accessKey == null ? undefined : null;
  return secretKey === undefined ? undefined : { secretKey };
}
