import type { Db } from '../../../database/connection/connection.ts';
import {
  deleteEstate,
  type SimulatedEstatePlace,
  upsertEstate,
} from '../../../database/queries/simulated-cloud/estate.ts';
import {
  fetchEstateOfKind,
  refreshKind,
} from '../../../database/queries/simulated-cloud/groups.ts';
import type { CloudRefreshState } from '../../groups.ts';
import type { BootSource, FoundServer } from '../../inventory.ts';
import { type EstateFact, toEstateRow } from '../invented-estate.ts';

/** Where something is done, within a transaction that has the group for itself. */
export interface InGroup {
  tx: Db;
  place: SimulatedEstatePlace;
}

/** As the estate keeps it: times are text. */
export type KeptServer = Omit<FoundServer, 'launchedAt'> & {
  launchedAt?: string;
  /** When it will run, if it does not yet. */
  upAt?: string;
};

/** An exchange of the servers of a group. */
export interface SimulatedRefresh {
  kind: typeof refreshKind;
  refreshId: string;
  groupId: string;
  templateId: string;
  cloudImageId: string;
  state: CloudRefreshState;
  /** What becomes of it, while it is `ending`. */
  endsAs?: CloudRefreshState;
  words?: string;
  begunAt: string;
  /** What the group starts servers from once it has ended well. */
  boots: readonly BootSource[];
  isReversible: boolean;
  atOnce: number;
  /** Servers that are still to go. */
  left: string[];
  /** Those that have gone, with what came in their place and what they ran. */
  exchanged: { to: string; image: string | undefined }[];
  all: number;
}

export async function fetchMembers(of: InGroup, groupId: string): Promise<KeptServer[]> {
  return fetchEstateOfKind<KeptServer>(of.tx, of.place, { kind: 'server', groupId });
}

export async function fetchRefreshes(of: InGroup, groupId: string): Promise<SimulatedRefresh[]> {
  return fetchEstateOfKind<SimulatedRefresh>(of.tx, of.place, { kind: refreshKind, groupId });
}

/** Keeps something in the place of what has its id. */
export async function keep({ tx, place }: InGroup, fact: EstateFact): Promise<void> {
  await upsertEstate(tx, place, toEstateRow(place.cloudLocation, fact));
}

export async function keepServer(of: InGroup, server: KeptServer): Promise<void> {
  const { tx, place } = of;
  const row = { cloud_location: place.cloudLocation, kind: 'server', id: server.cloudServerId };
  await upsertEstate(tx, place, { ...row, fact: server });
}

export async function dropServer({ tx, place }: InGroup, cloudServerId: string): Promise<void> {
  await deleteEstate(tx, place, 'server', cloudServerId);
}

export async function keepRefresh(
  { tx, place }: InGroup,
  refresh: SimulatedRefresh,
): Promise<void> {
  const { cloudLocation } = place;
  const row = { cloud_location: cloudLocation, kind: refreshKind, id: refresh.refreshId };
  await upsertEstate(tx, place, { ...row, fact: refresh });
}
