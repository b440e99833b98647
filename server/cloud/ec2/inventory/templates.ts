import {
  DescribeLaunchTemplateVersionsCommand,
  EC2Client,
  type LaunchTemplateVersion,
  paginateDescribeLaunchTemplateVersions,
} from '@aws-sdk/client-ec2';
import type { FoundTemplate } from '../../inventory.ts';
import type { Ec2Region } from '../connection.ts';
import { AwsError } from '../errors.ts';
import type { References } from './references.ts';

/** Its own most. */
const pageSize = 200;

/**
 * Of each launch template the latest and the default version, and those that groups pin: one question for the first
 * two of all templates, and one for each template of which others are pinned.
 */
export async function* scanTemplates(
  region: Ec2Region,
  { versions }: References,
): AsyncGenerator<FoundTemplate[]> {
  const client = region.reader(EC2Client);
  const current: LaunchTemplateVersion[] = [];
  // Without an id these are of all templates.
  const pages = region.pages((sending) =>
    paginateDescribeLaunchTemplateVersions(
      { client, pageSize },
      { Versions: ['$Latest', '$Default'] },
      sending,
    ),
  );
  // The two of one template may be in two pages.
  for await (const { LaunchTemplateVersions = [] } of pages)
    current.push(...LaunchTemplateVersions);
  const latest = latestOf(current);
  const seen = new Set<string>();
  const unseen = (found: readonly LaunchTemplateVersion[] = []) =>
    found.map((version) => toTemplate(version, latest)).filter((template) => isNew(template, seen));
  yield unseen(current);
  for (const [id, pinned] of versions) {
    const wanted = [...pinned].filter((version) => !seen.has(keyOf(id, version)));
    if (latest.has(id) && wanted.length > 0) yield unseen(await readVersions(region, id, wanted));
  }
}

/** The latest version of each template, which has the highest number. */
function latestOf(versions: readonly LaunchTemplateVersion[]): Map<string, number> {
  const latest = new Map<string, number>();
  for (const { LaunchTemplateId: id, VersionNumber: number = 0 } of versions)
    if (id !== undefined) latest.set(id, Math.max(number, latest.get(id) ?? 0));
  return latest;
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
