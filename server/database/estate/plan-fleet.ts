import type { Insertable } from 'kysely';
import type { Database } from '../schema.ts';
import { createClock } from './deterministic.ts';
import { projectOf } from './billing.ts';
import { type FarmSpec, farms } from './farms.ts';
import { scopeColumns } from './organisation.ts';
import type { EstateRole } from './roles.ts';
import { type FarmRoleContext, planServers, type ServerRow } from './servers.ts';

export interface Fleet {
  farms: Insertable<Database['farms']>[];
  farmRoles: Insertable<Database['farm_roles']>[];
  servers: ServerRow[];
}

/** Farms, farm roles and servers; every farm role of a running farm is in balance. */
export function planFleet(now: Date, roles: EstateRole[], userIds: Map<string, number>): Fleet {
  const fleet: Fleet = { farms: [], farmRoles: [], servers: [] };
  farms.forEach((spec, index) => planFarm(now, fleet, spec, index + 1, roles, userIds));
  return fleet;
}

function planFarm(
  now: Date,
  fleet: Fleet,
  spec: FarmSpec,
  id: number,
  roles: EstateRole[],
  userIds: Map<string, number>,
): void {
  const ago = createClock(now);
  const tenant = tenantOf(spec);
  fleet.farms.push({
    id,
    ...tenant,
    name: spec.name,
    description: spec.description,
    owner_id: userIds.get(spec.owner) ?? missing(`user ${spec.owner}`),
    project_id: spec.scope.includes('/production') ? projectOf(tenant.account_id) : null,
    status: spec.habit === 'off' ? 'terminated' : 'running',
    added_at: ago(spec.launchedDaysAgo),
    launched_at: ago(spec.launchedDaysAgo),
  });
  spec.roles.forEach((text, launchIndex) => {
    const context = {
      ...readPlacement(text, spec, roles),
      id: fleet.farmRoles.length + 1,
      farmId: id,
      farm: spec,
      tenant,
    };
    const servers = planServers(now, context);
    fleet.servers.push(...servers);
    fleet.farmRoles.push(planFarmRole(now, spec, context, servers, launchIndex));
  });
}

function tenantOf(spec: FarmSpec): { account_id: number; environment_id: number } {
  const { account_id, environment_id } = scopeColumns(spec.scope);
  if (account_id === null || environment_id === null)
    throw new Error(`${spec.name} needs an environment.`);
  return { account_id, environment_id };
}

/** `role@place*servers`, or `role@gce/region*servers`. */
function readPlacement(text: string, spec: FarmSpec, roles: EstateRole[]) {
  const [, name, where = '', count] = /^(.+)@(.+)\*(\d+)$/.exec(text) ?? [];
  const role = roles.find((candidate) => candidate.spec.name === name) ?? missing(`role ${text}`);
  const [place = '', region = place] = where.split('/');
  const alone = spec.roles.filter((other) => other.startsWith(`${name}@`)).length === 1;
  return {
    role,
    place,
    location: region,
    alias: alone ? role.spec.name : `${role.spec.name}-${region}`,
    count: Number(count),
    /** A farm role cannot be older than its role. */
    addedDaysAgo: Math.min(spec.launchedDaysAgo, role.spec.daysAgo - 0.05),
  };
}

function planFarmRole(
  now: Date,
  spec: FarmSpec,
  context: FarmRoleContext,
  servers: ServerRow[],
  launchIndex: number,
): Fleet['farmRoles'][number] {
  const live = servers.filter(({ status }) => !isEnding(status)).length;
  const suspended = servers.filter(({ status }) => status === 'suspended').length;
  return {
    id: context.id,
    farm_id: context.farmId,
    ...context.tenant,
    role_id: context.role.id,
    alias: context.alias,
    cloud_platform: context.place === 'gce' ? 'gce' : 'ec2',
    cloud_location: context.location,
    instance_type: servers[0]?.instance_type ?? '',
    launch_index: launchIndex,
    // In balance whether suspended servers are counted or not, so that nothing moves by itself.
    min_servers: spec.habit === 'off' ? 0 : Math.ceil((live - suspended) * 0.75),
    max_servers: live + Math.max(1, Math.ceil(live / 4)),
    added_at: createClock(now)(context.addedDaysAgo),
  };
}

function isEnding(status: ServerRow['status']): boolean {
  return status === 'terminated' || status === 'pending_terminate';
}

function missing(what: string): never {
  throw new Error(`The estate lacks ${what}.`);
}
