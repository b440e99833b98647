import { setTimeout as sleep } from 'node:timers/promises';
import { tellWebhook, type WebhookSettings } from '../../contact/webhook.ts';
import { type Db, sealOf } from '../../database/connection/connection.ts';
import { fetchHeads, findHeadProblems, type Heads } from '../../database/records/heads.ts';
import {
  appendToHeadsFile,
  type Noted,
  shortenHeadsFile,
  toSealedLine,
} from '../../database/records/heads-file.ts';

interface Options {
  /** Where to note them; undefined where no file is kept. */
  file: string | undefined;
  /** Who is told of them. */
  webhook: WebhookSettings | undefined;
  everyMs?: number;
  onError: (error: unknown) => void;
}

const usualEveryMs = 5_000;
const webhookMs = 10_000;

/** Somewhere outside of the database where heads go; it knows what it was told last. */
interface Place {
  told: Heads;
  tell(heads: Heads): Promise<void>;
}

/**
 * Notes outside of the database where its chains stand, every few seconds while they move and once more at the end:
 * whoever takes entries off a chain, or empties it, is found out by what was noted. Nothing waits for it. Does nothing
 * without a key for secrets, since anybody could write what nobody seals.
 */
export function startNotingHeads(
  db: Db,
  { file, webhook, everyMs = usualEveryMs, onError }: Options,
): { stop(): Promise<void> } {
  const seal = sealOf(db);
  const places: Place[] = [];
  const line = (heads: Heads) => ({ kind: 'heads' as const, at: new Date().toISOString(), heads });
  if (seal && file !== undefined)
    places.push({ told: {}, tell: (heads) => appendToHeadsFile(file, seal, line(heads)) });
  if (seal && webhook)
    places.push({
      told: {},
      tell: (heads) => {
        const event = { type: 'records.heads', ...toSealedLine(seal, line(heads)) };
        return tellWebhook(webhook, event, AbortSignal.timeout(webhookMs));
      },
    });
  if (places.length === 0) return { stop: async () => undefined };
  let isLong = true;
  const note = async (): Promise<void> => {
    if (isLong && seal && file !== undefined) await shortenHeadsFile(file, seal, fitsIn(db));
    isLong = false;
    const heads = await fetchHeads(db);
    for (const place of places) await tellMoved(place, heads);
  };
  return repeat(note, everyMs, onError);
}

const fitsIn =
  (db: Db) =>
  async ({ heads, problems }: Noted): Promise<boolean> =>
    problems.length === 0 && (await findHeadProblems(db, heads)).length === 0;

/** Tells a place of the chains that have moved since. */
async function tellMoved(place: Place, heads: Heads): Promise<void> {
  const moved = Object.entries(heads).filter(([chain, [revision, hash]]) => {
    const told = place.told[chain];
    return told?.[0] !== revision || told[1] !== hash;
  });
  if (moved.length === 0) return;
  await place.tell(Object.fromEntries(moved));
  place.told = heads;
}

/** Again and again, and once more when it is stopped. */
function repeat(
  work: () => Promise<void>,
  everyMs: number,
  onError: (error: unknown) => void,
): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work().catch(onError);
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
    await work().catch(onError);
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
