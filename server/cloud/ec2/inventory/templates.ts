import {
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplates,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import type { FoundTemplate } from '../../inventory.ts';
import type { Ec2Region } from '../connection.ts';
import { AwsError } from '../errors.ts';
import type { References } from './references.ts';

/** Its own most. */
const pageSize = 200;

/** Of each launch template the latest and the default version, and those that groups pin. */
export async function* scanTemplates(
  region: Ec2Region,
  { versions }: References,
): AsyncGenerator<FoundTemplate[]> {
  const client = region.reader(EC2Client);
  const latest = new Map<string, number>();
  const all = region.pages((sending) =>
    paginateDescribeLaunchTemplates({ client, pageSize }, {}, sending),
  );
  for await (const { LaunchTemplates = [] } of all)
    for (const { LaunchTemplateId: id, LatestVersionNumber: number = 0 } of LaunchTemplates)
      if (id !== undefined) latest.set(id, number);
  const seen = new Set<string>();
  const unseen = (found: readonly LaunchTemplateVersion[] = []) =>
    found.map((version) => toTemplate(version, latest)).filter((template) => isNew(template, seen));
  // Without an id these are of all templates.
  const current = region.pages((sending) =>
    paginateDescribeLaunchTemplateVersions(
      { client, pageSize },
      { Versions: ['$Latest', '$Default'] },
      sending,
    ),
  );
  for await (const { LaunchTemplateVersions } of current) yield unseen(LaunchTemplateVersions);
  for (const [id, pinned] of versions) {
    const wanted = [...pinned].filter((version) => !seen.has(keyOf(id, version)));
    if (latest.has(id) && wanted.length > 0) yield unseen(await readVersions(region, id, wanted));
  }
}

/** A version that a group pins may have been deleted: then it starts nothing. */
async function readVersions(region: Ec2Region, id: string, Versions: string[]) {
  const command = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions });
  try {
    return (await region.ask((ec2, sending) => ec2.send(command, sending))).LaunchTemplateVersions;
  } catch (error) {
    if (error instanceof AwsError && error.code.startsWith('InvalidLaunchTemplate')) return [];
    throw error;
  }
}

const keyOf = (id: string, version: string) => `${id} ${version}`;

function isNew({ templateId, version }: FoundTemplate, seen: Set<string>): boolean {
  const key = keyOf(templateId, version);
  const isNewOne = !seen.has(key);
  seen.add(key);
  return isNewOne;
}

function toTemplate(
  version: LaunchTemplateVersion,
  latest: ReadonlyMap<string, number>,
): FoundTemplate {
  const { LaunchTemplateId: templateId = '', VersionNumber: number = 0 } = version;
  const image = version.LaunchTemplateData?.ImageId;
  return {
    kind: 'template',
    templateId,
    name: version.LaunchTemplateName ?? '',
    version: String(number),
    isLatest: latest.get(templateId) === number,
    isDefault: version.DefaultVersion === true,
    ...imageOf(image),
  };
}

/** `resolve:ssm:NAME`, perhaps with a version or a label, is a pointer. */
function imageOf(image: string | undefined): Pick<FoundTemplate, 'cloudImageId' | 'pointerName'> {
  if (image?.startsWith('resolve:ssm:') !== true)
    return { cloudImageId: image, pointerName: undefined };
  return { cloudImageId: undefined, pointerName: image.slice('resolve:ssm:'.length) };
}
