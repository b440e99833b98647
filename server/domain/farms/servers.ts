import type { Farm } from '#contract/farms/farms.ts';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import { type CredentialsInUse, findRightRefusal } from '../credentials/cloud-credentials.ts';
import { findObservedRefusal, type PerhapsObserved } from '../inventory/observed-refusal.ts';
import type { Refusal } from '../refusal.ts';

export type ServerVerb = 'reboot' | 'suspend' | 'resume' | 'terminate';

/**
 * State x verb: what a server becomes. What is not here cannot be done in that state
 * (docs/domain.md, "What servers do").
 */
const steps: Record<ServerVerb, Partial<Record<ServerStatus, ServerStatus>>> = {
  reboot: {
    pending: 'pending',
    initializing: 'initializing',
    running: 'running',
    resuming: 'resuming',
  },
  suspend: { running: 'pending_suspend' },
  resume: { suspended: 'resuming' },
  terminate: {
    pending_launch: 'pending_terminate',
    pending: 'pending_terminate',
    initializing: 'pending_terminate',
    running: 'pending_terminate',
    resuming: 'pending_terminate',
    pending_suspend: 'pending_terminate',
    suspended: 'pending_terminate',
  },
};

/** What the rules need to know of a server, its image and its role. */
export interface ServerFacts extends Partial<CredentialsInUse>, PerhapsObserved {
  id: string;
  status: ServerStatus;
  /** None for one that waits to be launched and has none yet. */
  image_id: string | null;
  farm_status: Farm['status'];
  cloud_platform: string;
  /** The type of the image it was started from; EC2 images have one. */
  image_type: string | null;
  builtin_automation: readonly string[];
}

const stateful = ['mysql', 'percona', 'mariadb', 'postgresql', 'mongodb', 'redis', 'rabbitmq'];
const withoutForce = ['openstack', 'cloudstack', 'idcf', 'rackspacengus', 'rackspacenguk'];

/** The state that a server gets, or the first rule against it. */
export function planServerStep(
  server: ServerFacts,
  verb: ServerVerb,
  options: { force?: boolean } = {},
): { to: ServerStatus } | Refusal {
  const observed = findObservedRefusal(server);
  if (observed) return observed;
  if (verb === 'reboot' && server.cloud_platform === 'azure')
    return { code: 'NotImplemented', reason: 'Servers on azure cannot be rebooted from here.' };
  if (
    verb === 'terminate' &&
    options.force === true &&
    withoutForce.includes(server.cloud_platform)
  )
    return {
      code: 'InvalidValue',
      field: 'force',
      reason: `Servers on ${server.cloud_platform} cannot be terminated by force. Leave force out.`,
    };
  const unfit = verb === 'suspend' ? findSuspendRefusal(server) : undefined;
  if (unfit) return unfit;
  if (verb === 'resume' && server.farm_status !== 'running')
    return {
      code: 'UnacceptableState',
      reason: `The farm of server ${server.id} is ${server.farm_status}. Resume the farm, and the server with it.`,
    };
  if (verb === 'terminate' && isCalledOff(server)) return { to: 'terminated' };
  const forbidden = findStepRightRefusal(server, verb);
  if (forbidden) return forbidden;
  const to = steps[verb][server.status];
  if (to) return { to };
  const able = Object.keys(steps[verb]).join(', ');
  return {
    code: 'UnacceptableState',
    reason: `Server ${server.id} is ${server.status}: to ${verb} it, it must be ${able}.`,
  };
}

const rightFor = {
  reboot: 'launchServers',
  resume: 'launchServers',
  suspend: 'terminateServers',
  terminate: 'terminateServers',
} as const;

/** Why the credentials that a server was launched with do not let Slipway do something to it. */
export function findStepRightRefusal(server: ServerFacts, verb: ServerVerb): Refusal | undefined {
  return findRightRefusal(server, rightFor[verb]);
}

/** What has no image yet was never asked of a cloud: it ends at once. */
export function isCalledOff(server: Pick<ServerFacts, 'status' | 'image_id'>): boolean {
  return server.status === 'pending_launch' && server.image_id === null;
}

/** Why a server can never be suspended, whatever its state: its disk or its cluster would not bear it. */
export function findSuspendRefusal(server: ServerFacts): Refusal | undefined {
  if (server.image_type?.startsWith('instance-store'))
    return {
      code: 'ConfigurationMismatch',
      reason: `Server ${server.id} runs from an instance store, which a suspended server would lose.`,
    };
  const automated = server.builtin_automation.find((one) => stateful.includes(one));
  if (automated === undefined) return undefined;
  return {
    code: 'ConfigurationMismatch',
    reason: `Server ${server.id} is part of a ${automated} set-up, which cannot be suspended.`,
  };
}
