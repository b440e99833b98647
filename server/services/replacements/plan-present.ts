import type { PairedImage } from '#contract/replacements/replacement-members.ts';
import type { ReplacementPlan } from '#contract/replacements/replacement-plans.ts';
import type { ImageRow } from '../../database/queries/images/images.ts';
import {
  fetchFarmsInShort,
  fetchFarmsOfPlaces,
  type FarmInShort,
  type FarmOfPlace,
  type RoleUseRow,
} from '../../database/queries/replacements/replacement-reach.ts';
import { replacementItems } from '../../domain/plan-items.ts';
import { toVerdict } from '../../domain/refusal.ts';
import type { PlannedRole } from '../../domain/replacements/replacements.ts';
import type { Context } from '../context.ts';
import { digestOf } from '../plan-digest.ts';
import { toPlace } from '../present.ts';
import type { MadePair, MadePlan } from './make-plan.ts';
import { toFarmOnOld, toImageInShort } from './replacement-present.ts';

/** At most so many roles, farms and owners are listed; the counts are whole. */
export const listed = 200;

/** One role image of a plan. */
interface PlannedPlace {
  pair: MadePair;
  planned: PlannedRole<RoleUseRow>;
}

/** The wire form of a plan over any number of pairs, with what it touches. */
export async function toReplacementPlan(ctx: Context, plan: MadePlan): Promise<ReplacementPlan> {
  const all = plan.pairs.flatMap((pair) => pair.roles.map((planned) => ({ pair, planned })));
  const [changing, skipped] = partition(all, ({ planned }) => planned.outcome === 'change');
  const shown = [...skipped, ...changing].slice(0, listed);
  const asked = [...changing, ...shown.filter(({ planned }) => planned.outcome === 'skip')];
  const farms = await fetchFarmsOfPlaces(
    ctx.tx,
    asked.map(({ planned }) => ({ roleId: planned.role.id, imageId: planned.role.image_id })),
  );
  const byPlace = Map.groupBy(farms, ({ place }) => asked[place]);
  const sum = (of: (pair: MadePair) => number) => plan.pairs.reduce((n, pair) => n + of(pair), 0);
  const others = plan.pairs.flatMap((pair) => pair.otherRegistrations);
  return {
    ...toVerdict(plan.refusal),
    digest: digestOf(replacementItems(plan, { isWhole: true })),
    reach: plan.reach,
    pairs: plan.pairs.map(toPairPlan),
    holes: plan.holes.map(({ image, ...hole }) => ({ image: toPairedImage(image), ...hole })),
    roles: shown.map((place) => toRolePlan(place, byPlace.get(place) ?? [])),
    counts: {
      change: changing.length,
      skip: skipped.length,
      roles: new Set(changing.map(({ planned }) => planned.role.id)).size,
    },
    blastRadius: await toBlastRadius(
      ctx,
      changing.flatMap((place) => (byPlace.get(place) ?? []).map((farm) => stays(place, farm))),
    ),
    outsideReach: { roles: sum((pair) => pair.outsideReach) },
    otherRegistrations: {
      roles: others.length,
      items: others.slice(0, listed).map(toRoleInShort),
    },
    inheritedRoles: { roles: sum((pair) => pair.inheritedRoles) },
    deprecates: sum((pair) => Number(pair.deprecates)),
    returnsToEarlierImage: plan.returnsToEarlierImage,
    warnings: plan.warnings,
  };
}

function partition<Item>(items: readonly Item[], is: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(is), items.filter((item) => !is(item))];
}

/** An image as a pair or a hole shows it. */
export function toPairedImage(row: ImageRow): PairedImage {
  return {
    ...toImageInShort(row),
    architecture: row.architecture,
    imageSet: { id: row.set_id },
  };
}

export function toRoleInShort(role: RoleUseRow) {
  return { id: role.id, name: role.name, ...toPlace(role) };
}

function toPairPlan(pair: MadePair): ReplacementPlan['pairs'][number] {
  return {
    oldImage: toPairedImage(pair.oldImage),
    newImage: toPairedImage(pair.newImage),
    byHand: pair.byHand,
    outcome: pair.refusal ? 'skip' : 'change',
    code: pair.refusal?.code ?? null,
    reason: pair.refusal?.reason ?? null,
    roles: pair.change.length,
    skipped: pair.skip.length,
    alreadyNew: pair.alreadyNew,
    inheritedRoles: pair.inheritedRoles,
    deprecateOldImage: pair.deprecateOldImage,
  };
}

function toRolePlan(
  { pair, planned: { role, outcome, refusal } }: PlannedPlace,
  farms: readonly FarmOfPlace[],
): ReplacementPlan['roles'][number] {
  const { oldImage, newImage } = pair;
  return {
    ...toRoleInShort(role),
    cloudPlatform: oldImage.cloud_platform,
    cloudLocation: oldImage.cloud_location,
    oldImage: { id: role.image_id, name: oldImage.name },
    newImage: { id: newImage.id, name: newImage.name },
    otherRegistration: role.image_id !== oldImage.id,
    outcome,
    code: refusal?.code ?? null,
    reason: refusal?.reason ?? null,
    farms: farms.length,
    servers: farms.reduce((sum, { servers }) => sum + servers, 0),
  };
}

/** Servers of a role that changes stay on the old cloud image, unless the new image is the same one. */
function stays({ pair }: PlannedPlace, farm: FarmOfPlace): FarmOfPlace {
  const isSame = pair.oldImage.cloud_image_id === pair.newImage.cloud_image_id;
  return isSame ? { ...farm, servers: 0, suspended: 0, starting: 0 } : farm;
}

interface Touched {
  farms: number;
  farmRoles: number;
  servers: number;
  suspendedServers: number;
  startingServers: number;
}

async function toBlastRadius(
  ctx: Context,
  rows: readonly FarmOfPlace[],
): Promise<ReplacementPlan['blastRadius']> {
  const byFarm = new Map<number, Touched>();
  for (const row of rows)
    byFarm.set(
      row.farm_id,
      add(byFarm.get(row.farm_id), {
        farms: 0,
        farmRoles: row.farm_roles,
        servers: row.servers,
        suspendedServers: row.suspended,
        startingServers: row.starting,
      }),
    );
  const names = await fetchFarmsInShort(ctx.tx, [...byFarm.keys()]);
  const farms = [...byFarm].flatMap(([id, touched]) => {
    const farm = names.get(id);
    return farm ? [{ farm, touched: { ...touched, farms: 1 } }] : [];
  });
  const byOwner = new Map<string, (typeof farms)[number]>();
  for (const { farm, touched } of farms) {
    const key = `${farm.environment_id} ${farm.owner_id}`;
    byOwner.set(key, { farm, touched: add(byOwner.get(key)?.touched, touched) });
  }
  const all = farms.reduce((sum, { touched }) => add(sum, touched), nothing);
  return {
    ...all,
    environments: new Set(farms.map(({ farm }) => farm.environment_id)).size,
    owners: mostServers([...byOwner.values()]).map(toOwner),
    farmList: mostServers(farms).flatMap(({ farm, touched: { farmRoles, ...touched } }) =>
      toFarmOnOld(farm, touched.servers).map((inShort) => ({
        ...inShort,
        farmRoles,
        suspendedServers: touched.suspendedServers,
        startingServers: touched.startingServers,
      })),
    ),
  };
}

const nothing: Touched = {
  farms: 0,
  farmRoles: 0,
  servers: 0,
  suspendedServers: 0,
  startingServers: 0,
};

function add(one: Touched = nothing, other: Touched): Touched {
  return {
    farms: one.farms + other.farms,
    farmRoles: one.farmRoles + other.farmRoles,
    servers: one.servers + other.servers,
    suspendedServers: one.suspendedServers + other.suspendedServers,
    startingServers: one.startingServers + other.startingServers,
  };
}

interface FarmTouched {
  farm: FarmInShort;
  touched: Touched;
}

function mostServers(farms: readonly FarmTouched[]): FarmTouched[] {
  return farms
    .toSorted((a, b) => b.touched.servers - a.touched.servers || a.farm.id - b.farm.id)
    .slice(0, listed);
}

function toOwner({ farm, touched: { farmRoles: _each, ...touched } }: FarmTouched) {
  return {
    accountId: farm.account_id,
    accountName: farm.account_name,
    envId: farm.environment_id,
    envName: farm.environment_name,
    owner: { id: farm.owner_id, name: farm.owner_name, email: farm.owner_email },
    ...touched,
  };
}
