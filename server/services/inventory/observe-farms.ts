import { createHash } from 'node:crypto';
import type { Db } from '../../database/connection/connection.ts';
import { retryConflicts } from '../../database/connection/errors.ts';
import { takeAccountSteadily } from '../../database/connection/locks.ts';
import type { InventoryPlace } from '../../database/queries/inventory/inventory-place.ts';
import {
  fetchKnownFarms,
  findObserving,
  findOwnServers,
  findRegistered,
  findTaggedOwners,
  type KnownFarm,
  type Observing,
} from '../../database/queries/observed-farms/observing.ts';
import {
  type ImageToFind,
  lockObservedPlace,
  removeObservedFarms,
  writeObservedFarm,
} from '../../database/queries/observed-farms/observed-farms.ts';
import { architectureOf, proposeName } from '../../domain/inventory/found-images.ts';
import {
  noImage,
  type ObservableFact,
  type ObservableServer,
  type ObservedFarm,
  planObservedFarms,
} from '../../domain/inventory/observed-farms.ts';
import type { Tx } from '../context.ts';

/**
 * Writes down which farms something else runs at a place: docs/domain.md, "Observed farms". Only farms of which
 * something differs are written, each by itself. Where groups or servers could not be read, nothing is.
 * @param unread the parts of the place that could not be read
 * @returns how many farms were written or removed
 */
export async function observeFarms(
  db: Db,
  place: InventoryPlace,
  facts: readonly ObservableFact[],
  unread: readonly string[],
): Promise<number> {
  if (unread.includes('servers') || unread.includes('groups')) return 0;
  const observing = await findObserving(db, place);
  if (!observing) return 0;
  const farms = await planFarms(db, place, observing, facts);
  const known = await fetchKnownFarms(db, place, observing.account);
  const writes = await toWrites(db, { place, observing, facts }, farms);
  const ours = known.filter((one) => one.credentials_id === place.credentialsId);
  const isSame = (one: KnownFarm, farm: ObservedFarm) =>
    one.kind === farm.kind && one.key === farm.key;
  const gone = ours.filter(
    (one) =>
      one.environment_id !== observing.environment_id || !farms.some((farm) => isSame(one, farm)),
  );
  if (gone.length > 0) {
    const farmIds = gone.map((one) => one.farm_id);
    await write(db, place, observing, (tx, at) => removeObservedFarms(tx, { farmIds }, at));
  }
  let written = gone.length;
  for (const wanted of writes) {
    const own = known.find((one) => !gone.includes(one) && isSame(one, wanted.farm));
    // Other credentials for the same account have found it already.
    if (own && own.credentials_id !== place.credentialsId) continue;
    if (own?.digest === wanted.digest) continue;
    await write(db, place, observing, async (tx, at) => {
      const now = await fetchKnownFarms(tx, place, observing.account);
      const present = now.find((one) => isSame(one, wanted.farm));
      if (present?.digest === wanted.digest) return;
      await writeObservedFarm(tx, present?.farm_id, { ...wanted, at });
    });
    written++;
  }
  return written;
}

async function write(
  db: Db,
  place: InventoryPlace,
  observing: Observing,
  work: (tx: Tx, at: Date) => Promise<void>,
): Promise<void> {
  await retryConflicts(async () =>
    db
      .transaction()
      .setIsolationLevel('read committed')
      .execute(async (tx) => {
        const at = await takeAccountSteadily(tx, observing.account_id);
        if (await lockObservedPlace(tx, place)) await work(tx, at);
      }),
  );
}

/** The farms that are there, without the servers that Slipway launched. */
async function planFarms(
  db: Db,
  place: InventoryPlace,
  observing: Observing,
  facts: readonly ObservableFact[],
): Promise<ObservedFarm[]> {
  const servers = facts.filter((fact) => fact.kind === 'server');
  const ids = servers.map(({ cloudServerId }) => cloudServerId);
  const own = await findOwnServers(db, place, ids, servers.flatMap(tokenOf));
  const tags = { farmTag: observing.farm_tag, ownerTag: observing.owner_tag };
  return planObservedFarms(
    facts,
    tags,
    (server) => own.has(server.cloudServerId) || tokenOf(server).some((token) => own.has(token)),
  );
}

const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What Slipway launched a server with, as its tags say in some clouds. */
function tokenOf({ tags }: ObservableServer): string[] {
  return Object.entries(tags).flatMap(([name, value]) =>
    /slipway.*token/.test(name) && isUuid.test(value) ? [value] : [],
  );
}

interface Observation {
  place: InventoryPlace;
  observing: Observing;
  facts: readonly ObservableFact[];
}

/** Each farm with all that it is written with, and a digest of that. */
async function toWrites(
  db: Db,
  { place, observing, facts }: Observation,
  farms: readonly ObservedFarm[],
) {
  const tags = [...new Set(farms.flatMap(({ ownerTag }) => ownerTag ?? []))];
  const owners = await findTaggedOwners(db, observing, tags);
  const ids = [...new Set(farms.flatMap(idsOf))];
  const registered = await findRegistered(db, place, observing, ids);
  const images = imagesOf(facts);
  return farms.map((farm) => {
    const ownerId = owners.get(farm.ownerTag ?? '') ?? observing.owner_id;
    const used = [...idsOf(farm), noImage];
    const named = used.map((id): ImageToFind => images.get(id) ?? unknownImage(id));
    const known = new Map(used.flatMap((id) => pairOf(registered, id)));
    const names = namesOf(farm, place, observing);
    const digest = createHash('sha256')
      .update(JSON.stringify([farm, ownerId, names, named, [...known], observing.environment_id]))
      .digest('hex');
    return { place, observing, farm, names, ownerId, images: named, registered: known, digest };
  });
}

function pairOf(map: ReadonlyMap<string, string>, id: string): [string, string][] {
  const found = map.get(id);
  return found === undefined ? [] : [[id, found]];
}

/** The cloud images that a farm runs or would start from, each once. */
function idsOf(farm: ObservedFarm): string[] {
  const all = farm.farmRoles.flatMap(({ cloudImageId, servers }) => [
    ...(cloudImageId === null ? [] : [cloudImageId]),
    ...servers.map((server) => server.cloudImageId),
  ]);
  return [...new Set(all)].filter((id) => id !== noImage);
}

function imagesOf(facts: readonly ObservableFact[]): Map<string, ImageToFind> {
  return new Map(
    facts.flatMap((fact) => {
      if (fact.kind !== 'image') return [];
      const { cloudImageId, name, architecture } = fact;
      const proposed = proposeName({ name, cloudImageId });
      const image = {
        cloudImageId,
        name: proposed,
        architecture: architectureOf(architecture ?? null),
      };
      return [[cloudImageId, image]];
    }),
  );
}

/** One that the cloud does not show, or that stands for none. */
function unknownImage(cloudImageId: string): ImageToFind {
  const name = cloudImageId === noImage ? 'no image' : proposeName({ name: '', cloudImageId });
  return { cloudImageId, name, architecture: null };
}

/** With the place, since groups are called alike in several; with the account where that is not enough. */
function namesOf(
  farm: ObservedFarm,
  { cloudLocation }: InventoryPlace,
  { account }: Observing,
): string[] {
  const of = (...parts: string[]) => {
    const where = parts.filter((part) => part !== '').join(', ');
    const end = where === '' ? '' : ` (${where})`;
    // Names are one line of visible text, without spaces around it.
    const visible = farm.name.replaceAll(/[\p{C}\p{Z}]+/gu, ' ').trim() || farm.key;
    return `${visible.slice(0, Math.max(1, 100 - end.length)).trim()}${end.slice(0, 99)}`;
  };
  return [of(cloudLocation), of(cloudLocation, account)];
}
