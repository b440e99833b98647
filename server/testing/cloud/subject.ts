import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloudPlace } from '../../cloud/call.ts';
import type { CloudGroups } from '../../cloud/groups.ts';
import type { CloudImages } from '../../cloud/images.ts';
import type { CloudInventory } from '../../cloud/inventory.ts';
import type { CloudPointers } from '../../cloud/pointers.ts';
import { type CloudDriver, demandCapability } from '../../cloud/port.ts';
import type {
  CloudServer,
  CloudServerRef,
  CloudServers,
  CloudServerState,
  ServerLaunch,
} from '../../cloud/servers.ts';

/** One thing that the port can be asked for. */
export type CloudDeed =
  | `groups.${keyof CloudGroups}`
  | `images.${keyof CloudImages}`
  | `inventory.${keyof CloudInventory}`
  | `pointers.${keyof CloudPointers}`
  | `servers.${keyof CloudServers}`;

/** A group of servers that a test has for itself. */
export interface TestGroup {
  groupId: string;
  templateId: string;
  pointerName: string | undefined;
}

/** All that a driver without groups refuses. */
export const noGroups: readonly CloudDeed[] = [
  'groups.refresh',
  'groups.follow',
  'groups.cancel',
  'groups.rollBack',
  'groups.aim',
  'groups.members',
  'groups.replaceMember',
];

/** A driver, and what its tests may use in the cloud that it speaks to. */
export interface ConformanceSubject {
  /** Makes the driver as another process would: nothing may depend on what an earlier one remembers. */
  connect(): CloudDriver;
  /** Where servers are started. */
  place: CloudPlace;
  /** An image there that servers can be started from. */
  cloudImageId: string;
  /** One that has the form of an id and is not there. */
  absentImageId: string;
  instanceType: string;
  /** Makes an image there that may be deleted; none where images cannot be. */
  makeExpendableImage?(): Promise<string>;
  /**
   * Makes a group whose servers run, started from a template with the image; none where there are no groups.
   * @param follows how it names the version of its template: by its number unless it is `$Latest`
   * @param isPointed whether the template names the image by a pointer
   */
  makeGroup?(group: {
    cloudImageId: string;
    servers: number;
    follows?: '$Latest';
    isPointed?: boolean;
  }): Promise<TestGroup>;
  /** Where an image of `place` can be copied to. */
  copyTo?: string;
  /** How long the cloud takes for one step at the most, such as to boot. */
  stepMs: number;
  /** How often it is asked meanwhile. */
  pollMs: number;
  /** At most so many servers in a page of a list; left out where the cloud gives all in one. */
  pageSize?: number;
  /** How many are asked for at once, 8 if left out: less where servers are dear. */
  several?: number;
  /** What the driver refuses for good. */
  cannot: readonly CloudDeed[];
  /** The cloud no longer knows the token of a server that has ended, so that it cannot tell a repetition. */
  forgetsEnded?: boolean;
  /** How often a server has booted, where that can be seen from outside. */
  countBoots?(server: CloudServer): Promise<number>;
}

const deadlineMs = 60_000;

/** What the tests of one subject share. */
export interface Bench extends ConformanceSubject {
  several: number;
  /** Whether it does all of these. */
  can(...deeds: CloudDeed[]): boolean;
  servers(cloud?: CloudDriver): CloudServers;
  images(cloud?: CloudDriver): CloudImages;
  groups(): CloudGroups;
  inventory(): CloudInventory;
  pointers(): CloudPointers;
  /** A launch with a token of its own, which is cleaned up after the tests. */
  planLaunch(more?: Partial<ServerLaunch>): ServerLaunch;
  start(more?: Partial<ServerLaunch>): Promise<CloudServer>;
  /** Starts a server and waits until it runs. */
  startRunning(more?: Partial<ServerLaunch>): Promise<CloudServer>;
  /** Waits for a server to be in a state; `gone` is ended or unknown. */
  /** @param again what is asked anew now and then meanwhile, as whoever brings servers on does */
  waitFor(
    server: CloudServer,
    state: CloudServerState | 'gone',
    again?: () => Promise<unknown>,
  ): Promise<CloudServer | undefined>;
  /** All servers at the place with a tag, page by page. */
  listPages(value: string): Promise<(readonly CloudServer[])[]>;
  cleanUp(): Promise<void>;
}

/** A system that has only just started may miss what it is told. */
const againMs = 5_000;

/** Everything that the tests name their servers with, so that lists can tell them from others. */
const tagName = 'slipway-test';

export function makeBench(subject: ConformanceSubject): Bench {
  const launches: ServerLaunch[] = [];
  const servers = (cloud = subject.connect()) => demandCapability(cloud, 'servers');
  const planLaunch: Bench['planLaunch'] = (more) => {
    const launch = { ...launchOf(subject), ...more };
    launches.push(launch);
    return launch;
  };
  const start: Bench['start'] = (more) => servers().launch(planLaunch(more), inTime());
  const waitFor: Bench['waitFor'] = async (server, state, again) => {
    const giveUpAt = Date.now() + subject.stepMs;
    for (let againAt = Date.now() + againMs; ;) {
      if (again && Date.now() > againAt) {
        await again();
        againAt = Date.now() + againMs;
      }
      const found = await servers().get(refOf(server), inTime());
      if (state === 'gone' ? hasEnded(found) : found?.state === state) return found;
      if (Date.now() > giveUpAt)
        throw new Error(`The server is ${found?.state ?? 'absent'}, and not ${state} in time.`);
      await sleep(subject.pollMs);
    }
  };
  return {
    several: 8,
    ...subject,
    can: (...deeds) => !deeds.some((deed) => subject.cannot.includes(deed)),
    servers,
    images: (cloud = subject.connect()) => demandCapability(cloud, 'images'),
    groups: () => demandCapability(subject.connect(), 'groups'),
    inventory: () => demandCapability(subject.connect(), 'inventory'),
    pointers: () => demandCapability(subject.connect(), 'pointers'),
    planLaunch,
    start,
    startRunning: async (more) => demandThere(await waitFor(await start(more), 'running')),
    waitFor,
    listPages: async (value) => {
      const of = { ...subject.place, tag: { name: tagName, value } };
      const pages: (readonly CloudServer[])[] = [];
      for await (const page of servers().list(of, inTime())) pages.push(page);
      return pages;
    },
    cleanUp: () => endAll(servers(), launches),
  };
}

async function endAll(servers: CloudServers, launches: readonly ServerLaunch[]): Promise<void> {
  for (const launch of launches)
    await servers.terminate({ ...launch, cloudServerId: undefined, isForced: true }, inTime());
}

function demandThere(server: CloudServer | undefined): CloudServer {
  if (!server) throw new Error('A running server is there.');
  return server;
}

function launchOf({ place, cloudImageId, instanceType }: ConformanceSubject): ServerLaunch {
  const token = randomUUID();
  const hostname = `test-${token.slice(0, 8)}`;
  return { ...place, token, cloudImageId, instanceType, hostname, tags: tagOf(token) };
}

/** With a deadline that no call should need. */
export function inTime(): { signal: AbortSignal } {
  return { signal: AbortSignal.timeout(deadlineMs) };
}

/** A server as somebody asks for it who was told its id. */
export function refOf(server: CloudServer): CloudServerRef {
  const { cloudPlatform, cloudLocation, cloudServerId, token } = server;
  if (token === undefined) throw new Error('This server was not launched with a token.');
  return { cloudPlatform, cloudLocation, cloudServerId, token };
}

export function hasEnded(server: CloudServer | 'absent' | undefined): boolean {
  return server === undefined || server === 'absent' || server.state === 'terminated';
}

export function tagOf(value: string): Record<string, string> {
  return { [tagName]: value };
}
