import { createHash } from 'node:crypto';
import type { SimulatedEstateRow } from '../../database/queries/simulated-cloud/estate.ts';
import type {
  BootSource,
  FoundGroup,
  FoundImage,
  FoundPointer,
  FoundServer,
  FoundTemplate,
} from '../inventory.ts';
import { imageIdOf } from './images.ts';

/** What an estate is made of: whatever the port calls a fact, but for what could not be read. */
export type EstateFact = FoundImage | FoundServer | FoundGroup | FoundTemplate | FoundPointer;

const locationsOf: Record<string, readonly string[]> = {
  ec2: ['eu-west-1', 'sa-east-1', 'us-east-1'],
  gce: [''],
};
const elsewhere = ['RegionOne'];

/** Of each line one image a month; what runs is a little behind. */
const lines = ['api', 'batch', 'web'] as const;
const months = ['2026-07', '2026-08', '2026-09', '2026-10'] as const;

/**
 * An estate as a team may have it: three lines of images, a group of servers for each (one that follows the latest
 * version of its template, one that is pinned to an old one, one with a launch configuration), a pointer, and a
 * server that somebody started by hand. The same for an account whenever it is made.
 */
export function inventEstate(account: string, cloudPlatform: string): SimulatedEstateRow[] {
  const places = locationsOf[cloudPlatform] ?? elsewhere;
  return places.flatMap((cloudLocation) => {
    const idOf = (of: string) =>
      createHash('sha256').update(`${account} ${cloudLocation} ${of}`).digest('hex').slice(0, 17);
    const imageOf = (line: string, month: string) =>
      imageIdOf(cloudPlatform, idOf(`${line}-${month}`));
    const facts = [
      ...imagesOf(account, imageOf),
      ...groupsOf(imageOf, idOf),
      ...serversOf(imageOf, idOf),
    ];
    return facts.map((fact) => toEstateRow(cloudLocation, fact));
  });
}

/** A fact as the simulated cloud keeps it. */
export function toEstateRow(cloudLocation: string, fact: EstateFact): SimulatedEstateRow {
  return { cloud_location: cloudLocation, kind: fact.kind, id: idOfFact(fact), fact };
}

function idOfFact(fact: EstateFact): string {
  switch (fact.kind) {
    case 'image':
      return fact.cloudImageId;
    case 'server':
      return fact.cloudServerId;
    case 'group':
      return fact.groupId;
    case 'template':
      return `${fact.templateId} ${fact.version}`;
    case 'pointer':
      return fact.name;
  }
}

type ImageOf = (line: string, month: string) => string;
type IdOf = (of: string) => string;

function imagesOf(account: string, imageOf: ImageOf): FoundImage[] {
  return lines.flatMap((line) =>
    months.map((month, index) => ({
      kind: 'image',
      cloudImageId: imageOf(line, month),
      name: `${line}-${month}`,
      architecture: line === 'batch' ? 'arm64' : 'x86_64',
      sizeGb: 8,
      owner: `simulated ${account}`.trim(),
      createdAt: new Date(`${month}-01T06:00:00Z`),
      deprecatedAt: index === 0 ? new Date(`${months[2]}-01T00:00:00Z`) : undefined,
      state: 'available',
    })),
  );
}

function groupsOf(imageOf: ImageOf, idOf: IdOf): EstateFact[] {
  const [web, api] = [`lt-${idOf('web')}`, `lt-${idOf('api')}`];
  const pointer = '/images/api/current';
  const template = (
    templateId: string,
    name: string,
    number: number,
    of: Partial<FoundTemplate>,
  ): FoundTemplate => ({
    kind: 'template',
    templateId,
    name,
    version: String(number),
    isLatest: number === 3,
    isDefault: number === 3,
    cloudImageId: undefined,
    pointerName: undefined,
    ...of,
  });
  const group = (name: string, desired: number, boot: BootSource): FoundGroup => ({
    kind: 'group',
    groupId: name,
    name,
    boots: [boot],
    minimum: 1,
    desired,
    maximum: 6,
    tags: { farm: 'shop' },
  });
  return [
    template(web, 'web', 3, { cloudImageId: imageOf('web', '2026-10') }),
    template(api, 'api', 2, { cloudImageId: imageOf('api', '2026-08') }),
    template(api, 'api', 3, { pointerName: pointer }),
    template('batch-2026-09', 'batch-2026-09', 0, {
      version: '',
      cloudImageId: imageOf('batch', '2026-09'),
    }),
    { kind: 'pointer', name: pointer, cloudImageId: imageOf('api', '2026-10') },
    group('shop-web', 3, { kind: 'template', templateId: web, version: '$Latest' }),
    group('shop-api', 2, { kind: 'template', templateId: api, version: '2' }),
    group('shop-batch', 1, { kind: 'template', templateId: 'batch-2026-09', version: '' }),
  ];
}

function serversOf(imageOf: ImageOf, idOf: IdOf): FoundServer[] {
  const server = (of: string, groupId: string | undefined, cloudImageId: string): FoundServer => ({
    kind: 'server',
    cloudServerId: `i-${idOf(of)}`,
    cloudImageId,
    state: 'running',
    groupId,
    launchedAt: new Date('2026-10-02T08:00:00Z'),
    tags: { Name: of, farm: 'shop' },
  });
  return [
    server('web-1', 'shop-web', imageOf('web', '2026-10')),
    server('web-2', 'shop-web', imageOf('web', '2026-10')),
    // It was started before its template moved on.
    server('web-3', 'shop-web', imageOf('web', '2026-09')),
    server('api-1', 'shop-api', imageOf('api', '2026-08')),
    server('api-2', 'shop-api', imageOf('api', '2026-08')),
    server('batch-1', 'shop-batch', imageOf('batch', '2026-09')),
    server('by-hand', undefined, imageOf('web', '2026-07')),
  ];
}
