/**
 * Locations to offer where one is chosen or typed; any other text is accepted as well, since clouds
 * add locations and private clouds name their own.
 */
export const knownLocations: Partial<Record<string, readonly string[]>> = {
  ec2: [
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
    'sa-east-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'eu-central-1',
    'eu-north-1',
    'eu-south-1',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'af-south-1',
    'me-south-1',
  ],
};
