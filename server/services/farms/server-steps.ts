import { findFarmStatus } from '../../database/queries/farms/keeping.ts';
import {
  clearSetback,
  findSteppingServer,
  mayStillBeLaunched,
  noteCloudFacts,
  noteSetback,
  queueRemainsRemoval,
  resolveImage,
  type SteppingServer,
} from '../../database/queries/farms/server-steps.ts';
import { setServerStatus } from '../../database/queries/farms/server-writes.ts';
import { postponeJob, returnJob, settleJob } from '../../database/queries/records/outbox.ts';
import {
  isComingUp,
  planNextCall,
  planRefused,
  planSeenStatus,
  planServerCall,
  retryAfterMs,
  type SeenState,
  type ServerCall,
} from '../../domain/farms/server-steps.ts';
import type { FleetContext } from '../context.ts';

// What servers go through in their clouds: docs/domain.md, "What servers do".

export type { ServerCall };

/** A server as its cloud describes it. */
export interface SeenServer {
  state: SeenState;
  cloudServerId: string | undefined;
  publicIp: string | undefined;
  privateIp: string | undefined;
  /** Why it is so, in the cloud's words. */
  reason: string | undefined;
}

/** What to ask of the cloud of a server that is on its way. */
export function firstCall(server: SteppingServer): ServerCall {
  const call = planServerCall(server.status);
  if (call === undefined) throw new Error(`Server ${server.id} is at rest: ${server.status}`);
  return call;
}

/** What to ask next, now that the cloud has said where the server is; nothing while it is on its way. */
export function nextCall(server: SteppingServer, seen: SeenServer): ServerCall | undefined {
  return planNextCall(server.status, seen.state);
}

/** Resolves the image of a server that had none: the cloud is asked with the next attempt. */
export async function resolveServerImage(
  ctx: FleetContext,
  jobId: string,
  server: SteppingServer,
): Promise<void> {
  await resolveImage(ctx.tx, server.id);
  await returnJob(ctx.tx, jobId);
}

/**
 * Writes down what a cloud says of a server, and settles its job once it is at rest. Whoever wanted something
 * else of it meanwhile gets that with the next attempt.
 * @param asked the server as it was when the cloud was asked
 * @param againMs after how long to look again
 */
export async function noteSeenServer(
  ctx: FleetContext,
  jobId: string,
  asked: SteppingServer,
  seen: SeenServer,
  againMs: number,
): Promise<void> {
  const server = await findSteppingServer(ctx.tx, asked.id);
  if (!server) {
    await settleJob(ctx.tx, jobId, ctx.now);
    return;
  }
  await noteFacts(ctx, server, seen);
  if (server.status !== asked.status) {
    await returnJob(ctx.tx, jobId);
    return;
  }
  const ageMs = ctx.now.getTime() - server.launched_at.getTime();
  const mayStillCome =
    seen.state === 'absent' && (await mayStillBeLaunched(ctx.tx, jobId, ctx.now));
  const age = { ageMs, mayStillCome };
  const { status, isSettled } = planSeenStatus(server.status, seen.state, age);
  if (status !== server.status) await enter(ctx, server, status, { cloudWords: seen.reason });
  // It counts for nothing any more, and nobody would look for what is left of it.
  if (status === 'failed' && seen.state === 'failed') await queueRemainsRemoval(ctx.tx, server.id);
  if (isSettled) await settleJob(ctx.tx, jobId, ctx.now);
  else await returnJob(ctx.tx, jobId, againMs);
}

/** How long a server waits that has to end or sleep with its farm, and whose cloud refuses it for good. */
const refusedAgainMs = 3_600_000;

/** Writes down that the cloud refuses for good what was asked, in its words: the server is what it was, or failed. */
export async function noteRefusal(
  ctx: FleetContext,
  jobId: string,
  asked: SteppingServer,
  cloudWords: string,
): Promise<void> {
  const server = await findSteppingServer(ctx.tx, asked.id);
  if (server && server.status !== asked.status) {
    await returnJob(ctx.tx, jobId);
    return;
  }
  if (server) {
    const farmStatus = (await findFarmStatus(ctx.tx, server.farm_id)) ?? 'terminated';
    const status = planRefused(server.status, farmStatus);
    await enter(ctx, server, status, { reason: 'The cloud refused', cloudWords });
    if (status === server.status) {
      await postponeJob(ctx.tx, jobId, { ms: refusedAgainMs, error: cloudWords });
      return;
    }
  }
  await settleJob(ctx.tx, jobId, ctx.now, cloudWords);
}

/** Puts a server off whose cloud cannot do now what is asked, and says so on the farm where it holds up a launch. */
export async function noteDelay(
  ctx: FleetContext,
  jobId: string,
  asked: SteppingServer,
  cloudWords: string,
): Promise<void> {
  const server = await findSteppingServer(ctx.tx, asked.id);
  if (server?.status !== asked.status) {
    await returnJob(ctx.tx, jobId);
    return;
  }
  const setback = { at: ctx.now, reason: cloudWords, retryAfterMs };
  const failures = isComingUp(asked.status)
    ? await noteSetback(ctx.tx, asked.farm_role_id, setback)
    : 1;
  await postponeJob(ctx.tx, jobId, { ms: retryAfterMs(failures), error: cloudWords });
}

async function noteFacts(
  ctx: FleetContext,
  server: SteppingServer,
  seen: SeenServer,
): Promise<void> {
  const { cloudServerId } = seen;
  if (cloudServerId === undefined) return;
  const facts = {
    cloudServerId,
    publicIp: seen.publicIp ?? null,
    privateIp: seen.privateIp ?? null,
  };
  const isKnown =
    facts.cloudServerId === server.cloud_server_id &&
    facts.publicIp === server.public_ip &&
    facts.privateIp === server.private_ip;
  if (!isKnown) await noteCloudFacts(ctx.tx, server.id, facts);
}

const words = {
  pending_launch: 'Is to be launched',
  pending: 'The cloud is starting it',
  initializing: 'It is starting',
  running: 'It runs',
  resuming: 'Is to resume',
  pending_suspend: 'Is to be suspended',
  suspended: 'It is suspended',
  pending_terminate: 'Is to be terminated',
  terminated: 'It has ended in the cloud',
  failed: 'It did not come up',
} as const;

async function enter(
  ctx: FleetContext,
  server: SteppingServer,
  status: SteppingServer['status'],
  why: { reason?: string; cloudWords: string | undefined },
): Promise<void> {
  const { reason = words[status], cloudWords } = why;
  const { at, actor } = { at: ctx.now, actor: ctx.actor };
  await setServerStatus(ctx.tx, [server.id], status, { at, actor, reason, cloudWords });
  if (status === 'running' && isComingUp(server.status))
    await clearSetback(ctx.tx, server.farm_role_id);
  if (status === 'failed')
    await noteSetback(ctx.tx, server.farm_role_id, {
      at,
      reason: cloudWords ?? 'A server ended before it ran.',
      retryAfterMs,
    });
}
