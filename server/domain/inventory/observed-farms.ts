import { proposeName } from './found-images.ts';
import {
  type Boot,
  type ReferringFact,
  resolveBoot,
  type ResolvedBoot,
  toKnown,
} from './inventory.ts';
import { managerOf, ownerOf, toHostname, visible } from './observed-tags.ts';

// Which farms something else runs at one place of a cloud: docs/domain.md, "Observed farms".

/** A server that is there, as far as farms are concerned. */
export interface ObservableServer {
  kind: 'server';
  cloudServerId: string;
  cloudImageId: string | undefined;
  state: string;
  groupId: string | undefined;
  launchedAt: Date | undefined;
  tags: Readonly<Record<string, string>>;
}

export interface ObservableGroup {
  kind: 'group';
  groupId: string;
  name: string;
  boots: readonly Boot[];
  minimum: number;
  desired: number;
  maximum: number;
  tags: Readonly<Record<string, string>>;
}

export type ObservableFact =
  | ObservableServer
  | ObservableGroup
  | Exclude<ReferringFact, { kind: 'server' | 'group' }>
  | { kind: 'image'; cloudImageId: string; name: string; architecture: string | undefined };

export interface ObservedServer {
  cloudServerId: string;
  /** `noImage` where it has none. */
  cloudImageId: string;
  hostname: string;
  status:
    | 'pending'
    | 'running'
    | 'pending_suspend'
    | 'suspended'
    | 'resuming'
    | 'pending_terminate';
  /** Null where the cloud does not say. */
  launchedAt: string | null;
}

export interface ObservedFarmRole {
  /** Which it is of its farm, whatever it starts from. */
  key: string;
  /** What it is called, as the rules for aliases allow it. */
  name: string;
  /** What a new server would start from now; null where it cannot be told. */
  cloudImageId: string | null;
  words: string;
  templateId: string | null;
  templateVersion: string | null;
  pointerName: string | null;
  servers: ObservedServer[];
}

export interface ObservedFarm {
  kind: 'group' | 'tag' | 'rest';
  key: string;
  name: string;
  ownerTag: string | null;
  minimum: number | null;
  desired: number | null;
  maximum: number | null;
  managedBy: 'terraform' | 'cloudformation' | null;
  farmRoles: ObservedFarmRole[];
}

/** Stands for the image of a server that was started without one, such as from a volume. */
export const noImage = '-';

/** Which tags say what. */
export interface ObservedTags {
  /** Servers outside of groups with the same value of it are a farm. */
  farmTag: string | null;
  ownerTag: string;
}

/**
 * The farms at one place: each group; of the servers that are in none, those of each value of the tag; and the rest.
 * What groups start from is resolved to what it means now.
 * @param isOwn whether Slipway launched a server, and so has it in a farm of its own
 */
export function planObservedFarms(
  facts: readonly ObservableFact[],
  { farmTag, ownerTag }: ObservedTags,
  isOwn: (server: ObservableServer) => boolean,
): ObservedFarm[] {
  const groups = facts.filter((fact) => fact.kind === 'group');
  const known = toKnown(
    facts.filter((fact) => fact.kind === 'template' || fact.kind === 'pointer'),
  );
  const names = namesOfImages(facts);
  const ids = new Set(groups.map(({ groupId }) => groupId));
  const homeOf = (server: ObservableServer): string => {
    if (server.groupId !== undefined && ids.has(server.groupId)) return `group ${server.groupId}`;
    const value = farmTag === null ? undefined : server.tags[farmTag];
    return value ? `tag ${value}` : 'rest ';
  };
  const servers = facts.filter(
    (fact) => fact.kind === 'server' && !isOwn(fact),
  ) as ObservableServer[];
  const byHome = Map.groupBy(servers, homeOf);
  const ofGroups = groups.map((group) => {
    const members = byHome.get(`group ${group.groupId}`) ?? [];
    byHome.delete(`group ${group.groupId}`);
    const boots = group.boots.map((boot) => resolveBoot(boot, known));
    return toGroupFarm(group, members, { boots, names, ownerTag });
  });
  const others = [...byHome].map(([home, members]) =>
    toTagFarm(home, members, { names, ownerTag }),
  );
  return inOrder([...ofGroups, ...others]);
}

const kinds = ['group', 'tag', 'rest'];

/** However the cloud orders what it tells. */
function inOrder(farms: readonly ObservedFarm[]): ObservedFarm[] {
  return farms.toSorted(
    (one, other) =>
      kinds.indexOf(one.kind) - kinds.indexOf(other.kind) || (one.key < other.key ? -1 : 1),
  );
}

type ImageNames = ReadonlyMap<string, string>;

function namesOfImages(facts: readonly ObservableFact[]): ImageNames {
  return new Map(
    facts.flatMap((fact) => (fact.kind === 'image' ? [[fact.cloudImageId, fact.name]] : [])),
  );
}

function toGroupFarm(
  group: ObservableGroup,
  members: readonly ObservableServer[],
  {
    boots,
    names,
    ownerTag,
  }: { boots: readonly ResolvedBoot[]; names: ImageNames; ownerTag: string },
): ObservedFarm {
  const { groupId: key, name, minimum, desired, maximum, tags } = group;
  return {
    kind: 'group',
    key,
    name: visible(name),
    ownerTag: ownerOf([tags, ...members.map((member) => member.tags)], ownerTag),
    minimum,
    desired,
    maximum,
    managedBy: managerOf(tags),
    farmRoles: nameApart(
      boots.length === 0 ? byImage(members, names) : byBoot(boots, members, names),
    ),
  };
}

function toTagFarm(
  home: string,
  members: readonly ObservableServer[],
  { names, ownerTag }: { names: ImageNames; ownerTag: string },
): ObservedFarm {
  const value = home.replace(/^(tag|rest) /, '');
  return {
    kind: home.startsWith('tag ') ? 'tag' : 'rest',
    key: value,
    name: visible(value) || 'Servers without a group',
    ownerTag: home.startsWith('tag ')
      ? ownerOf(
          members.map(({ tags }) => tags),
          ownerTag,
        )
      : null,
    minimum: null,
    desired: null,
    maximum: null,
    managedBy: null,
    farmRoles: nameApart(byImage(members, names)),
  };
}

/** One for each image that new servers may start from; what runs another one was started before the group moved on. */
function byBoot(
  boots: readonly ResolvedBoot[],
  members: readonly ObservableServer[],
  names: ImageNames,
): ObservedFarmRole[] {
  const distinct = [
    ...Map.groupBy(
      boots,
      ({ cloudImageId, templateId }) => cloudImageId ?? `? ${templateId}`,
    ).values(),
  ];
  const farmRoles = distinct.flatMap(([first, ...same], index): ObservedFarmRole[] => {
    if (!first) return [];
    const title =
      first.name ?? names.get(first.cloudImageId ?? '') ?? first.cloudImageId ?? 'group';
    return [
      {
        key: `boot ${index}`,
        name: title,
        cloudImageId: first.cloudImageId ?? null,
        words: [first, ...same].map(({ words }) => words).join('; '),
        templateId: first.templateId ?? null,
        templateVersion: first.version ?? null,
        pointerName: first.pointerName ?? null,
        servers: [],
      },
    ];
  });
  const without: ObservableServer[] = [];
  for (const member of members) {
    const fits = farmRoles.find(({ cloudImageId }) => cloudImageId === member.cloudImageId);
    if (member.cloudImageId === undefined) without.push(member);
    else (fits ?? farmRoles[0])?.servers.push(toServer(member));
  }
  return [...farmRoles, ...byImage(without, names)];
}

/** Where nothing says what new servers would start from: one for each image that runs. */
function byImage(members: readonly ObservableServer[], names: ImageNames): ObservedFarmRole[] {
  const byId = Map.groupBy(members, ({ cloudImageId }) => cloudImageId ?? noImage);
  return [...byId].map(([id, some]) => ({
    key: `image ${id}`,
    name: names.get(id) || (id === noImage ? 'no image' : id),
    cloudImageId: id,
    words: '',
    templateId: null,
    templateVersion: null,
    pointerName: null,
    servers: some.map(toServer),
  }));
}

/** Within a farm, names are those of aliases, and no two are the same. */
function nameApart(farmRoles: readonly ObservedFarmRole[]): ObservedFarmRole[] {
  const taken = new Set<string>();
  return farmRoles
    .toSorted((one, other) => (one.key < other.key ? -1 : 1))
    .map((farmRole) => {
      const proposed = proposeName({ name: farmRole.name, cloudImageId: farmRole.key });
      const base = proposed.slice(0, 90).replace(/-+$/, '');
      let name = base;
      for (let nth = 2; taken.has(name.toLowerCase()); nth++) name = `${base}-${nth}`;
      taken.add(name.toLowerCase());
      const servers = farmRole.servers.toSorted((one, other) =>
        one.cloudServerId < other.cloudServerId ? -1 : 1,
      );
      return { ...farmRole, name, servers };
    });
}

/** What the cloud calls what a server is in, in the words that servers here have. */
const statusOf: Record<string, ObservedServer['status']> = {
  pending: 'pending',
  running: 'running',
  suspending: 'pending_suspend',
  suspended: 'suspended',
  resuming: 'resuming',
  terminating: 'pending_terminate',
};

function toServer(server: ObservableServer): ObservedServer {
  return {
    cloudServerId: server.cloudServerId,
    cloudImageId: server.cloudImageId ?? noImage,
    hostname: toHostname(server.tags['Name'] ?? ''),
    status: statusOf[server.state] ?? 'pending',
    launchedAt: server.launchedAt?.toISOString() ?? null,
  };
}
