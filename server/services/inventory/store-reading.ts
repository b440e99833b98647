import type { Db } from '../../database/connection/connection.ts';
import type { InventoryPlace } from '../../database/queries/inventory/inventory-place.ts';
import {
  type ImageToStore,
  type Reading,
  storeReading,
} from '../../database/queries/inventory/readings.ts';
import {
  findReferences,
  type FoundReference,
  type ReferringFact,
} from '../../domain/inventory/inventory.ts';
import type { ObservableGroup, ObservableServer } from '../../domain/inventory/observed-farms.ts';
import { observeFarms } from './observe-farms.ts';

/** An image as the cloud port has it. */
interface FoundImage {
  kind: 'image';
  cloudImageId: string;
  name: string;
  architecture: string | undefined;
  sizeGb: number | undefined;
  owner: string;
  createdAt: Date | undefined;
  deprecatedAt: Date | undefined;
  state: 'available' | 'pending' | 'disabled' | 'failed';
}

interface UnreadPart {
  kind: 'unread';
  part: string;
  words: string;
}

type StoredFact =
  | Exclude<ReferringFact, { kind: 'server' | 'group' }>
  | ObservableServer
  | ObservableGroup
  | FoundImage
  | UnreadPart;

/**
 * Keeps what was read at one place: docs/domain.md, "Inventory".
 * @param startedAt when the reading began; what came later it may have missed
 * @returns how many facts were written
 */
export async function keepReading(
  db: Db,
  place: InventoryPlace,
  facts: readonly StoredFact[],
  took: { startedAt: Date; tookMs: number },
): Promise<number> {
  const reading = toReading(facts);
  const written = await storeReading(db, place, { ...reading, ...took });
  const observable = facts.filter((fact) => fact.kind !== 'unread');
  const unread = reading.unread.map(({ part }) => part);
  return written + (await observeFarms(db, place, observable, unread));
}

function toReading(facts: readonly StoredFact[]): Reading {
  const unread = facts.filter((fact) => fact.kind === 'unread');
  // A cloud may show one that is shared among its own and among those in use.
  const byId = new Map(
    facts.flatMap((fact) => (fact.kind === 'image' ? [[fact.cloudImageId, toRow(fact)]] : [])),
  );
  const images = [...byId.values()];
  const referring = facts.filter(
    (fact): fact is Exclude<StoredFact, FoundImage | UnreadPart> =>
      fact.kind !== 'image' && fact.kind !== 'unread',
  );
  const references = findReferences(referring);
  return {
    images: [...images, ...missingOf(references, images)],
    references: references.map(({ cloudImageId, ...reference }) => ({
      ...reference,
      cloud_image_id: cloudImageId,
    })),
    unread: unread.map(({ part, words }) => ({ part, words })),
    keptKinds: unread.map(({ part }) => part.replace(/s$/, '')),
    keepsImages: unread.some(({ part }) => part === 'images'),
  };
}

/** What something refers to and the cloud does not show, such as an image that was deleted under its servers. */
function missingOf(references: readonly FoundReference[], images: readonly ImageToStore[]) {
  const found = new Set(images.map((image) => image.cloud_image_id));
  const referred = new Set(references.map(({ cloudImageId }) => cloudImageId));
  return [...referred].filter((id) => id !== '' && !found.has(id)).map(toMissing);
}

function toMissing(cloudImageId: string): ImageToStore {
  return {
    cloud_image_id: cloudImageId,
    name: '',
    architecture: null,
    size_gb: null,
    owner: '',
    state: 'missing',
    created_at: null,
    deprecated_at: null,
  };
}

function toRow(image: FoundImage): ImageToStore {
  return {
    cloud_image_id: image.cloudImageId,
    name: image.name,
    architecture: image.architecture ?? null,
    size_gb: image.sizeGb ?? null,
    owner: image.owner,
    state: image.state,
    created_at: image.createdAt?.toISOString() ?? null,
    deprecated_at: image.deprecatedAt?.toISOString() ?? null,
  };
}
