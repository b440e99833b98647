import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import { type CredentialsInUse, findRightRefusal } from './credentials/cloud-credentials.ts';
import { afterTerminationWords, planAfterTermination } from './farms/keeping.ts';
import { findObservedRefusal, type PerhapsObserved } from './inventory/observed-refusal.ts';
import { countOf, findSkip } from './rollout-moves.ts';

/** A live server that somebody wants to be moved, with its farm role and farm. */
export interface CandidateServer extends PerhapsObserved {
  id: string;
  hostname: string;
  server_index: number;
  status: ServerStatus;
  /** Its image is deprecated, or not the role's. */
  old: boolean;
  stale: boolean;
  image_id: string | null;
  image_name: string | null;
  role_image_id: string;
  role_image_name: string;
  role_name: string;
  farm_id: number;
  farm_name: string;
  farm_status: 'running' | 'suspended' | 'terminated';
  farm_role_id: number;
  alias: string;
  scaling_enabled: boolean;
  min_servers: number;
  max_servers: number;
  /** Live servers of its farm role. */
  live: number;
  account_id: number;
  environment_id: number;
  /** By which it is ended in its cloud. */
  launched_with: Partial<CredentialsInUse>;
  /** By which what comes in its place is launched: those that its environment has now. */
  relaunched_with: Partial<CredentialsInUse>;
}

/** The servers that are moved, in order, and those that stay, with why. */
export interface RolloutMoves<Server extends CandidateServer> {
  moves: { server: Server; wave: number }[];
  stays: { server: Server; why: string }[];
  /** Farm roles with a server in whose place nothing would come by itself, and why. */
  notByThemselves: { server: Server; servers: number; why: string }[];
}

/**
 * Decides which servers a rollout moves, and in which wave: docs/domain.md, "Rollouts".
 * @param servers in the order in which they are moved within a wave
 */
export function planRollout<Server extends CandidateServer>(
  servers: readonly Server[],
  settings: Pick<RolloutSettings, 'waves' | 'replaceAll'>,
): RolloutMoves<Server> {
  const waveOf = numberWaves(servers, settings.waves);
  const moves: RolloutMoves<Server>['moves'] = [];
  const stays: RolloutMoves<Server>['stays'] = [];
  const lost = new Map<number, RolloutMoves<Server>['notByThemselves'][number]>();
  for (const server of servers) {
    const after = planAfterTermination(server);
    const stay = findStay(server);
    const why = stay ?? (after.starts || settings.replaceAll ? undefined : words(server));
    if (why !== undefined) stays.push({ server, why });
    else moves.push({ server, wave: waveOf(server.environment_id) });
    if (stay !== undefined || after.starts) continue;
    const known = lost.get(server.farm_role_id) ?? { server, servers: 0, why: words(server) };
    lost.set(server.farm_role_id, { ...known, servers: known.servers + 1 });
  }
  return {
    moves: moves.toSorted((a, b) => a.wave - b.wave),
    stays,
    notByThemselves: [...lost.values()],
  };
}

function words(server: CandidateServer): string {
  return afterTerminationWords({ ...server, image_name: server.role_image_name });
}

/** Why a server would gain nothing from being moved, or cannot be. */
function findStay(server: CandidateServer): string | undefined {
  const observed = findObservedRefusal(server);
  if (observed) return observed.reason;
  if (server.old && !server.stale)
    return `Role "${server.role_name}" still has this image here, which is deprecated. Replace it there first.`;
  const forbidden =
    findRightRefusal(server.launched_with, 'terminateServers') ??
    findRightRefusal(server.relaunched_with, 'launchServers');
  return (
    findSkip({ ...server, ended_by: null }, { status: server.farm_status }) ?? forbidden?.reason
  );
}

/** The waves that are asked for, counted from 1, those without servers left out; who is in none comes last. */
function numberWaves(
  servers: readonly CandidateServer[],
  waves: RolloutSettings['waves'],
): (environmentId: number) => number {
  const asked = new Map(waves.flatMap((wave, index) => wave.map(({ id }) => [id, index] as const)));
  const indexOf = (id: number) => asked.get(id) ?? waves.length;
  const used = [...new Set(servers.map((server) => indexOf(server.environment_id)))].toSorted(
    (a, b) => a - b,
  );
  return (id) => used.indexOf(indexOf(id)) + 1;
}

/** What a rollout would do, server by server: docs/domain.md, "Acting on what was shown". */
export function rolloutItems({
  moves,
  stays,
}: Pick<RolloutMoves<CandidateServer>, 'moves' | 'stays'>): PlanItem[] {
  const item = ({ id, hostname }: CandidateServer, what: string): PlanItem => ({
    type: 'server',
    id,
    name: hostname,
    what,
  });
  return [
    ...moves.map(({ server, wave }) => item(server, `moves in wave ${wave}`)),
    ...stays.map(({ server }) => item(server, 'stays')),
  ];
}

/** What is left to move of a farm role in one wave. */
export interface TimedMoves {
  wave: number;
  farmRoleId: number;
  servers: number;
  /** Live servers of the farm role. */
  live: number;
}

/**
 * How long moves take, in seconds by wave: farm roles are moved beside each other, and their batches one after
 * the other.
 * @param bootMs how long a server of a farm role takes until it runs, as it was measured
 */
export function estimateSeconds(
  moves: readonly TimedMoves[],
  settings: Pick<RolloutSettings, 'batchSize' | 'maxUnavailable' | 'pauseSeconds' | 'bakeSeconds'>,
  bootMs: (farmRoleId: number) => number,
): Map<number, number> {
  const { batchSize, maxUnavailable, pauseSeconds, bakeSeconds } = settings;
  const waves = new Map<number, number>();
  for (const { wave, farmRoleId, servers, live } of moves) {
    const atOnce = Math.min(countOf(batchSize, live), countOf(maxUnavailable, live));
    const batches = Math.ceil(servers / atOnce);
    const each = bootMs(farmRoleId) / 1_000 + bakeSeconds;
    const all = Math.ceil(batches * each + Math.max(0, batches - 1) * pauseSeconds);
    waves.set(wave, Math.max(waves.get(wave) ?? 0, all));
  }
  return waves;
}
