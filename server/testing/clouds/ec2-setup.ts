import { EC2Client, RegisterImageCommand } from '@aws-sdk/client-ec2';
import { randomUUID } from 'node:crypto';
import { createEc2Cloud } from '../../cloud/ec2/ec2.ts';
import { startStrictEc2 } from './strict-ec2/strict-ec2.ts';

const { SLIPWAY_MOTO_URL: moto = '' } = process.env;
const strict = await startStrictEc2(moto);
const region = 'eu-west-1';
const key = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'SlipwayTest' };

/** Beside the driver. */
const client = new EC2Client({
  endpoint: strict.url,
  region,
  credentials: { accessKeyId: key.accessKey, secretAccessKey: key.secretKey },
});

/** @returns the id of an image that was not there before */
export async function makeImage(): Promise<string> {
  const { ImageId } = await client.send(
    new RegisterImageCommand({
      Name: `image-${randomUUID()}`,
      Architecture: 'x86_64',
    }),
  );
  if (ImageId === undefined) throw new Error('moto registered no image.');
  return ImageId;
}

/** The EC2 that `npm run test:clouds` has started, as strict as the real one, and an image there. */
export const ec2 = {
  strict,
  client,
  key,
  place: { cloudPlatform: 'ec2', cloudLocation: region },
  image: await makeImage(),
  absentImage: 'ami-0fffffffffffffff0',
  connect: ({ regions = [] as string[], pageSize = 5 } = {}) =>
    createEc2Cloud({
      accountType: 'regular',
      key,
      role: undefined,
      regions,
      endpoint: strict.url,
      isPublicOnly: false,
      pageSize,
    }),
};
