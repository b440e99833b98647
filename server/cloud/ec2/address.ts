import type { AwsAccountType } from '#contract/clouds/aws-credentials.ts';

/** As whom AWS is asked, and where. */
export interface AwsAddress {
  accountType: AwsAccountType;
  /** None is the identity that the process has of its own. */
  key: { accessKey: string; secretKey: string } | undefined;
  /** A role to assume as that. */
  role: { arn: string; externalId: string | undefined } | undefined;
  /** The regions that may be asked; none named are all. */
  regions: readonly string[];
  /** Asked for everything, instead of the addresses of AWS. */
  endpoint: string | undefined;
  /** Somebody gave the endpoint in the page or by the API: it must not lead into the network of Slipway itself. */
  isPublicOnly: boolean;
  /** At most so many in a page of a list. */
  pageSize?: number;
}

/** The region that is asked for what every region can tell. */
export function homeRegion({ accountType, regions: [first] }: AwsAddress): string {
  return (
    first ?? { regular: 'us-east-1', govcloud: 'us-gov-west-1', china: 'cn-north-1' }[accountType]
  );
}
