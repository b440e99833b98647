import type { Db } from '../../database/connection/connection.ts';
import {
  fetchEstate,
  insertEstate,
  listEstateLocations,
  type SimulatedEstateRow,
} from '../../database/queries/simulated-cloud/estate.ts';
import { listServersOfAccount } from '../../database/queries/simulated-cloud/servers.ts';
import { type CallOptions, CloudError, type CloudPlace } from '../call.ts';
import type { CloudInventory, FoundImage, FoundServer, InventoryFact } from '../inventory.ts';
import type { SimulatedCall } from './calls.ts';
import { bringPlaceOn } from './groups/bring-on.ts';
import { findImage } from './images.ts';
import { type EstateFact, inventEstate } from './invented-estate.ts';
import { toServer } from './servers.ts';

interface Options {
  exchangeMs: number;
  pageSize: number;
  account: string;
  cloudPlatform: string;
}

/** What an account of the simulated cloud has. One that has nothing yet has an estate made up for it when it is first asked. */
export function simulateInventory(db: Db, call: SimulatedCall, options: Options): CloudInventory {
  const { account, cloudPlatform } = options;
  const locations = async () => {
    const known = await listEstateLocations(db, options);
    if (known.length > 0) return known;
    await insertEstate(db, options, inventEstate(account, cloudPlatform));
    return listEstateLocations(db, options);
  };
  return {
    locations: (given) =>
      call({ cloudPlatform, cloudLocation: '' }, given, async () =>
        (await locations()).map((cloudLocation) => ({
          cloudPlatform,
          cloudLocation,
          account: `simulated ${account}`.trim(),
        })),
      ),
    scan: async function* (place, given) {
      given.signal.throwIfAborted();
      if (
        place.cloudPlatform !== cloudPlatform ||
        !(await locations()).includes(place.cloudLocation)
      )
        throw new CloudError(`The simulated cloud has nothing called "${place.cloudLocation}".`, {
          willPass: false,
        });
      yield* scanPlace(db, call, place, given, options);
    },
  };
}

/** What is kept of a place, and then the images that servers run and that nobody in particular has. */
async function* scanPlace(
  db: Db,
  call: SimulatedCall,
  place: CloudPlace,
  given: CallOptions,
  options: Options,
): AsyncGenerator<InventoryFact[]> {
  await bringPlaceOn(db, { ...place, account: options.account }, options);
  const images = new Set<string>();
  const used = new Set<string>();
  const parts = [
    scanEstate(db, call, place, given, options),
    scanServers(db, call, place, given, options),
  ];
  for (const part of parts)
    for await (const page of part) {
      for (const fact of page) {
        if (!('cloudImageId' in fact) || fact.cloudImageId === undefined) continue;
        (fact.kind === 'image' ? images : used).add(fact.cloudImageId);
      }
      yield page;
    }
  const others = [...used].filter((id) => !images.has(id));
  const found = await call(place, given, (befalls) =>
    Promise.all(
      others.map(async (cloudImageId) => {
        const image = await findImage(db, { ...place, cloudImageId }, befalls);
        return image ? [toPublicImage(cloudImageId, image)] : [];
      }),
    ),
  );
  if (others.length > 0) yield found.flat();
}

async function* scanEstate(
  db: Db,
  call: SimulatedCall,
  { cloudPlatform, cloudLocation }: CloudPlace,
  given: CallOptions,
  { account, pageSize: limit }: Options,
): AsyncGenerator<InventoryFact[]> {
  const place = { account, cloudPlatform, cloudLocation };
  let after = { kind: '', id: '' };
  for (;;) {
    const page = { after, limit };
    const rows = await call(place, given, () => fetchEstate(db, place, page));
    if (rows.length > 0) yield rows.map(toFact);
    const last = rows.at(-1);
    if (!last || rows.length < limit) return;
    after = last;
  }
}

async function* scanServers(
  db: Db,
  call: SimulatedCall,
  place: CloudPlace,
  given: CallOptions,
  { account, pageSize: limit }: Options,
): AsyncGenerator<FoundServer[]> {
  let after = '';
  for (;;) {
    const page = { ...place, account, after, limit };
    const rows = await call(place, given, () => listServersOfAccount(db, page));
    if (rows.length > 0)
      yield rows.map((row): FoundServer => {
        const { cloudServerId, cloudImageId, state } = toServer(row);
        const { tags } = row;
        return {
          kind: 'server',
          cloudServerId,
          cloudImageId,
          state,
          groupId: undefined,
          launchedAt: undefined,
          tags,
        };
      });
    if (rows.length < limit) return;
    after = rows.at(-1)?.token ?? '';
  }
}

/** JSON has no times, and leaves out what is undefined. */
function toFact(row: SimulatedEstateRow): InventoryFact {
  const fact = row.fact as EstateFact;
  const times = Object.entries(fact).flatMap(([member, value]) =>
    member.endsWith('At') ? [[member, new Date(String(value))] as const] : [],
  );
  return { ...fact, ...Object.fromEntries(times) };
}

/** An image of nobody in particular, which the cloud has because it has them all. */
function toPublicImage(
  cloudImageId: string,
  found: { name: string; is_ready: boolean; is_deprecated: boolean },
): FoundImage {
  return {
    kind: 'image',
    cloudImageId,
    name: found.name,
    architecture: 'x86_64',
    sizeGb: undefined,
    owner: 'simulated',
    createdAt: undefined,
    deprecatedAt: found.is_deprecated ? new Date(0) : undefined,
    state: found.is_ready ? 'available' : 'pending',
  };
}
