import { createHash } from 'node:crypto';
import type { Db } from '../../database/connection/connection.ts';
import {
  findSimulatedServer,
  insertSimulatedServer,
  listSimulatedServers,
  noteSimulatedReboot,
  type SimulatedServerRow,
  type SimulatedStep,
  stepSimulatedServer,
} from '../../database/queries/simulated-cloud/servers.ts';
import { type CallOptions, CloudError } from '../call.ts';
import type {
  CloudServer,
  CloudServerRef,
  CloudServers,
  CloudServerState,
  ServerLaunch,
} from '../servers.ts';
import type { Befalls, SimulatedCall, SimulatedTimes } from './calls.ts';
import { findImage, noSuchImage } from './images.ts';

type Options = SimulatedTimes & { pageSize: number; account: string };

export function simulateServers(db: Db, call: SimulatedCall, options: Options): CloudServers {
  return {
    launch: (launch, given) =>
      call(launch, given, async (befalls) => {
        const known = await findSimulatedServer(db, launch);
        if (known) return toServer(known);
        await demandLaunchable(db, launch, befalls);
        const boot = bootOf(launch, befalls, options);
        const { account } = options;
        await insertSimulatedServer(db, { ...launch, ...madeUpFrom(launch), account, boot });
        const made = await findSimulatedServer(db, launch);
        if (!made) throw new Error('The server that was just started is not there.');
        return toServer(made);
      }),

    list: (of, given) => listPages(db, call, { ...of, pageSize: options.pageSize }, given),

    get: (server, given) =>
      call(server, given, async () => {
        const row = await findSimulatedServer(db, server);
        return row && toServer(row);
      }),

    reboot: (server, given) =>
      call(server, given, async () => {
        const row = await findSimulatedServer(db, server);
        if (row && !hasEnded(row.state) && !row.reboot_tokens.includes(server.rebootToken)) {
          if (row.state !== 'running') throw wrongState('rebooted', row.state);
          await noteSimulatedReboot(db, row.token, server.rebootToken);
        }
        return row === undefined || row.state === 'terminated' ? 'absent' : toServer(row);
      }),

    ...simulateSteps(db, call, options),
  };
}

/** What takes a server from one state to another. What had ended before is absent. */
function simulateSteps(
  db: Db,
  call: SimulatedCall,
  times: SimulatedTimes,
): Pick<CloudServers, 'terminate' | 'suspend' | 'resume'> {
  const step = (
    server: CloudServerRef,
    given: CallOptions,
    decide: (state: string) => SimulatedStep | undefined,
  ): Promise<CloudServer | 'absent'> =>
    call(server, given, async () => {
      let hadEnded = true;
      const row = await stepSimulatedServer(db, server, ({ state }) => {
        hadEnded = state === 'terminated';
        return decide(state);
      });
      return row === undefined || hadEnded ? 'absent' : toServer(row);
    });
  return {
    terminate: (server, given) =>
      step(server, given, (state) =>
        hasEnded(state)
          ? undefined
          : inTime('terminating', 'terminated', server.isForced ? 0 : times.terminateMs),
      ),

    suspend: (server, given) =>
      step(server, given, (state) => {
        if (hasEnded(state) || state === 'suspending' || state === 'suspended') return undefined;
        if (state !== 'running') throw wrongState('suspended', state);
        return inTime('suspending', 'suspended', times.suspendMs);
      }),

    resume: (server, given) =>
      step(server, given, (state) => {
        if (hasEnded(state) || state === 'resuming' || state === 'running') return undefined;
        if (state !== 'suspended') throw wrongState('resumed', state);
        return inTime('resuming', 'running', times.resumeMs);
      }),
  };
}

async function* listPages(
  db: Db,
  call: SimulatedCall,
  of: Parameters<CloudServers['list']>[0] & { pageSize: number },
  given: Parameters<CloudServers['list']>[1],
): AsyncGenerator<readonly CloudServer[]> {
  let after = '';
  for (;;) {
    const page = { ...of, after, limit: of.pageSize };
    const rows = await call(of, given, () => listSimulatedServers(db, page));
    if (rows.length > 0) yield rows.map(toServer);
    if (rows.length < of.pageSize) return;
    after = rows.at(-1)?.token ?? '';
  }
}

/** @throws CloudError when no server can be started like this */
async function demandLaunchable(db: Db, launch: ServerLaunch, befalls: Befalls): Promise<void> {
  const image = await findImage(db, launch, befalls);
  if (!image) throw noSuchImage(launch);
  if (!image.is_ready)
    throw new CloudError(`Unavailable: the image ${launch.cloudImageId} is still being made.`, {
      willPass: true,
    });
  if (befalls('no-capacity'))
    throw new CloudError(
      `InsufficientInstanceCapacity: there is no room for ${launch.instanceType || 'a server'} in ${launch.cloudLocation} now.`,
      { willPass: true },
    );
}

function bootOf({ token }: ServerLaunch, befalls: Befalls, { bootMs }: Options): SimulatedStep {
  // The same for every attempt, from three quarters to five.
  const afterMs = bootMs * (0.75 + numberFrom(token, 22) / 2 ** 25);
  if (!befalls('failing-servers')) return { state: 'pending', next: { state: 'running', afterMs } };
  const reason = 'InternalError: the server ended while it was starting.';
  return { state: 'pending', next: { state: 'failed', afterMs, reason } };
}

function inTime(state: string, next: string, afterMs: number): SimulatedStep {
  return { state, next: { state: next, afterMs } };
}

/** It may be in a better state soon, unless it failed. */
function wrongState(wish: string, state: string): CloudError {
  return new CloudError(`IncorrectInstanceState: a server that is ${state} cannot be ${wish}.`, {
    willPass: state !== 'failed' && state !== 'suspended',
  });
}

function hasEnded(state: string): boolean {
  return state === 'terminating' || state === 'terminated';
}

/** It has addresses once it runs; the public one only while it does. */
export function toServer(row: SimulatedServerRow): CloudServer {
  const { token, state, reason, public_ip, private_ip } = row;
  const isUp = state === 'running' || state === 'suspending' || state === 'terminating';
  const isThere = isUp || state === 'suspended' || state === 'resuming';
  return {
    token,
    cloudPlatform: row.cloud_platform,
    cloudLocation: row.cloud_location,
    cloudServerId: row.cloud_server_id,
    cloudImageId: row.cloud_image_id ?? undefined,
    state: state as CloudServerState,
    reason: state === 'failed' ? (reason ?? undefined) : undefined,
    publicIps: isUp && public_ip !== null ? [public_ip] : [],
    privateIps: isThere && private_ip !== null ? [private_ip] : [],
  };
}

/** An id and addresses of its token; public ones are from a range that leads nowhere (RFC 5737). */
function madeUpFrom({ token, cloudPlatform }: ServerLaunch) {
  const outer = numberFrom(token, 0);
  const inner = numberFrom(token, 16);
  return {
    cloudServerId: `${cloudPlatform === 'ec2' ? 'i-0' : ''}${hashOf(token).slice(0, 16)}`,
    publicIp: `203.0.113.${1 + (outer % 254)}`,
    privateIp: `10.${inner >> 16}.${(inner >> 8) & 255}.${inner & 255}`,
  };
}

function hashOf(token: string): string {
  return createHash('md5').update(token).digest('hex');
}

/** 24 bits of the hash of a token. */
function numberFrom(token: string, at: number): number {
  return Number.parseInt(hashOf(token).slice(at, at + 6), 16);
}
