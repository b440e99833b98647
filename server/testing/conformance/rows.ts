import type { OperationId } from '#contract/operations.ts';

export type Row = Record<string, unknown>;

type Read = (row: Row) => unknown;
const at =
  (...path: string[]): Read =>
  (row) =>
    path.reduce<unknown>((value, name) => (value as Row | null | undefined)?.[name], row);
const isSome = (value: unknown) => value !== null && value !== undefined;

/** The images of all pairs of a replacement, on these sides. */
const imagesOf = ({ pairs }: Row, ...sides: string[]) =>
  (pairs as Row[]).flatMap((pair) => sides.map((side) => pair[side] as Row));

/** What a filter looks at, where it is not the member of its name. */
const readers: Partial<Record<OperationId, Record<string, Read>>> = {
  imageList: {
    inUse: (row) => ['roles', 'servers'].some((of) => (at('usage', of)(row) as number) > 0),
  },
  roleList: {
    inUse: (row) => (at('usage', 'farms')(row) as number) > 0,
    image: ({ images }) => (images as Row[]).map(at('image', 'id')),
  },
  farmList: {
    account: at('accountId'),
    environment: at('envId'),
    onOldImages: (row) => (at('servers', 'old')(row) as number) > 0,
  },
  serverList: {
    onOldImage: (row) =>
      !['pending_terminate', 'terminated'].includes(String(row['status'])) &&
      (row['stale'] === true || at('image', 'deprecated')(row) === true),
  },
  cloudImageList: {
    use: at('use', 'verdict'),
    registered: (row) => (row['registrations'] as unknown[]).length > 0,
    running: (row) => Number(at('use', 'servers')(row)) > 0,
  },
  operationList: { person: at('actor', 'email') },
  denialList: { person: at('actor', 'email') },
  signInRecordList: { person: at('email') },
  usageList: {
    account: at('accountId'),
    environment: at('envId'),
    why: (row) => [
      ...(row['stale'] === true ? ['stale'] : []),
      ...(at('image', 'deprecated')(row) === true ? ['deprecated'] : []),
    ],
  },
  replacementList: {
    // One of its pairs has it.
    oldImage: (row) => imagesOf(row, 'oldImage'),
    newImage: (row) => imagesOf(row, 'newImage'),
    image: (row) => imagesOf(row, 'oldImage', 'newImage'),
    imageSet: (row) => imagesOf(row, 'oldImage', 'newImage').map(at('imageSet')),
    rolledBack: (row) => isSome(row['rolledBackBy']),
    cloudPlatform: (row) => imagesOf(row, 'oldImage').map(at('cloudPlatform')),
    // Asked for beside EC2: clouds use the same names.
    cloudLocation: (row) =>
      imagesOf(row, 'oldImage')
        .filter((image) => image['cloudPlatform'] === 'ec2')
        .map(at('cloudLocation')),
  },
};

/** Of the demo estate's activity: times, and what its rows name in other words. */
const unlike: Record<string, string> = {
  object: 'role:1',
  kind: 'role',
  from: '2020-01-01T00:00:00.000Z',
  to: '2100-01-01T00:00:00.000Z',
};

/**
 * Filters whose outcome the rows themselves do not tell: a search, and what looks at the servers of a row.
 * They are tried with a value of some server, and must find no row that the whole list lacks.
 */
export function untoldValue(id: OperationId, filter: string, server: Row): string | undefined {
  if (filter === 'query') return 'a';
  if (id === 'farmList' && (filter === 'role' || filter === 'image'))
    return String(at(filter, 'id')(server));
  if (id === 'replacementList' && filter === 'line') return 'image';
  if (id === 'accessList' && filter === 'permission') return 'view';
  if (id === 'policyFindingList' && filter.startsWith('due')) return '2020-01-01';
  const isRecord = ['operationList', 'denialList', 'signInRecordList'].includes(id);
  if (isRecord && filter in unlike) return unlike[filter];
  if (id === 'rolloutList' && filter === 'farm') return String(at(filter, 'id')(server));
  if (id === 'replacementList' && (filter === 'role' || filter === 'farm'))
    return String(at(filter, 'id')(server));
  if (id !== 'usageGroupList') return undefined;
  return filter === 'why' ? 'stale' : (valuesOf('usageList', filter, server)[0] ?? '1');
}

/** @returns the values of a filter that find a row, as a query spells them */
export function valuesOf(id: OperationId, filter: string, row: Row): string[] {
  const list = id === 'farmServerList' || id === 'farmRoleServerList' ? 'serverList' : id;
  const read = readers[list]?.[filter] ?? at(filter);
  const value = read(row);
  return (Array.isArray(value) ? value : [value]).filter(isSome).map((one: unknown) => {
    const id = typeof one === 'object' ? (one as Row)['id'] : one;
    return String(id);
  });
}

/** What tells the rows of a list apart. */
export function keyOf(row: Row): string {
  return String(row['id'] ?? row['cloud'] ?? at('image', 'id')(row));
}

/** The default order of Scalr's lists, always ascending; the lists that Slipway adds have their own. */
export const defaultOrder: Partial<Record<OperationId, string>> = {
  imageList: 'added',
  roleList: 'id',
  roleCategoryList: 'id',
  osList: 'id',
  farmList: 'id',
  farmRoleList: 'id',
  serverList: 'launched',
  farmServerList: 'launched',
  farmRoleServerList: 'launched',
  accountList: 'id',
  environmentList: 'id',
  projectList: 'added',
  cloudCredentialsList: 'added',
  costCenterList: 'added',
};
