import type { RolloutPlan } from '#contract/rollouts/rollout-members.ts';
import type { PlannedGroup } from '#contract/rollouts/rollout-groups.ts';
import type { CandidateRow } from '../../database/queries/rollouts/rollout-candidates.ts';
import { findLockRefusal } from '../../domain/farms/farms.ts';
import { estimateSeconds, rolloutItems } from '../../domain/rollout-plans.ts';
import { digestOf } from '../plan-digest.ts';
import { type MadeRollout, unique } from './make-plan.ts';

const listed = 200;

/** The wire form of a plan, but for whether it may be started and what has changed since. */
export function toRolloutPlan(
  made: MadeRollout,
): Omit<RolloutPlan, 'allowed' | 'code' | 'reason' | 'changedSince'> {
  const { moves, stays, groups, notByThemselves, busy } = made;
  const servers = moves.map(({ server }) => server);
  const waves = toWaves(made);
  return {
    digest: digestOf(rolloutItems(made)),
    servers: moves.slice(0, listed).map(({ server, wave }) => ({ ...toPlanned(server), wave })),
    stays: stays.slice(0, listed).map(({ server, why }) => ({ ...toPlanned(server), why })),
    counts: {
      servers: moves.length,
      stays: stays.length,
      farms: unique(servers.map((server) => server.farm_id)).length,
      farmRoles: unique(servers.map((server) => server.farm_role_id)).length,
      environments: unique(servers.map((server) => server.environment_id)).length,
    },
    waves,
    farms: toFarms(servers).slice(0, listed),
    groups: groups.slice(0, listed).map(toPlannedGroup),
    notByThemselves: notByThemselves.slice(0, listed).map(({ server, servers: count, why }) => ({
      farm: { id: server.farm_id, name: server.farm_name },
      farmRole: { id: server.farm_role_id, alias: server.alias },
      servers: count,
      why,
    })),
    busyFarms: busy.map(({ id, name, rollout_id }) => ({ id, name, rollout: { id: rollout_id } })),
    seconds: waves.reduce((sum, wave) => sum + wave.seconds, 0),
  };
}

function toPlannedGroup({
  server,
  wave,
  servers,
  move,
}: MadeRollout['groups'][number]): PlannedGroup {
  return {
    farm: { id: server.farm_id, name: server.farm_name },
    farmRole: { id: server.farm_role_id, alias: server.alias },
    envId: server.environment_id,
    wave,
    group: move.groupId,
    from: move.from,
    to: move.to,
    way: move.way,
    template: move.templateId,
    pointer: move.pointerName,
    servers,
    words: move.words,
    warnings: move.warnings,
  };
}

function toPlanned(
  server: CandidateRow,
): RolloutPlan['servers'][number] extends infer Planned ? Omit<Planned, 'wave'> : never {
  const { image_id: imageId, image_name: imageName } = server;
  return {
    id: server.id,
    hostname: server.hostname,
    index: server.server_index,
    farm: { id: server.farm_id, name: server.farm_name },
    farmRole: { id: server.farm_role_id, alias: server.alias },
    envId: server.environment_id,
    envName: server.environment_name,
    image: imageId === null ? null : { id: imageId, name: imageName ?? '' },
    roleImage: { id: server.role_image_id, name: server.role_image_name },
  };
}

function toWaves({ moves, settings, bootMs }: MadeRollout): RolloutPlan['waves'] {
  const byWave = Map.groupBy(moves, ({ wave }) => wave);
  return [...byWave].map(([wave, inWave]) => {
    const servers = inWave.map(({ server }) => server);
    const timed = [...Map.groupBy(servers, (server) => server.farm_role_id)].map(
      ([farmRoleId, some]) => ({
        wave,
        farmRoleId,
        servers: some.length,
        live: some[0]?.live ?? 0,
      }),
    );
    const environments = new Map(
      servers.map((server) => [server.environment_id, server.environment_name]),
    );
    return {
      environments: [...environments].map(([id, name]) => ({ id, name })),
      farms: unique(servers.map((server) => server.farm_id)).length,
      servers: servers.length,
      seconds: estimateSeconds(timed, settings, bootMs).get(wave) ?? 0,
    };
  });
}

function toFarms(servers: readonly CandidateRow[]): RolloutPlan['farms'] {
  const farms = [...Map.groupBy(servers, (server) => server.farm_id)].flatMap(([id, some]) => {
    const [first] = some;
    if (!first) return [];
    const locked = findLockRefusal(
      { ...first, name: first.farm_name, status: first.farm_status },
      'moved',
    );
    return [
      {
        id,
        name: first.farm_name,
        envId: first.environment_id,
        envName: first.environment_name,
        owner: { id: first.owner_id, name: first.owner_name, email: first.owner_email },
        servers: some.length,
        locked: locked?.reason ?? null,
      },
    ];
  });
  return farms.toSorted((a, b) => b.servers - a.servers || a.id - b.id);
}
