import {
  DescribeImagesCommand,
  EC2Client,
  type Image,
  paginateDescribeImages,
} from '@aws-sdk/client-ec2';
import type { FoundImage } from '../../inventory.ts';
import type { Ec2Region } from '../connection.ts';
import { AwsError } from '../errors.ts';
import type { References } from './references.ts';

const whole = { IncludeDeprecated: true, IncludeDisabled: true };
/** So many ids in one question. */
const atOnce = 100;

/** One's own images, and those that others share with this account by name. */
export async function* scanOwnImages(
  region: Ec2Region,
  pageSize: number,
): AsyncGenerator<FoundImage[]> {
  const client = region.reader(EC2Client);
  const seen = new Set<string>();
  for (const whose of [{ Owners: ['self'] }, { ExecutableUsers: ['self'] }]) {
    const pages = region.pages((sending) =>
      paginateDescribeImages({ client, pageSize }, { ...whole, ...whose }, sending),
    );
    for await (const { Images = [] } of pages) {
      const fresh = Images.filter(({ ImageId = '' }) => !seen.has(ImageId));
      for (const { ImageId = '' } of fresh) seen.add(ImageId);
      yield fresh.flatMap(toFound);
    }
  }
}

/** Those that something here refers to and that are somebody else's; what is gone, or not shared any more, is not there. */
export async function* scanForeignImages(
  region: Ec2Region,
  { images, foundImages }: References,
): AsyncGenerator<FoundImage[]> {
  const wanted = [...images].filter((id) => !foundImages.has(id)).toSorted();
  for (let from = 0; from < wanted.length; from += atOnce)
    yield (await readThere(region, wanted.slice(from, from + atOnce))).flatMap(toFound);
}

/** EC2 refuses a whole question for each id in it that it does not know, and names those. */
async function readThere(region: Ec2Region, ids: readonly string[]): Promise<Image[]> {
  if (ids.length === 0) return [];
  const command = new DescribeImagesCommand({ ...whole, ImageIds: [...ids] });
  try {
    return (await region.ask((ec2, sending) => ec2.send(command, sending))).Images ?? [];
  } catch (error) {
    if (!(error instanceof AwsError) || !error.code.startsWith('InvalidAMIID.')) throw error;
    const left = ids.filter((id) => !error.words.includes(id));
    // Where it does not name them, each is asked for alone.
    if (left.length < ids.length) return readThere(region, left);
    if (ids.length === 1) return [];
    const each = await Promise.all(ids.map((id) => readThere(region, [id])));
    return each.flat();
  }
}

const states: Record<string, FoundImage['state']> = {
  available: 'available',
  pending: 'pending',
  transient: 'pending',
  disabled: 'disabled',
};

function toFound(image: Image): FoundImage[] {
  if (image.ImageId === undefined || image.State === 'deregistered') return [];
  const sizes = (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.VolumeSize ?? []);
  return [
    {
      kind: 'image',
      cloudImageId: image.ImageId,
      name: image.Name ?? '',
      architecture: image.Architecture,
      sizeGb: sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size),
      owner: image.OwnerId ?? '',
      createdAt: toDate(image.CreationDate),
      deprecatedAt: toDate(image.DeprecationTime),
      state: states[image.State ?? ''] ?? 'failed',
    },
  ];
}

function toDate(text: string | undefined): Date | undefined {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? undefined : new Date(ms);
}
