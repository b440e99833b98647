import {
  CopyImageCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DisableImageDeprecationCommand,
  EnableImageDeprecationCommand,
  type Image,
} from '@aws-sdk/client-ec2';
import { architectures } from '#contract/images/architectures.ts';
import { CloudError } from '../call.ts';
import type { CloudImage, CloudImageRef, CloudImages, ImageCopy } from '../images.ts';
import type { AwsConnection, Ec2Region } from './connection.ts';
import { orAbsent } from './errors.ts';

/** What EC2 says of an image that it does not have, or no longer, or whose id can be none. */
const noImage = /^InvalidAMIID\./;

/** Images of the regions of one account. */
export function ec2Images(aws: AwsConnection): CloudImages {
  return {
    find: async (ref, options) => {
      const image = await findImage(aws.at(ref, options), ref.cloudImageId);
      return image && toImage(ref, image);
    },
    copy: (copy, options) => copyImage(aws.at(copy, options), copy),
    deprecate: async (ref, options) =>
      (await orAbsent(setDeprecation(aws.at(ref, options), ref), noImage)) ?? 'absent',
    delete: async (ref, options) =>
      (await orAbsent(deregister(aws.at(ref, options), ref), noImage)) ?? 'absent',
  };
}

async function copyImage(region: Ec2Region, { token, name, source }: ImageCopy) {
  const command = new CopyImageCommand({
    ClientToken: token,
    Name: toImageName(name),
    SourceImageId: source.cloudImageId,
    SourceRegion: source.cloudLocation,
  });
  const made = await region.ask((ec2, sending) => ec2.send(command, sending));
  const cloudImageId = made.ImageId;
  if (cloudImageId === undefined)
    throw new CloudError('AWS made a copy and did not say which.', { willPass: true });
  return { cloudImageId, isFinished: await isFinished(region, cloudImageId) };
}

async function setDeprecation(
  region: Ec2Region,
  { cloudImageId: ImageId, isDeprecated }: CloudImageRef & { isDeprecated: boolean },
): Promise<'done'> {
  const mark = new EnableImageDeprecationCommand({ ImageId, DeprecateAt: nextMinute() });
  const restore = new DisableImageDeprecationCommand({ ImageId });
  await region.ask<unknown>((ec2, sending) =>
    isDeprecated ? ec2.send(mark, sending) : ec2.send(restore, sending),
  );
  return 'done';
}

async function deregister(
  region: Ec2Region,
  { cloudImageId: ImageId }: CloudImageRef,
): Promise<'deleted'> {
  const command = new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true });
  await region.ask((ec2, sending) => ec2.send(command, sending));
  return 'deleted';
}

async function findImage(region: Ec2Region, cloudImageId: string): Promise<Image | undefined> {
  const asked = region.ask((ec2, sending) =>
    ec2.send(
      new DescribeImagesCommand({
        ImageIds: [cloudImageId],
        IncludeDeprecated: true,
        IncludeDisabled: true,
      }),
      sending,
    ),
  );
  const image = (await orAbsent(asked, noImage))?.Images?.[0];
  return image?.State === 'deregistered' ? undefined : image;
}

/** @throws CloudError for good where the copy has failed */
async function isFinished(region: Ec2Region, cloudImageId: string): Promise<boolean> {
  const image = await findImage(region, cloudImageId);
  if (image && ['failed', 'error', 'invalid'].includes(image.State ?? '')) {
    const why = image.StateReason?.Message ?? image.State;
    throw new CloudError(`AWS says of its copy ${cloudImageId}: ${why}`, { willPass: false });
  }
  return image?.State === 'available';
}

function toImage(ref: CloudImageRef, image: Image): CloudImage {
  const { cloudPlatform, cloudLocation, cloudImageId } = ref;
  const { Name: name = cloudImageId, State: state, DeprecationTime: deprecatedAt } = image;
  const disabled = 'It is disabled in EC2: nothing can be started from it.';
  return {
    cloudPlatform,
    cloudLocation,
    cloudImageId,
    name,
    isReady: state === 'available',
    isDeprecated: deprecatedAt !== undefined && Date.parse(deprecatedAt) <= Date.now() + dueMs,
    ...factsOf(image),
    ...(state === 'disabled' && { warnings: [disabled] }),
  };
}

function factsOf({ Architecture: its, RootDeviceName: root, BlockDeviceMappings: disks }: Image) {
  const architecture = its === 'arm64' ? 'aarch64' : its;
  const sizeGb = disks?.find(({ DeviceName }) => DeviceName === root)?.Ebs?.VolumeSize;
  const isKnown = architectures.some((one) => one === architecture);
  return { ...(architecture && isKnown && { architecture }), ...(sizeGb && { sizeGb }) };
}

/** EC2 takes no moment that has passed, and only whole minutes. */
const dueMs = 120_000;
const minuteMs = 60_000;

function nextMinute(): Date {
  return new Date(Math.ceil(Date.now() / minuteMs) * minuteMs + minuteMs);
}

/** What EC2 lets an image be called; Slipway's own name stays what it is. */
function toImageName(name: string): string {
  const allowed = name.replaceAll(/[^\w ()[\]./'@-]/g, '-').slice(0, 128);
  return allowed.padEnd(3, '-');
}
