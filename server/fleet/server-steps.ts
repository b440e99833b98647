import { CloudError } from '../cloud/call.ts';
import type { CloudOf } from '../cloud/clouds.ts';
import { demandCapability } from '../cloud/port.ts';
import type { CloudServer, CloudServerRef, CloudServers } from '../cloud/servers.ts';
import type { Db } from '../database/connection/connection.ts';
import {
  findSteppingServer,
  serverStepKind,
  type SteppingServer,
} from '../database/queries/farms/server-steps.ts';
import { performFleetStep } from '../fleet-step.ts';
import type { FleetContext } from '../services/context.ts';
import {
  firstCall,
  nextCall,
  noteDelay,
  noteRefusal,
  noteSeenServer,
  resolveServerImage,
  type SeenServer,
  type ServerCall,
} from '../services/farms/server-steps.ts';
import type { Effect } from './effects.ts';

const actor = 'system:server-steps';

/** Brings servers on in their clouds: docs/domain.md, "What servers do". */
export function serverSteps(
  cloudOf: CloudOf,
  { againMs = 2_000 } = {},
): Effect<SteppingServer, FleetContext> {
  return {
    kind: serverStepKind,
    find: (db, payload) => findSteppingServer(db, (payload as { serverId: string }).serverId),
    commit: (db: Db, server, work) => performFleetStep(db, { actor, farmId: server.farm_id }, work),
    ask: async (server, { signal, lane }) => {
      if (server.cloud_image_id === null && server.status === 'pending_launch')
        return (ctx, jobId) => resolveServerImage(ctx, jobId, server);
      try {
        const seen = await advance(
          demandCapability(await cloudOf(lane), 'servers'),
          server,
          signal,
        );
        return (ctx, jobId) => noteSeenServer(ctx, jobId, server, seen, againMs);
      } catch (error) {
        if (!(error instanceof CloudError) || !error.willPass || error.isThrottled) throw error;
        return (ctx, jobId) => noteDelay(ctx, jobId, server, error.message);
      }
    },
    fail: (ctx, jobId, server, words) => noteRefusal(ctx, jobId, server, words),
  };
}

/** Asks the cloud for the next step of a server, and what has become of it. */
async function advance(
  servers: CloudServers,
  server: SteppingServer,
  signal: AbortSignal,
): Promise<SeenServer> {
  const seen = toSeen(await call(servers, server, firstCall(server), signal));
  const next = nextCall(server, seen);
  return next === undefined ? seen : toSeen(await call(servers, server, next, signal));
}

async function call(
  servers: CloudServers,
  server: SteppingServer,
  verb: ServerCall,
  signal: AbortSignal,
): Promise<CloudServer | 'absent' | undefined> {
  if (verb !== 'launch') return servers[verb](toRef(server), { signal });
  const { hostname, instance_type: instanceType } = server;
  const cloudImageId = server.cloud_image_id ?? '';
  const tags = { 'slipway-server': server.id, 'slipway-farm': String(server.farm_id) };
  const launch = { ...toRef(server), cloudImageId, instanceType, hostname, tags };
  return servers.launch(launch, { signal });
}

/** The server's own id is the token of everything that is asked about it. */
export function toRef(server: SteppingServer): CloudServerRef {
  return {
    token: server.id,
    cloudServerId: server.cloud_server_id ?? undefined,
    cloudPlatform: server.cloud_platform,
    cloudLocation: server.cloud_location,
  };
}

function toSeen(found: CloudServer | 'absent' | undefined): SeenServer {
  if (found === undefined || found === 'absent')
    return {
      state: 'absent',
      cloudServerId: undefined,
      publicIp: undefined,
      privateIp: undefined,
      reason: 'The cloud does not know it.',
    };
  return {
    state: found.state,
    cloudServerId: found.cloudServerId,
    publicIp: found.publicIps[0],
    privateIp: found.privateIps[0],
    reason: found.reason,
  };
}
