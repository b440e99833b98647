import { createHash } from 'node:crypto';
import type { Db } from '../../../database/connection/connection.ts';
import type { SimulatedEstatePlace } from '../../../database/queries/simulated-cloud/estate.ts';
import {
  fetchMovingGroups,
  withSimulatedGroup,
} from '../../../database/queries/simulated-cloud/groups.ts';
import type { FoundGroup } from '../../inventory.ts';
import type { Befalls } from '../calls.ts';
import { findImage } from '../images.ts';
import {
  dropServer,
  fetchMembers,
  fetchRefreshes,
  type InGroup,
  keep,
  keepRefresh,
  keepServer,
  type KeptServer,
  type SimulatedRefresh,
} from './estate-of-group.ts';

export interface BringingOn extends InGroup {
  exchangeMs: number;
  befalls: Befalls;
}

/** Brings all groups of a place to where they are by now, for whoever reads what is there. */
export async function bringPlaceOn(
  db: Db,
  place: SimulatedEstatePlace,
  { exchangeMs }: { exchangeMs: number },
): Promise<void> {
  for (const groupId of await fetchMovingGroups(db, place))
    await withSimulatedGroup<FoundGroup, void>(db, place, groupId, async (tx, group) => {
      if (group) await bringOn({ tx, place, exchangeMs, befalls: () => undefined }, group);
    });
}

/** Nothing moves by itself here: what should have happened since somebody looked last happens now. */
export async function bringOn(now: BringingOn, group: FoundGroup): Promise<void> {
  for (const server of await fetchMembers(now, group.groupId))
    if (server.upAt !== undefined && Date.parse(server.upAt) <= Date.now()) {
      const { upAt: _upAt, ...running } = server;
      await keepServer(now, { ...running, state: 'running' });
    }
  for (const refresh of await fetchRefreshes(now, group.groupId))
    if (refresh.state === 'underWay' || refresh.state === 'ending')
      await bringRefreshOn(now, group, refresh);
}

async function bringRefreshOn(
  now: BringingOn,
  group: FoundGroup,
  refresh: SimulatedRefresh,
): Promise<void> {
  const failure = refresh.state === 'underWay' && (await findFailure(now, refresh));
  if (failure) {
    await keepRefresh(now, { ...refresh, state: 'failed', words: failure });
    return;
  }
  if (refresh.endsAs === 'cancelled') {
    await keepRefresh(now, { ...refresh, state: 'cancelled' });
    return;
  }
  const batches = Math.floor(
    (Date.now() - Date.parse(refresh.begunAt)) / Math.max(1, now.exchangeMs),
  );
  const due = Math.min(refresh.all, batches * refresh.atOnce) - (refresh.all - refresh.left.length);
  const members = new Map(
    (await fetchMembers(now, group.groupId)).map((server) => [server.cloudServerId, server]),
  );
  const goOn = { ...refresh, left: refresh.left.slice(Math.max(0, due)) };
  for (const id of refresh.left.slice(0, Math.max(0, due))) {
    const member = members.get(id);
    if (!member) continue;
    const isBack = refresh.state === 'ending';
    const before = refresh.exchanged.find(({ to }) => to === id)?.image;
    const cloudImageId = isBack ? (before ?? refresh.cloudImageId) : refresh.cloudImageId;
    const to = await exchangeMember(now, member, {
      cloudImageId,
      seed: refresh.refreshId,
      isUp: true,
    });
    if (!isBack) goOn.exchanged = [...goOn.exchanged, { to, image: member.cloudImageId }];
  }
  if (goOn.left.length === 0 && batches > 0) {
    goOn.state = refresh.endsAs ?? 'done';
    if (goOn.state === 'done') await keep(now, { ...group, boots: refresh.boots });
  }
  await keepRefresh(now, goOn);
}

async function findFailure(
  { tx, place, befalls }: BringingOn,
  { cloudImageId }: SimulatedRefresh,
): Promise<string | undefined> {
  if (!(await findImage(tx, { ...place, cloudImageId }, befalls)))
    return `NotFound: the image ${cloudImageId} does not exist.`;
  return befalls('failing-servers')
    ? 'InternalError: new servers ended while they were starting.'
    : undefined;
}

/** Ends a server and starts another in its place. @returns the id of the other */
export async function exchangeMember(
  now: BringingOn,
  member: KeptServer,
  { cloudImageId, seed, isUp }: { cloudImageId: string; seed: string; isUp: boolean },
): Promise<string> {
  const { cloudServerId: old, upAt: _upAt, ...kept } = member;
  const hash = createHash('sha256').update(`${seed} ${old}`).digest('hex').slice(0, 17);
  const cloudServerId = `i-${hash}`;
  await dropServer(now, old);
  await keepServer(now, {
    ...kept,
    cloudServerId,
    cloudImageId,
    state: isUp ? 'running' : 'pending',
    launchedAt: new Date().toISOString(),
    ...(!isUp && { upAt: new Date(Date.now() + now.exchangeMs).toISOString() }),
  });
  return cloudServerId;
}
