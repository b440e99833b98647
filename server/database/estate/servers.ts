import type { Insertable } from 'kysely';
import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { Database } from '../schema.ts';
import {
  createClock,
  daysBetween,
  stableHex,
  stableInteger,
  stableNumber,
  stableUuid,
} from './deterministic.ts';
import type { FarmSpec } from './farms.ts';
import { type EstateRole, imageAt } from './roles.ts';

export type ServerRow = Insertable<Database['servers']> & { launched_at: Date };

/** A farm role in the making: what its servers need to know. */
export interface FarmRoleContext {
  id: number;
  farmId: number;
  farm: FarmSpec;
  tenant: { account_id: number; environment_id: number };
  role: EstateRole;
  place: string;
  location: string;
  alias: string;
  count: number;
  addedDaysAgo: number;
}

/** One server in nine of a large farm role is in one of these states, in turn. */
const otherStates: ServerStatus[] = [
  'suspended',
  'terminated',
  'initializing',
  'terminated',
  'pending_terminate',
  'pending_launch',
  'pending',
  'resuming',
];

/** What is deleted no live server may run on: none of the living is older than this many days. */
const oldestLiveDays = 64;

/**
 * The servers of one farm role, each with the image that its role had when it was launched; after them those in whose
 * place some were launched, since their role had another image by then.
 */
export function planServers(now: Date, context: FarmRoleContext): ServerRow[] {
  const servers = Array.from({ length: context.count }, (_, index) =>
    planServer(now, context, index + 1),
  );
  return [...servers, ...servers.flatMap((server) => planPredecessor(now, context, server))];
}

/** So far back go the servers that others took the place of. */
const rememberedDays = 30;

function planPredecessor(now: Date, context: FarmRoleContext, server: ServerRow): ServerRow[] {
  const { role, place } = context;
  const endedDaysAgo = daysBetween(server.launched_at, now);
  const change = role.timeline.get(place)?.findLast(({ daysAgo }) => daysAgo >= endedDaysAgo);
  if (server.status !== 'running' || change === undefined || change.daysAgo > rememberedDays)
    return [];
  const key = `server before ${server.id}`;
  const daysAgo = change.daysAgo + stableNumber(key, 0.5, 8);
  if (daysAgo > context.addedDaysAgo) return [];
  return [
    {
      ...server,
      id: stableUuid(key),
      image_id: imageAt(role, place, daysAgo).row.id,
      cloud_server_id: cloudServerId(key, place),
      public_ip: null,
      private_ip: null,
      status: 'terminated',
      launch_reason: 'Scaling up',
      launched_by: null,
      launched_at: createClock(now)(daysAgo),
      terminated_at: server.launched_at,
    },
  ];
}

function planServer(now: Date, context: FarmRoleContext, index: number): ServerRow {
  const { role, place, location, farm } = context;
  const key = `server ${farm.scope} ${farm.name} ${context.alias} ${index}`;
  const status = statusOf(context, index);
  const daysAgo = launchedDaysAgo(context, key, status);
  const inCloud = status !== 'pending_launch';
  const image = inCloud ? imageAt(role, place, daysAgo) : null;
  const hasAddress = inCloud && status !== 'terminated' && status !== 'pending';
  const byHand = stableInteger(`${key} reason`, 0, 12) === 0;
  return {
    id: stableUuid(key),
    farm_id: context.farmId,
    farm_role_id: context.id,
    ...context.tenant,
    image_id: image?.row.id ?? null,
    cloud_platform: place === 'gce' ? 'gce' : 'ec2',
    cloud_location: location,
    cloud_server_id: inCloud ? cloudServerId(key, place) : null,
    instance_type: instanceType(role, place),
    hostname: inCloud ? `${context.alias}-${index}.${farm.name}.example.internal` : '',
    public_ip: hasAddress && role.row.category_id === loadBalancers ? publicAddress(key) : null,
    private_ip: hasAddress ? privateAddress(context, index) : null,
    server_index: index,
    status,
    launch_reason: byHand
      ? 'Launched by hand'
      : daysAgo > context.addedDaysAgo - 1
        ? 'Farm launched'
        : 'Scaling up',
    launched_by: byHand ? farm.owner : null,
    launched_at: createClock(now)(daysAgo),
    terminated_at: status === 'terminated' ? createClock(now)(daysAgo * 0.3) : null,
  };
}

const loadBalancers = 4;

function statusOf({ farm, id, count }: FarmRoleContext, index: number): ServerStatus {
  if (farm.habit === 'off') return 'terminated';
  const odd = count >= 6 && index % 9 === 6;
  return (odd && otherStates[(id + Math.floor(index / 9)) % otherStates.length]) || 'running';
}

/** When it was launched, by the habit of the farm's owner. What is under way began minutes ago. */
function launchedDaysAgo(context: FarmRoleContext, key: string, status: ServerStatus): number {
  const oldest = Math.min(context.addedDaysAgo, status === 'terminated' ? 90 : oldestLiveDays);
  if (['initializing', 'pending_launch', 'pending'].includes(status)) {
    return stableNumber(key, 0.001, 0.004);
  }
  const { habit } = context.farm;
  const fresh =
    habit === 'fresh' || (habit === 'mixed' && stableInteger(`${key} habit`, 0, 2) === 0);
  return fresh
    ? stableNumber(key, 0.02, Math.min(7, oldest))
    : stableNumber(key, oldest * (habit === 'mixed' ? 0.2 : 0.6), oldest);
}

function cloudServerId(key: string, place: string): string {
  return place === 'gce'
    ? String(stableInteger(`${key} cloud`, 10 ** 14, 9 * 10 ** 14)).padEnd(19, '7')
    : `i-0${stableHex(`${key} cloud`, 16)}`;
}

function instanceType(role: EstateRole, place: string): string {
  const arm = role.spec.architecture === 'aarch64';
  if (place === 'gce') return arm ? 't2a-standard-2' : 'e2-standard-4';
  if (role.row.category_id === 2) return arm ? 'r7g.large' : 'r6i.large';
  return arm ? 'm7g.large' : 'm6i.large';
}

/** From the block that is set aside for examples: no packet ever finds it. */
function publicAddress(key: string): string {
  return `203.0.113.${stableInteger(`${key} public`, 1, 255)}`;
}

function privateAddress({ tenant, id }: FarmRoleContext, index: number): string {
  return `10.${tenant.environment_id}.${id}.${index + 9}`;
}
