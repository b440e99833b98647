import { createHash } from 'node:crypto';
import type { Db } from '../../../database/connection/connection.ts';
import type { SimulatedEstatePlace } from '../../../database/queries/simulated-cloud/estate.ts';
import { withSimulatedGroup } from '../../../database/queries/simulated-cloud/groups.ts';
import { type CallOptions, CloudError } from '../../call.ts';
import type {
  CloudGroupAim,
  CloudGroupRef,
  CloudGroups,
  CloudRefresh,
  CloudRefreshWish,
} from '../../groups.ts';
import type { FoundGroup } from '../../inventory.ts';
import type { SimulatedCall } from '../calls.ts';
import { aimGroup, imageOf } from './aim.ts';
import { type BringingOn, bringOn, exchangeMember } from './bring-on.ts';
import {
  fetchMembers,
  fetchRefreshes,
  keep,
  keepRefresh,
  type SimulatedRefresh,
} from './estate-of-group.ts';

interface Options {
  account: string;
  exchangeMs: number;
}

/** The groups of an account's estate, which exchange their servers by themselves, one batch after the other. */
export function simulateGroups(db: Db, call: SimulatedCall, options: Options): CloudGroups {
  const within: Within = ({ groupId, cloudPlatform, cloudLocation }, given, work) => {
    const place = { account: options.account, cloudPlatform, cloudLocation };
    return call(place, given, (befalls) =>
      withSimulatedGroup(db, place, groupId, async (tx, group: FoundGroup | undefined) => {
        const now: BringingOn = { tx, place, exchangeMs: options.exchangeMs, befalls };
        if (group) await bringOn(now, group);
        return work(group, now);
      }),
    );
  };
  return { ...simulateRefreshes(within), ...simulateMembers(within) };
}

type Within = <Answer>(
  group: CloudGroupRef,
  given: CallOptions,
  work: (group: FoundGroup | undefined, now: BringingOn) => Promise<Answer>,
) => Promise<Answer>;

function simulateRefreshes(
  within: Within,
): Pick<CloudGroups, 'refresh' | 'follow' | 'cancel' | 'rollBack'> {
  return {
    refresh: (wish, given) =>
      within(wish, given, async (group, now) => {
        const present = demand(group, wish);
        // As in real clouds, not all have them.
        if (wish.cloudPlatform !== 'ec2') return 'unsupported';
        return startRefresh(present, wish, now);
      }),
    follow: ({ refreshId, ...ref }, given) =>
      within(ref, given, async (_, now) => {
        const found = await findRefresh(now, ref, refreshId);
        return found && toRefresh(found);
      }),
    cancel: ({ refreshId, ...ref }, given) =>
      within(ref, given, async (_, now) => {
        const found = await findRefresh(now, ref, refreshId);
        if (found?.state !== 'underWay') return 'over';
        await keepRefresh(now, { ...found, state: 'ending', endsAs: 'cancelled' });
        return 'begun';
      }),
    rollBack: ({ refreshId, ...ref }, given) =>
      within(ref, given, async (_, now) => {
        const found = await findRefresh(now, ref, refreshId);
        if (found?.state !== 'underWay') return 'over';
        if (!found.isReversible) return 'impossible';
        await keepRefresh(now, takeBack(found));
        return 'begun';
      }),
  };
}

function simulateMembers(within: Within): Pick<CloudGroups, 'aim' | 'members' | 'replaceMember'> {
  return {
    aim: (aim, given) =>
      within(aim, given, async (group, now) => {
        const aimed = await aimGroup(now, demand(group, aim), aim);
        await keep(now, { ...demand(group, aim), boots: aimed });
      }),
    members: (ref, given) =>
      within(ref, given, async (group, now) => {
        if (!group) return undefined;
        return (await fetchMembers(now, group.groupId)).map((server) => ({
          cloudServerId: server.cloudServerId,
          cloudImageId: server.cloudImageId,
          isUp: server.state === 'running',
        }));
      }),
    replaceMember: ({ cloudServerId, ...ref }, given) =>
      within(ref, given, async (group, now) => {
        const members = group ? await fetchMembers(now, group.groupId) : [];
        const member = members.find((server) => server.cloudServerId === cloudServerId);
        if (!group || !member) return 'absent';
        const [boot] = group.boots;
        const cloudImageId = boot && (await imageOf(now, boot));
        if (cloudImageId === undefined) throw noImage(ref);
        await exchangeMember(now, member, { cloudImageId, seed: cloudServerId, isUp: false });
        return 'begun';
      }),
  };
}

function demand(group: FoundGroup | undefined, { groupId }: CloudGroupRef): FoundGroup {
  if (group) return group;
  throw new CloudError(`NotFound: the group ${groupId} does not exist.`, { willPass: false });
}

function noImage({ groupId }: CloudGroupRef): CloudError {
  return new CloudError(`ValidationError: the group ${groupId} starts servers from no image.`, {
    willPass: false,
  });
}

async function startRefresh(
  group: FoundGroup,
  wish: CloudRefreshWish,
  now: BringingOn,
): Promise<CloudRefresh | 'done'> {
  const refreshes = await fetchRefreshes(now, group.groupId);
  const active = refreshes.find(({ state }) => state === 'underWay' || state === 'ending');
  if (active) {
    if (active.state === 'underWay' && isSame(active, wish)) return toRefresh(active);
    throw new CloudError(
      `InstanceRefreshInProgress: another refresh is under way in ${group.groupId}.`,
      { willPass: true },
    );
  }
  const boots = await aimGroup(now, group, wish);
  const members = await fetchMembers(now, group.groupId);
  const left = members.filter(({ cloudImageId }) => cloudImageId !== wish.cloudImageId);
  const isAimed = JSON.stringify(boots) === JSON.stringify(group.boots);
  if (isAimed && left.length === 0) return 'done';
  const refresh: SimulatedRefresh = {
    kind: 'refresh',
    refreshId: idOf(wish, refreshes.length),
    groupId: group.groupId,
    cloudImageId: wish.cloudImageId,
    templateId: wish.templateId,
    state: 'underWay',
    begunAt: new Date().toISOString(),
    boots,
    isReversible: wish.pointerName === undefined && !group.boots.some(isMoving),
    atOnce: Math.max(1, Math.floor((members.length * (100 - wish.minHealthyPercentage)) / 100)),
    left: left.map(({ cloudServerId }) => cloudServerId),
    exchanged: [],
    all: left.length,
  };
  await keepRefresh(now, refresh);
  return toRefresh(refresh);
}

/** `$Latest` and `$Default` do not say what was before. */
function isMoving(boot: FoundGroup['boots'][number]): boolean {
  return boot.kind === 'template' && boot.version.startsWith('$');
}

function isSame(refresh: SimulatedRefresh, wish: CloudGroupAim): boolean {
  return refresh.cloudImageId === wish.cloudImageId && refresh.templateId === wish.templateId;
}

function idOf({ token, groupId }: CloudRefreshWish, nth: number): string {
  return createHash('sha256').update(`${token} ${groupId} ${nth}`).digest('hex').slice(0, 24);
}

/** What was exchanged is exchanged once more, for what ran before. */
function takeBack(refresh: SimulatedRefresh): SimulatedRefresh {
  const { exchanged } = refresh;
  return {
    ...refresh,
    state: 'ending',
    endsAs: 'rolledBack',
    begunAt: new Date().toISOString(),
    left: exchanged.map(({ to }) => to),
    all: exchanged.length,
  };
}

async function findRefresh(
  now: { tx: Db; place: SimulatedEstatePlace },
  { groupId }: CloudGroupRef,
  refreshId: string,
): Promise<SimulatedRefresh | undefined> {
  return (await fetchRefreshes(now, groupId)).find((one) => one.refreshId === refreshId);
}

function toRefresh({ refreshId, state, all, left, words }: SimulatedRefresh): CloudRefresh {
  const percentage = all === 0 ? 100 : Math.round((100 * (all - left.length)) / all);
  return { refreshId, state, percentage, words };
}
