import type { ServerStatus } from '#contract/farms/statuses.ts';
import { findLockRefusal, type FarmFacts } from '../farms/farms.ts';
import { freeIndexes } from '../farms/launches.ts';
import type { Refusal } from '../refusal.ts';
import type { Observer } from './observed-refusal.ts';

/** A server that somebody wants in a farm of Slipway's own. */
export interface ImportableServer {
  id: string;
  status: ServerStatus;
  cloud_platform: string;
  cloud_location: string;
  farm_name: string;
  observed: Observer | null;
  image_cloud_id: string | null;
  /** Its image is not in the catalogue. */
  image_found: boolean;
}

/** The farm role that it is to enter. */
export interface ImportingFarmRole {
  alias: string;
  cloud_platform: string;
  cloud_location: string;
  max_servers: number;
  /** The numbers of its servers that have not ended. */
  indexes: readonly number[];
  live: number;
}

const mostServers = 400;

/**
 * The number that a server gets in a farm role, and a new maximum where there is no room, or the first rule against
 * taking it in: docs/domain.md, "Taking servers in".
 */
export function planServerImport(
  server: ImportableServer,
  farm: FarmFacts,
  farmRole: ImportingFarmRole,
): { index: number; raiseMaxTo?: number } | Refusal {
  const shut = findLockRefusal(farm, 'changed');
  if (shut) return shut;
  if (farm.status !== 'running')
    return {
      code: 'UnacceptableState',
      reason: `Farm "${farm.name}" is ${farm.status}, so no server can be taken into it. Launch the farm first.`,
    };
  const unfit = findImportRefusal(server, farmRole);
  if (unfit) return unfit;
  if (farmRole.live >= mostServers)
    return {
      code: 'UnacceptableState',
      reason: `Farm role "${farmRole.alias}" has ${farmRole.live} servers; ${mostServers} is the most it can have.`,
    };
  const [index = 1] = freeIndexes(farmRole.indexes, 1);
  return farmRole.live >= farmRole.max_servers
    ? { index, raiseMaxTo: farmRole.live + 1 }
    : { index };
}

function findImportRefusal(
  server: ImportableServer,
  farmRole: ImportingFarmRole,
): Refusal | undefined {
  const field = 'cloudServerId';
  if (!server.observed)
    return {
      code: 'UnicityViolation',
      field,
      reason: `This is server ${server.id} of farm "${server.farm_name}" already.`,
    };
  if (server.observed.kind === 'group')
    return {
      code: 'ConfigurationMismatch',
      field,
      reason: `This server belongs to the group "${server.observed.name}" of its cloud, which keeps it. Detach it from the group there first.`,
    };
  if (server.status !== 'running' && server.status !== 'suspended')
    return {
      code: 'UnacceptableState',
      field,
      reason: `This server is ${server.status}: only one that is running or suspended can be taken in.`,
    };
  const [here, there] = [server, farmRole].map((one) =>
    [one.cloud_platform, one.cloud_location].filter((part) => part !== '').join(' '),
  );
  if (here !== there)
    return {
      code: 'ConfigurationMismatch',
      field,
      reason: `This server runs on ${here}, and farm role "${farmRole.alias}" is on ${there}.`,
    };
  if (server.image_found)
    return {
      code: 'ConfigurationMismatch',
      field,
      reason: `This server runs ${server.image_cloud_id}, which is not in the catalogue. Register it first.`,
    };
  return undefined;
}
