import { sql } from 'kysely';
import { ApiError } from '#contract/errors.ts';
import type { OperationId } from '#contract/operations.ts';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { clearFaults, setFault } from '../../database/queries/simulated-cloud/faults.ts';
import { keepFarms } from '../../fleet/keeper.ts';
import { rollOut } from '../../fleet/rollouts.ts';
import { insertFarm, insertImage, insertRole } from '../factories.ts';
import { settleServers } from '../fleet.ts';
import type { CallInput, Tenant } from '../harness.ts';

/** A small estate of one account, and what may happen to it. */
export interface EventfulFleet {
  db: Db;
  t: Tenant;
  imageIds: string[];
  /** What has happened, by kind: calls that were refused, and others. */
  happened: Map<string, { done: number; refused: number }>;
}

const places = ['us-east-1', 'eu-west-1'];

/** Two lines of three versions in two places, at two scopes; roles of them, and farms with owners of their own. */
export async function createEventfulFleet(db: Db, t: Tenant): Promise<EventfulFleet> {
  const imageIds: string[] = [];
  for (const line of ['web', 'db'])
    for (const at of [t.account, t.environment]) {
      const first: string[] = [];
      for (const version of [1, 2, 3])
        for (const cloud_location of places) {
          const { id } = await insertImage(db, at, { name: `${line}-${version}`, cloud_location });
          imageIds.push(id);
          if (version === 1) first.push(id);
        }
      const role = await insertRole(db, at, first);
      const environments =
        at.scope === 'environment' ? [t.environment] : [t.environment, t.otherEnvironment];
      for (const environment of environments)
        for (const cloudLocation of places) await addFarm(db, environment, role.id, cloudLocation);
    }
  return { db, t, imageIds, happened: new Map() };
}

async function addFarm(
  db: Db,
  at: Tenant['environment'],
  roleId: number,
  cloudLocation: string,
): Promise<void> {
  const { farmRoleId } = await insertFarm(db, at, roleId, { cloudLocation });
  await sql`UPDATE farm_roles SET min_servers = 2, max_servers = 4 WHERE id = ${farmRoleId}`.execute(
    db,
  );
}

/** Which of many: the same number always leads to the same. */
type Pick = <One>(of: readonly One[]) => One | undefined;

/** Does one thing by the number that it is given. What the rules refuse changes nothing, which is a test too. */
export async function happen(fleet: EventfulFleet, number: number): Promise<void> {
  let rest = number;
  const pick: Pick = (of) => {
    const found = of[rest % Math.max(of.length, 1)];
    rest = Math.floor(rest / Math.max(of.length, 1));
    return found;
  };
  const [name, event] = pick(weighted) ?? ['', async () => undefined];
  const counts = fleet.happened.get(name) ?? { done: 0, refused: 0 };
  fleet.happened.set(name, counts);
  try {
    await event(fleet, pick);
    counts.done += 1;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code === 'InternalServerError') throw error;
    counts.refused += 1;
  }
}

type Event = (fleet: EventfulFleet, pick: Pick) => Promise<unknown>;

const onError = (error: unknown) => {
  throw error;
};

async function onFarm(
  { db, t }: EventfulFleet,
  pick: Pick,
  id: OperationId,
  body: object = {},
): Promise<unknown> {
  const farm = pick(
    await db.selectFrom('farms').select(['id', 'environment_id']).orderBy('id').execute(),
  );
  const environmentId = farm?.environment_id ?? 0;
  const at: ScopeRef = { scope: 'environment', accountId: t.account.accountId, environmentId };
  const input = { params: { farmId: farm?.id ?? 0 }, body } as CallInput<'farmLock'>;
  return t.corporateAdmin.call(id as 'farmLock', at, input);
}

async function onServer(
  { db, t }: EventfulFleet,
  pick: Pick,
  id: OperationId,
  body: object = {},
): Promise<unknown> {
  const servers = db
    .selectFrom('servers')
    .where('status', 'not in', ['terminated', 'failed'])
    .orderBy('farm_role_id')
    .orderBy('server_index')
    .select(['id', 'environment_id']);
  const server = pick(await servers.execute());
  if (!server) return undefined;
  const { environment_id: environmentId } = server;
  const at: ScopeRef = { scope: 'environment', accountId: t.account.accountId, environmentId };
  const input = { params: { serverId: server.id }, body } as CallInput<'serverTerminate'>;
  return t.corporateAdmin.call(id as 'serverTerminate', at, input);
}

async function onRollout({ db, t }: EventfulFleet, pick: Pick, id: OperationId): Promise<unknown> {
  const rollouts = db
    .selectFrom('rollouts')
    .where('started_at', 'is not', null)
    .orderBy('at', 'desc')
    .limit(4)
    .select('id');
  const rollout = pick(await rollouts.execute());
  if (!rollout) return undefined;
  return t.corporateAdmin.call(id as 'rolloutPause', t.account, {
    params: { rolloutId: rollout.id },
  });
}

async function onFarmRole({ db, t }: EventfulFleet, pick: Pick, what: 'scale' | 'launch') {
  const farmRoles = db
    .selectFrom('farm_roles')
    .select(['id', 'environment_id'])
    .orderBy('id')
    .execute();
  const farmRole = pick(await farmRoles);
  const environmentId = farmRole?.environment_id ?? 0;
  const at: ScopeRef = { scope: 'environment', accountId: t.account.accountId, environmentId };
  const params = { farmRoleId: farmRole?.id ?? 0 };
  if (what === 'launch') return t.corporateAdmin.call('farmRoleServerLaunch', at, { params });
  const minInstances = pick([0, 1, 2, 3]) ?? 0;
  const maxInstances = minInstances + (pick([0, 1, 3]) ?? 0);
  const body = { minInstances, maxInstances, enabled: pick([true, true, false]) ?? true };
  return t.corporateAdmin.call('farmRoleScalingUpdate', at, { params, body });
}

async function scopeOfImage({ db, t }: EventfulFleet, id: string): Promise<ScopeRef> {
  const image = db.selectFrom('images').where('id', '=', id).select('environment_id');
  const { environment_id: environmentId } = await image.executeTakeFirstOrThrow();
  return environmentId === null
    ? t.account
    : { scope: 'environment', accountId: t.account.accountId, environmentId };
}

async function replaceImage(fleet: EventfulFleet, pick: Pick): Promise<unknown> {
  const { db, t } = fleet;
  const held = await db.selectFrom('role_images').select('image_id').distinct().execute();
  const ids = new Set(held.map(({ image_id }) => image_id));
  const imageId = pick(fleet.imageIds.filter((id) => ids.has(id))) ?? '';
  const images = await db
    .selectFrom('images')
    .selectAll()
    .where('id', 'in', fleet.imageIds)
    .execute();
  const old = images.find(({ id }) => id === imageId);
  const others = fleet.imageIds.filter((id) =>
    images.some(
      (one) =>
        one.id === id && id !== imageId && one.cloud_location === (old?.cloud_location ?? ''),
    ),
  );
  const body = { newImage: pick(others) ?? '' };
  const at = await scopeOfImage(fleet, imageId);
  return t.corporateAdmin.call('imageReplace', at, { params: { imageId }, body });
}

async function rollBack({ db, t }: EventfulFleet, pick: Pick): Promise<unknown> {
  const rows = db
    .selectFrom('replacements')
    .where('state', '=', 'applied')
    .orderBy('at', 'desc')
    .limit(4)
    .select(['id', 'environment_id']);
  const replacement = pick(await rows.execute());
  if (!replacement) return undefined;
  const { environment_id: environmentId } = replacement;
  const at: ScopeRef =
    environmentId === null
      ? t.account
      : { scope: 'environment', accountId: t.account.accountId, environmentId };
  const params = { replacementId: replacement.id };
  return t.corporateAdmin.call('replacementRollBack', at, { params, body: {} });
}

async function deprecate(fleet: EventfulFleet, pick: Pick): Promise<unknown> {
  const imageId = pick(fleet.imageIds) ?? '';
  const at = await scopeOfImage(fleet, imageId);
  const body = { deprecate: pick([true, false]) ?? true };
  return fleet.t.corporateAdmin.call('imageDeprecate', at, { params: { imageId }, body });
}

async function startRollout({ t }: EventfulFleet, pick: Pick): Promise<unknown> {
  const at = pick<ScopeRef>([t.account, t.account, t.environment, t.otherEnvironment]) ?? t.account;
  const amounts = ['1', '2', '50%', '100%'];
  const body = {
    batchSize: pick(amounts) ?? '1',
    maxUnavailable: pick(amounts) ?? '1',
    stopAfterFailures: pick([1, 3]) ?? 1,
    replaceAll: pick([true, false]) ?? true,
    waves: pick([[], [[t.otherEnvironment.environmentId]]]) ?? [],
  };
  const { data } = await t.corporateAdmin.call('rolloutPlan', at, { body });
  return t.corporateAdmin.call('rolloutStart', at, { params: { rolloutId: data.id } });
}

/** Has the cloud fail in one place until it is told to be well again. */
async function breakCloud({ db }: EventfulFleet, pick: Pick): Promise<void> {
  const kind =
    pick(['failing-servers', 'no-capacity', 'image-missing'] as const) ?? 'failing-servers';
  const cloud_location = pick(places) ?? '*';
  await setFault(db, { kind, cloud_platform: 'ec2', cloud_location, probability: 0.5, seconds: 0 });
}

/** The clouds do what servers wait for, as far as they can. */
async function settle({ db }: EventfulFleet): Promise<void> {
  await clearFaults(db, { kind: 'no-capacity' });
  await passTime({ db });
  await settleServers(db);
}

/** Whatever waits for another attempt is due. */
async function passTime({ db }: { db: Db }): Promise<void> {
  await sql`UPDATE farm_role_setbacks SET retry_at = clock_timestamp()`.execute(db);
  await sql`UPDATE outbox SET next_attempt_at = clock_timestamp() WHERE done_at IS NULL`.execute(
    db,
  );
}

const events: Record<string, [weight: number, event: Event]> = {
  'farm launched': [3, (fleet, pick) => onFarm(fleet, pick, 'farmLaunch')],
  'farm terminated': [1, (fleet, pick) => onFarm(fleet, pick, 'farmTerminate')],
  'farm suspended': [1, (fleet, pick) => onFarm(fleet, pick, 'farmSuspend')],
  'farm resumed': [3, (fleet, pick) => onFarm(fleet, pick, 'farmResume')],
  'farm locked': [
    1,
    (fleet, pick) => onFarm(fleet, pick, 'farmLock', { unlockPermission: 'anyone' }),
  ],
  'farm unlocked': [2, (fleet, pick) => onFarm(fleet, pick, 'farmUnlock')],
  'farm role scaled': [3, (fleet, pick) => onFarmRole(fleet, pick, 'scale')],
  'server launched': [3, (fleet, pick) => onFarmRole(fleet, pick, 'launch')],
  'server terminated': [4, (fleet, pick) => onServer(fleet, pick, 'serverTerminate')],
  'server and minimum gone': [
    1,
    (fleet, pick) => onServer(fleet, pick, 'serverTerminate', { lowerMinimum: true }),
  ],
  'server suspended': [2, (fleet, pick) => onServer(fleet, pick, 'serverSuspend')],
  'server resumed': [2, (fleet, pick) => onServer(fleet, pick, 'serverResume')],
  'server rebooted': [1, (fleet, pick) => onServer(fleet, pick, 'serverReboot')],
  'image replaced': [4, replaceImage],
  'replacement rolled back': [1, rollBack],
  'image deprecated or restored': [2, deprecate],
  'rollout started': [4, startRollout],
  'rollout paused': [1, (fleet, pick) => onRollout(fleet, pick, 'rolloutPause')],
  'rollout resumed': [2, (fleet, pick) => onRollout(fleet, pick, 'rolloutResume')],
  'rollout cancelled': [1, (fleet, pick) => onRollout(fleet, pick, 'rolloutCancel')],
  'rollout undone': [1, (fleet, pick) => onRollout(fleet, pick, 'rolloutUndo')],
  'cloud broken': [1, breakCloud],
  'cloud well again': [1, ({ db }) => clearFaults(db, {})],
  'time passed': [1, passTime],
  'keeper passed': [5, ({ db }) => keepFarms(db, { onError })],
  'rollouts passed': [7, ({ db }) => rollOut(db, { onError })],
  'servers settled': [5, settle],
};

const weighted = Object.entries(events).flatMap(([name, [weight, event]]) =>
  Array.from({ length: weight }, () => [name, event] as const),
);

export const eventNames = Object.keys(events);
