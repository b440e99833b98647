import { z } from 'zod';
import type { CloudOf } from '../cloud/clouds.ts';
import { RightIsOffError } from '../cloud/guard.ts';
import { demandCapability } from '../cloud/port.ts';
import type { CloudServerRef, CloudServers } from '../cloud/servers.ts';
import { mayRemovedStillCome, serverRemovalKind } from '../database/queries/farms/server-steps.ts';
import { returnJob, settleJob } from '../database/queries/records/outbox.ts';
import type { Tx } from '../services/context.ts';
import type { Effect } from './effects.ts';

const removalSchema = z.object({
  serverId: z.string(),
  cloudPlatform: z.string(),
  cloudLocation: z.string(),
  cloudServerId: z.string().nullable(),
});
type Removal = z.output<typeof removalSchema>;

/** After how long a cloud is asked again for a server that may still come. */
const againMs = 2_000;

/** Ends in their clouds the servers whose rows have gone with their farm role. */
export function serverRemovals(cloudOf: CloudOf): Effect<Removal, { tx: Tx }> {
  return {
    kind: serverRemovalKind,
    find: async (_db, payload) => removalSchema.parse(payload),
    commit: (db, _removal, work) => db.transaction().execute(async (tx) => work({ tx })),
    ask: async (removal, { signal, lane }) => {
      const { serverId: token, cloudServerId, ...place } = removal;
      const ref = { ...place, token, cloudServerId: cloudServerId ?? undefined };
      const servers = demandCapability(await cloudOf(lane), 'servers');
      const found = await terminate(servers, ref, signal);
      if (found === 'not allowed') return { unfinishedMs: rightComesMs };
      if (found !== 'absent' && found.state !== 'terminated') return 'unfinished';
      return async ({ tx }, jobId) => {
        // A launch may have been under way when its row went.
        if (await mayRemovedStillCome(tx, jobId)) await returnJob(tx, jobId, againMs);
        else await settle(tx, jobId);
      };
    },
    fail: ({ tx }, jobId, _removal, reason) => settle(tx, jobId, reason),
  };
}

/** Nothing else remembers the server: it waits until the right to end it is turned on. */
const rightComesMs = 60_000;

async function terminate(servers: CloudServers, ref: CloudServerRef, signal: AbortSignal) {
  try {
    return await servers.terminate(ref, { signal });
  } catch (error) {
    if (error instanceof RightIsOffError) return 'not allowed';
    throw error;
  }
}

async function settle(tx: Tx, jobId: string, reason?: string): Promise<void> {
  await settleJob(tx, jobId, new Date(), reason);
}
