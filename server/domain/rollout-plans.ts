import type { ServerStatus } from '#contract/farms/statuses.ts';
import type { PlanItem } from '#contract/plans.ts';
import type { RolloutSettings } from '#contract/rollouts/rollout-members.ts';
import { type CredentialsInUse, findRightRefusal } from './credentials/cloud-credentials.ts';
import { afterTerminationWords, planAfterTermination } from './farms/keeping.ts';
import { type GroupMove, type MovableGroup, planGroupMove } from './inventory/group-moves.ts';
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
  /** Groups that their cloud moves as a whole, with one of their servers that move. */
  groups: { server: Server; wave: number; servers: number; move: GroupMove }[];
  /** Farm roles with a server in whose place nothing would come by itself, and why. */
  notByThemselves: { server: Server; servers: number; why: string }[];
}

/**
 * Decides which servers a rollout moves, and in which wave: docs/domain.md, "Rollouts".
 * @param servers in the order in which they are moved within a wave
 * @param groups what is known of the groups behind observed farm roles, by farm role
 */
export function planRollout<Server extends CandidateServer>(
  servers: readonly Server[],
  settings: Pick<RolloutSettings, 'waves' | 'replaceAll'> &
    Partial<Pick<RolloutSettings, 'pauseSeconds'>>,
  groups: ReadonlyMap<number, MovableGroup> = new Map(),
): RolloutMoves<Server> {
  const movesOf = new Map([...groups].map(([id, group]) => [id, planGroupMove(group, settings)]));
  const waveOf = numberWaves(servers, settings.waves);
  const moves: RolloutMoves<Server>['moves'] = [];
  const stays: RolloutMoves<Server>['stays'] = [];
  const lost = new Map<number, RolloutMoves<Server>['notByThemselves'][number]>();
  for (const server of servers) {
    if (server.observed) {
      const why = findObservedStay(server, movesOf.get(server.farm_role_id));
      if (why === undefined) moves.push({ server, wave: waveOf(server.environment_id) });
      else stays.push({ server, why });
      continue;
    }
    const after = planAfterTermination(server);
    const stay = findStay(server);
    const why = stay ?? (after.starts || settings.replaceAll ? undefined : words(server));
    if (why !== undefined) stays.push({ server, why });
    else moves.push({ server, wave: waveOf(server.environment_id) });
    if (stay !== undefined || after.starts) continue;
    const known = lost.get(server.farm_role_id) ?? { server, servers: 0, why: words(server) };
    lost.set(server.farm_role_id, { ...known, servers: known.servers + 1 });
  }
  const inOrder = moves.toSorted((a, b) => a.wave - b.wave);
  return {
    moves: inOrder,
    stays,
    groups: groupsOf(inOrder, movesOf),
    notByThemselves: [...lost.values()],
  };
}

function words(server: CandidateServer): string {
  return afterTerminationWords({ ...server, image_name: server.role_image_name });
}

/** Why a server would gain nothing from being moved, or cannot be. */
function findStay(server: CandidateServer): string | undefined {
  if (server.old && !server.stale)
    return `Role "${server.role_name}" still has this image here, which is deprecated. Replace it there first.`;
  const forbidden =
    findRightRefusal(server.launched_with, 'terminateServers') ??
    findRightRefusal(server.relaunched_with, 'launchServers');
  return (
    findSkip({ ...server, ended_by: null }, { status: server.farm_status }) ?? forbidden?.reason
  );
}

/** Why a server that something else runs is not moved with its group. */
function findObservedStay(
  server: CandidateServer,
  move: GroupMove | { why: string } | undefined,
): string | undefined {
  if (!move) return findObservedRefusal(server)?.reason;
  if (!server.old) return 'It runs the image that its group starts servers from.';
  if ('why' in move) return move.why;
  // What its group starts next is not what it starts now.
  return findSkip({ ...server, stale: true, ended_by: null }, { status: server.farm_status });
}

function groupsOf<Server extends CandidateServer>(
  moves: readonly { server: Server; wave: number }[],
  movesOf: ReadonlyMap<number, GroupMove | { why: string }>,
): RolloutMoves<Server>['groups'] {
  const byFarmRole = Map.groupBy(moves, ({ server }) => server.farm_role_id);
  return [...byFarmRole].flatMap(([id, some]) => {
    const move = movesOf.get(id);
    const [first] = some;
    return move && !('why' in move) && first ? [{ ...first, servers: some.length, move }] : [];
  });
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
  groups,
}: Pick<RolloutMoves<CandidateServer>, 'moves' | 'stays' | 'groups'>): PlanItem[] {
  const item = ({ id, hostname }: CandidateServer, what: string): PlanItem => ({
    type: 'server',
    id,
    name: hostname,
    what,
  });
  return [
    ...moves.map(({ server, wave }) => item(server, `moves in wave ${wave}`)),
    ...stays.map(({ server }) => item(server, 'stays')),
    ...groups.map(({ server, move }): PlanItem => ({
      type: 'farmRole',
      id: server.farm_role_id,
      name: move.groupId,
      what: `is moved by ${move.pointerName === null ? `template ${move.templateId}` : `pointer ${move.pointerName}`} to`,
      other: { id: move.to.cloudImageId, name: move.to.name },
    })),
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
