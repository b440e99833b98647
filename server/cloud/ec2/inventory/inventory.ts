import {
  DescribeRegionsCommand,
  EC2Client,
  paginateDescribeInstances,
  type Instance,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CloudError } from '../../call.ts';
import type { CloudInventory, FoundServer, InventoryFact, UnreadPart } from '../../inventory.ts';
import type { AwsConnection, Ec2Region } from '../connection.ts';
import { AwsError } from '../errors.ts';
import { instancesOf } from '../instances.ts';
import { toServer } from '../server-state.ts';
import { scanConfigurations, scanGroups } from './groups.ts';
import { scanForeignImages, scanOwnImages } from './images.ts';
import { scanPointers } from './pointers.ts';
import { References } from './references.ts';
import { scanTemplates } from './templates.ts';

/**
 * What there is in the regions of one account. A part that one may not read is named; anything else that goes wrong
 * ends the region, since what was not seen must not be taken for not there.
 */
export function ec2Inventory(aws: AwsConnection, pageSize: number): CloudInventory {
  return {
    locations: async (options) => {
      const home = aws.at({ cloudPlatform: 'ec2', cloudLocation: aws.home }, options);
      const who = aws.askSts(
        (sts, sending) => sts.send(new GetCallerIdentityCommand({}), sending),
        options,
      );
      const [{ Account: account }, regions] = await Promise.all([who, readRegions(aws, home)]);
      if (account === undefined)
        throw new CloudError('AWS does not say whose account it is.', { willPass: true });
      return regions.map((cloudLocation) => ({ cloudPlatform: 'ec2', cloudLocation, account }));
    },
    scan: (place, options) => scanRegion(aws.at(place, options), pageSize),
  };
}

/** Those that are named, or all that the account has turned on. */
async function readRegions(aws: AwsConnection, home: Ec2Region): Promise<readonly string[]> {
  const { regions } = aws.address;
  if (regions.length > 0) return regions;
  const { Regions: all = [] } = await home.ask((ec2, sending) =>
    ec2.send(new DescribeRegionsCommand({ AllRegions: false }), sending),
  );
  return all.flatMap(({ RegionName }) => RegionName ?? []).toSorted();
}

/** Groups come before templates, which are read as far as groups refer to them, and public images last. */
async function* scanRegion(region: Ec2Region, pageSize: number): AsyncGenerator<InventoryFact[]> {
  const references = new References();
  const parts = [
    ['images', () => scanOwnImages(region, pageSize)],
    ['servers', () => scanServers(region, pageSize)],
    ['groups', () => scanGroups(region)],
    ['templates', () => scanConfigurations(region)],
    ['templates', () => scanTemplates(region, references)],
    ['pointers', () => scanPointers(region, references)],
    ['images', () => scanForeignImages(region, references)],
  ] as const;
  const unread = new Set<UnreadPart['part']>();
  for (const [part, scan] of parts)
    for await (const page of whereAllowed(part, scan())) {
      // Each part is named once.
      const fresh = page.filter((fact) => fact.kind !== 'unread' || !unread.has(fact.part));
      for (const fact of fresh) if (fact.kind === 'unread') unread.add(fact.part);
      references.note(fresh);
      if (fresh.length > 0) yield fresh;
    }
}

const deniedBy = /^(?:UnauthorizedOperation|AccessDenied|AccessDeniedException)$/;

async function* whereAllowed(
  part: UnreadPart['part'],
  pages: AsyncIterable<InventoryFact[]>,
): AsyncGenerator<InventoryFact[]> {
  try {
    yield* pages;
  } catch (error) {
    if (!(error instanceof AwsError) || !deniedBy.test(error.code)) throw error;
    yield [{ kind: 'unread', part, words: error.message }];
  }
}

async function* scanServers(region: Ec2Region, pageSize: number): AsyncGenerator<FoundServer[]> {
  const client = region.reader(EC2Client);
  const pages = region.pages((sending) =>
    paginateDescribeInstances({ client, pageSize }, {}, sending),
  );
  for await (const { Reservations } of pages)
    yield instancesOf(Reservations)
      .map((instance) => toFound(region, instance))
      .filter(({ state }) => state !== 'terminated' && state !== 'failed');
}

/** Auto Scaling tags its members with this. */
const groupTag = 'aws:autoscaling:groupName';

function toFound(region: Ec2Region, instance: Instance): FoundServer {
  const place = { cloudPlatform: 'ec2', cloudLocation: region.name };
  const { cloudServerId, cloudImageId, state } = toServer(place, instance);
  const tags = Object.fromEntries(
    (instance.Tags ?? []).flatMap(({ Key, Value = '' }) =>
      Key === undefined ? [] : [[Key, Value]],
    ),
  ) as Record<string, string>;
  const launchedAt = instance.LaunchTime;
  return {
    kind: 'server',
    cloudServerId,
    cloudImageId,
    state,
    groupId: tags[groupTag],
    launchedAt,
    tags,
  };
}
