import type { Verdict } from '#contract/actions.ts';
import type { Server } from '#contract/farms/servers.ts';
import { endedServerStatuses } from '#contract/farms/statuses.ts';
import type { Farm } from '#contract/farms/farms.ts';
import type { FarmRole } from '#contract/farms/farm-roles.ts';
import type { ScopeRef } from '#contract/scope.ts';
import { fetchFarms, type FarmRow } from '../../database/queries/farms/farms.ts';
import type { FarmRoleRow } from '../../database/queries/farms/farm-roles.ts';
import {
  countLeftServers,
  fetchDeprecatedMembers,
  fetchFarmRoleFacts,
  fetchKindsOfServers,
  fetchLaunchRights,
  fetchServerActionFacts,
  type ServerActionFacts,
} from '../../database/queries/farms/fleet-verdicts.ts';
import type { CredentialsInUse } from '../../domain/credentials/cloud-credentials.ts';
import {
  type FarmVerb,
  findFarmDeletionRefusal,
  findLockRefusal,
  findUnlockRefusal,
  planFarmStep,
  planServerWithFarm,
} from '../../domain/farms/farms.ts';
import {
  afterTerminationWords,
  planAfterTermination,
  planLowerMinimum,
} from '../../domain/farms/keeping.ts';
import { findLaunchRightRefusal, planServerLaunch } from '../../domain/farms/launches.ts';
import { findObservedRefusal } from '../../domain/inventory/observed-refusal.ts';
import { type Refusal, toVerdict } from '../../domain/refusal.ts';
import {
  findStepRightRefusal,
  findSuspendRefusal,
  planServerStep,
  type ServerFacts,
  type ServerVerb,
} from '../../domain/farms/servers.ts';
import { findMissingRight } from '../access.ts';
import type { Context } from '../context.ts';

type FarmActions = NonNullable<Farm['actions']>;
type FarmRoleActions = NonNullable<FarmRole['actions']>;
type ServerFleetFacts = Required<Pick<Server, 'actions'>> & Pick<Server, 'afterTermination'>;

/** Where something of the fleet belongs, and so where it is changed. */
function homeOf(row: { account_id: number; environment_id: number }): ScopeRef {
  return {
    scope: 'environment',
    accountId: row.account_id,
    environmentId: row.environment_id,
  };
}

/**
 * What may be done in the environment of a row by whoever asks: like the call, the right comes first.
 * @param ownerId of the farm, where its owner may do it without
 */
function judgeAt(ctx: Context, row: Parameters<typeof homeOf>[0], ownerId?: number) {
  const { principal } = ctx;
  const isOwner = principal.kind === 'user' && principal.id === ownerId;
  const missing = (doing: string) =>
    isOwner ? undefined : findMissingRight(ctx, 'farms.manage', homeOf(row), doing);
  return (doing: string, refusal: Refusal | undefined): Verdict =>
    toVerdict(missing(doing) ?? refusal);
}

const refusalOf = (plan: object): Refusal | undefined =>
  'code' in plan ? (plan as Refusal) : undefined;

/** For each farm, what may be done with it now; by the rules that the operations follow. */
export async function decideFarmActions(
  ctx: Context,
  rows: readonly FarmRow[],
): Promise<Map<number, FarmActions>> {
  const ids = rows.map((row) => row.id);
  const kinds = Map.groupBy(await fetchKindsOfServers(ctx.tx, ids), (server) => server.farm_id);
  const left = await countLeftServers(ctx.tx, ids);
  const deprecated = await fetchDeprecatedMembers(ctx.tx, ids);
  const launching = Map.groupBy(
    await fetchLaunchRights(ctx.tx, ids),
    (farmRole) => farmRole.farm_id,
  );
  return new Map(
    rows.map((row) => {
      const servers = kinds.get(row.id) ?? [];
      const unfit = servers.flatMap((one) => findSuspendRefusal(one) ?? []);
      const facts = {
        unfit: unfit[0],
        left: left.get(row.id) ?? 0,
        role: deprecated.get(row.id),
        servers,
        launches: launching.get(row.id) ?? [],
      };
      return [row.id, judgeFarm(ctx, row, facts)];
    }),
  );
}

interface FarmActionFacts {
  unfit: Refusal | undefined;
  left: number;
  /** A deprecated Role that it uses. */
  role: string | undefined;
  servers: readonly ServerFacts[];
  launches: readonly CredentialsInUse[];
}

function judgeFarm(
  ctx: Context,
  row: FarmRow,
  { unfit, left, role, servers, launches }: FarmActionFacts,
): FarmActions {
  const may = judgeAt(ctx, row, row.owner_id);
  // What reaches beyond the farm takes the right itself.
  const mayAll = judgeAt(ctx, row);
  const step = (verb: FarmVerb) => refusalOf(planFarmStep(row, verb));
  const forbidden = (verb: Exclude<FarmVerb, 'launch'>) =>
    servers
      .filter((server) => planServerWithFarm(server, verb) !== undefined)
      .flatMap((server) => findStepRightRefusal(server, verb) ?? [])[0];
  const [unlaunchable] = launches.flatMap((one) => findLaunchRightRefusal(one) ?? []);
  const changed = findLockRefusal(row, 'changed');
  return {
    update: may('change farms', changed),
    addRole: may('add roles to farms', changed),
    move: mayAll('move servers', undefined),
    launch: may('launch farms', step('launch') ?? unlaunchable),
    suspend: may('suspend farms', step('suspend') ?? unfit ?? forbidden('suspend')),
    resume: may('resume farms', step('resume') ?? forbidden('resume')),
    terminate: may('terminate farms', step('terminate') ?? forbidden('terminate')),
    lock: may('lock farms', findLockRefusal(row, 'locked again')),
    unlock: may('unlock farms', findUnlockRefusal(row, unlockerOf(ctx, row))),
    clone: mayAll(
      'clone farms',
      findObservedRefusal(row) ?? (role === undefined ? undefined : usesDeprecated(row, role)),
    ),
    delete: may('delete farms', findFarmDeletionRefusal(row, left)),
  };
}

function unlockerOf(ctx: Context, row: FarmRow) {
  const { principal, actor } = ctx;
  return {
    actor,
    ownsFarm: principal.kind === 'user' && principal.id === row.owner_id,
    isAdministrator: ctx.can('scopes.manage', homeOf(row)),
  };
}

function usesDeprecated(farm: FarmRow, role: string): Refusal {
  return {
    code: 'Deprecated',
    reason: `Farm "${farm.name}" uses role "${role}", which is deprecated and cannot enter another farm. Give its farm roles another role first.`,
  };
}

/** For each farm role, what may be done with it now; by the rules that the operations follow. */
export async function decideFarmRoleActions(
  ctx: Context,
  rows: readonly FarmRoleRow[],
): Promise<Map<number, FarmRoleActions>> {
  const farmIds = [...new Set(rows.map((row) => row.farm_id))];
  const farms = new Map((await fetchFarms(ctx.tx, farmIds)).map((farm) => [farm.id, farm]));
  const facts = await fetchFarmRoleFacts(
    ctx.tx,
    rows.map((row) => row.id),
  );
  return new Map(
    rows.map((row) => {
      const [farm, own] = [farms.get(row.farm_id), facts.get(row.id)];
      if (!farm || !own) throw new Error(`Farm role ${row.id} is in no farm`);
      const may = judgeAt(ctx, row, farm.owner_id);
      const mayAll = judgeAt(ctx, row);
      const changed = findLockRefusal(farm, 'changed');
      return [
        row.id,
        {
          update: may('change farm roles', changed),
          launchServer: may('launch servers', refusalOf(planServerLaunch(farm, own))),
          move: mayAll('move servers', undefined),
          clone: mayAll(
            'clone farm roles',
            findObservedRefusal(row) ?? (row.role_deprecated ? isDeprecated(row) : undefined),
          ),
          delete: may('remove roles from farms', changed),
        },
      ];
    }),
  );
}

function isDeprecated(row: FarmRoleRow): Refusal {
  return {
    code: 'Deprecated',
    reason: `Role "${row.role_name}" is deprecated and cannot enter another farm. Use its successor, or another role.`,
  };
}

/** For each server, what may be done with it now, and what would follow from terminating it. */
export async function decideServerActions(
  ctx: Context,
  servers: readonly Server[],
): Promise<Map<string, ServerFleetFacts>> {
  const facts = await fetchServerActionFacts(
    ctx.tx,
    servers.map((server) => server.id),
  );
  return new Map(
    servers.map((server) => {
      const own = facts.get(server.id);
      if (!own) throw new Error(`Server ${server.id} vanished`);
      const ends = endedServerStatuses.some((status) => status === server.status);
      return [
        server.id,
        {
          actions: judgeServer(ctx, own),
          ...(!ends && { afterTermination: tellAfterTermination(own, server) }),
        },
      ];
    }),
  );
}

function judgeServer(ctx: Context, facts: ServerActionFacts): ServerFleetFacts['actions'] {
  const may = judgeAt(ctx, facts, facts.owner_id);
  const step = (verb: ServerVerb) => refusalOf(planServerStep(facts, verb));
  const locked = findLockRefusal(
    { ...facts, name: facts.farm_name, status: facts.farm_status },
    'changed',
  );
  return {
    update: may('change servers', findObservedRefusal(facts)),
    // What stays, the plan says; planning refuses nothing.
    move: judgeAt(ctx, facts)('move servers', undefined),
    reboot: may('reboot servers', step('reboot')),
    suspend: may('suspend servers', step('suspend')),
    resume: may('resume servers', step('resume')),
    terminate: may('terminate servers', step('terminate')),
    terminateAndLower: may('terminate servers', locked ?? step('terminate')),
  };
}

function tellAfterTermination(
  facts: ServerActionFacts,
  { roleImage }: Server,
): NonNullable<Server['afterTermination']> {
  return {
    starts: planAfterTermination(facts).starts ? roleImage : null,
    reason: facts.observed
      ? 'Slipway does not end it, nor launch another: something else runs it.'
      : afterTerminationWords({ ...facts, image_name: roleImage.name }),
    minInstances: facts.min_servers,
    lowersTo: planLowerMinimum(facts) ?? null,
  };
}
