import {
  CopyImageCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeInstancesCommand,
  type EC2Client,
  EnableImageDeprecationCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { type ActingRight, actingRights } from '#contract/clouds/acting-rights.ts';
import type { AccessFinding, CloudAccess } from '../access.ts';
import type { CallOptions } from '../call.ts';
import type { AwsConnection, Ec2Region } from './connection.ts';
import { AwsError } from './errors.ts';
import { instancesOf } from './instances.ts';
import { tokenTag } from './server-state.ts';

/** What of the account a dry run can be tried on. */
interface Own {
  image: string | undefined;
  instance: string | undefined;
}

/** AWS says of each call whether it would be allowed, without doing it. */
export function ec2Access(aws: AwsConnection): CloudAccess {
  const identify = (options: CallOptions) =>
    aws.askSts((sts, sending) => sts.send(new GetCallerIdentityCommand({}), sending), options);
  return {
    identify: async (options) => (await identify(options)).Account ?? '',
    examine: async (options) => {
      const region = aws.at({ cloudPlatform: 'ec2', cloudLocation: aws.home }, options);
      const [{ Arn: arn }, { own, problem }] = await Promise.all([
        identify(options),
        lookAround(region),
      ]);
      const as = `As ${arn} in ${region.name}`;
      const read: AccessFinding = {
        right: 'read',
        isThere: problem === undefined,
        words: `${as}: ${problem ?? 'AWS lets Slipway read images and instances.'}`,
      };
      return [
        read,
        ...(await Promise.all(actingRights.map((right) => tryOut(region, right, own)))),
      ];
    },
  };
}

/** @returns what there is, or why AWS does not tell */
async function lookAround(region: Ec2Region): Promise<{ own: Own; problem: string | undefined }> {
  try {
    const [{ Images: images }, { Reservations: reservations }] = await Promise.all([
      region.ask((ec2, sending) =>
        ec2.send(new DescribeImagesCommand({ Owners: ['self'], MaxResults: 5 }), sending),
      ),
      region.ask((ec2, sending) =>
        ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }), sending),
      ),
    ]);
    const instance = instancesOf(reservations)[0]?.InstanceId;
    return { own: { image: images?.[0]?.ImageId, instance }, problem: undefined };
  } catch (error) {
    if (error instanceof AwsError && !error.willPass && deniedBy.test(error.code))
      return { own: { image: undefined, instance: undefined }, problem: error.message };
    throw error;
  }
}

const deniedBy = /^(?:UnauthorizedOperation|AccessDenied|AccessDeniedException)$/;

type Trial = (ec2: EC2Client, sending: { abortSignal: AbortSignal }) => Promise<unknown>;

/** The call that a right stands for, tried dry on something of the account. */
function trialOf(right: ActingRight, region: string, { image, instance }: Own): Trial | undefined {
  const DryRun = true;
  const on = (id: string | undefined, trial: (id: string) => Trial) => id && trial(id);
  const trials: Record<ActingRight, Trial | '' | undefined> = {
    registerImages: on(image, (SourceImageId) => (ec2, sending) => {
      const Name = 'slipway-trial';
      return ec2.send(
        new CopyImageCommand({ DryRun, Name, SourceImageId, SourceRegion: region }),
        sending,
      );
    }),
    deprecateImages: on(image, (ImageId) => (ec2, sending) => {
      const DeprecateAt = new Date(Date.now() + 86_400_000);
      return ec2.send(new EnableImageDeprecationCommand({ DryRun, ImageId, DeprecateAt }), sending);
    }),
    deleteImages: on(
      image,
      (ImageId) => (ec2, sending) =>
        ec2.send(new DeregisterImageCommand({ DryRun, ImageId }), sending),
    ),
    launchServers: on(image, (ImageId) => (ec2, sending) => {
      const Tags = [{ Key: tokenTag, Value: 'trial' }];
      const TagSpecifications = [{ ResourceType: 'instance' as const, Tags }];
      const launch = { DryRun, ImageId, MinCount: 1, MaxCount: 1, TagSpecifications };
      return ec2.send(new RunInstancesCommand(launch), sending);
    }),
    terminateServers: on(
      instance,
      (id) => (ec2, sending) =>
        ec2.send(new TerminateInstancesCommand({ DryRun, InstanceIds: [id] }), sending),
    ),
    changeGroups: undefined,
    publishPointers: undefined,
  };
  return trials[right] || undefined;
}

async function tryOut(region: Ec2Region, right: ActingRight, own: Own): Promise<AccessFinding> {
  if (right === 'changeGroups')
    return {
      right,
      isThere: false,
      words:
        'Auto Scaling has no dry run: whether AWS lets Slipway move groups is seen when it does.',
    };
  if (right === 'publishPointers')
    return {
      right,
      isThere: false,
      words: 'SSM has no dry run: whether AWS lets Slipway write parameters is seen when it does.',
    };
  const trial = trialOf(right, region.name, own);
  const what = right === 'terminateServers' ? 'an instance' : 'an image';
  if (!trial)
    return {
      right,
      isThere: false,
      words: `AWS tells this only of ${what} of the account, and there is none in ${region.name}: it is not known.`,
    };
  try {
    await region.ask(trial);
  } catch (error) {
    if (!(error instanceof AwsError) || error.willPass) throw error;
    return { right, isThere: error.code === 'DryRunOperation', words: error.message };
  }
  return { right, isThere: true, words: 'AWS lets Slipway do it.' };
}
