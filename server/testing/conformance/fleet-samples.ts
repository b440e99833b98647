import type { OperationId } from '#contract/operations.ts';
import {
  insertFarm,
  insertImage,
  insertOldServers,
  insertRole,
  insertServers,
} from '../factories.ts';
import { createOldFarm, passOnce } from '../rollouts.ts';
import type { Place } from './place.ts';

type Make = (place: Place) => Promise<Record<string, string | number>>;

/** A running farm of the environment, with a role of its own that has an image there. */
export async function farm({ db, tenant }: Place) {
  const image = await insertImage(db, tenant.environment);
  const role = await insertRole(db, tenant.environment, [image.id]);
  const made = await insertFarm(db, tenant.environment, role.id);
  return { ...made, roleId: role.id, imageId: image.id };
}

export async function server(place: Place, status: 'running' | 'suspended' = 'running') {
  const { farmId, farmRoleId, imageId } = await farm(place);
  const [serverId = ''] = await insertServers(place.db, farmRoleId, imageId, 1, status);
  return { serverId, farmId, farmRoleId };
}

/** A farm with servers on an image that its role has no longer. */
export async function oldFarm({ db, tenant, at }: Place) {
  return createOldFarm(db, tenant, { servers: 1, imagesAt: at });
}

/** A rollout after some acts on it. */
export const rollout =
  (...acts: ('rolloutStart' | 'rolloutPause')[]): Make =>
  async (place) => {
    const { at, tenant } = place;
    const { farmId } = await oldFarm(place);
    const plan = await tenant.corporateAdmin.call('rolloutPlan', at, { body: { farm: farmId } });
    const params = { rolloutId: plan.data.id };
    for (const act of acts) await tenant.corporateAdmin.call(act, at, { params });
    return params;
  };

/** A rollout that has moved a server, from where the replacement behind it can be rolled back. */
const movedRollout: Make = async (place) => {
  const made = await rollout('rolloutStart')(place);
  await passOnce(place.db);
  await passOnce(place.db);
  return made;
};

const farmAfter =
  (...steps: ('farmTerminate' | 'farmSuspend' | 'farmLock')[]): Make =>
  async (place) => {
    const { farmId } = await farm(place);
    const { corporateAdmin, environment } = place.tenant;
    for (const step of steps)
      await corporateAdmin.call(step, environment, { params: { farmId } } as never);
    return { farmId };
  };

/** Farms, servers and rollouts that must be in some state for the operation to be possible. */
export const fleetInState: Partial<Record<OperationId, Make>> = {
  rolloutServerList: rollout('rolloutStart'),
  rolloutPause: rollout('rolloutStart'),
  rolloutResume: rollout('rolloutStart', 'rolloutPause'),
  rolloutUndo: movedRollout,
  serverList: server,
  farmServerList: server,
  farmRoleList: farm,
  farmRoleServerList: server,
  farmLaunch: farmAfter('farmTerminate'),
  farmDelete: farmAfter('farmTerminate'),
  farmResume: farmAfter('farmSuspend'),
  farmUnlock: farmAfter('farmLock'),
  // Whoever asks owns a farm there with a server on an old image.
  ownerContactSend: async ({ db, tenant }) => {
    await insertOldServers(db, tenant.environment);
    return {};
  },
  ownerContactAnswer: async ({ db, tenant }) => {
    const owner = db.selectFrom('users').where('email', '=', tenant.corporateAdmin.email);
    const { id } = await owner.select('id').executeTakeFirstOrThrow();
    await insertOldServers(db, tenant.environment, { ownerId: id });
    return {};
  },
  serverResume: (place) => server(place, 'suspended'),
};
