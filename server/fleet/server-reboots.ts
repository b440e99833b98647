import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import {
  findServerInCloud,
  serverRebootKind,
  type SteppingServer,
} from '../database/queries/farms/server-steps.ts';
import { noteServerEvents } from '../database/queries/farms/server-writes.ts';
import { settleJob } from '../database/queries/records/outbox.ts';
import { performFleetStep } from '../fleet-step.ts';
import type { FleetContext } from '../services/context.ts';
import type { Effect } from './effects.ts';
import { toRef } from './server-steps.ts';

const actor = 'system:server-reboots';

interface Reboot {
  server: SteppingServer;
  isHard: boolean;
}

/** Reboots servers in their clouds. */
export function serverReboots(cloudOf: CloudOf): Effect<Reboot, FleetContext> {
  return {
    kind: serverRebootKind,
    find: async (db, payload) => {
      const { serverId, hard } = payload as { serverId: string; hard: boolean };
      const server = await findServerInCloud(db, serverId);
      return server && { server, isHard: hard };
    },
    commit: (db, { server }, work) => performFleetStep(db, { actor, farmId: server.farm_id }, work),
    ask: async ({ server, isHard }, { token, signal, lane }) => {
      const wanted = { ...toRef(server), isHard, rebootToken: token };
      const found = await demandCapability(await cloudOf(lane), 'servers').reboot(wanted, {
        signal,
      });
      const reason =
        found === 'absent' ? 'The cloud does not know it' : 'The cloud has rebooted it';
      return (ctx, jobId) => end(ctx, jobId, server, { reason });
    },
    fail: (ctx, jobId, { server }, cloudWords) =>
      end(ctx, jobId, server, { reason: 'The cloud refused to reboot it', cloudWords }),
  };
}

async function end(
  ctx: FleetContext,
  jobId: string,
  server: SteppingServer,
  said: { reason: string; cloudWords?: string },
): Promise<void> {
  await noteServerEvents(ctx.tx, [server.id], { at: ctx.now, actor: ctx.actor, ...said });
  await settleJob(ctx.tx, jobId, ctx.now, said.cloudWords);
}
