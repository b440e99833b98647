import { expect } from 'vitest';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';
import { insertImage, insertRole } from '../factories.ts';
import { countRunningInBoth, type WatchedFarm } from './fleet-watch.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';

const servers = 6;
const mayBeDown = 2;
/** Against hanging: a job whose process was killed is taken up again after 20 s. */
const patience = { timeout: 150_000, interval: 200 };

/** Where a fleet is to be: in the simulated cloud, unless it is told otherwise. */
interface Cloud {
  place: { cloud_platform: string; cloud_location: string };
  /** Two machine images; made up where any will do. */
  cloudImageIds?: readonly [string, string];
  /** How many servers of a farm run, in Slipway and in the cloud, where both have the same; else what differs. */
  countRunning(farmId: number): Promise<number | string>;
}

/**
 * Farms that are moved to another image and back for as long as it takes, and one in which people end servers, so
 * that the keeper launches others.
 */
export class MovingFleet {
  readonly t: Tenant;
  /** Those that rollouts move. */
  readonly moved: Required<WatchedFarm>[];
  /** The one in which people end servers. */
  readonly ended: WatchedFarm;
  readonly #db: Db;
  readonly #cloud: Cloud;
  #images: [current: string, next: string];
  #rolloutId: string | undefined;

  private constructor(
    db: Db,
    t: Tenant,
    made: { cloud: Cloud; farmIds: number[]; images: [current: string, next: string] },
  ) {
    const [ended = 0, ...moved] = made.farmIds;
    this.#db = db;
    this.#cloud = made.cloud;
    this.t = t;
    this.#images = made.images;
    this.moved = moved.map((farmId) => ({ farmId, servers, mayBeDown }));
    this.ended = { farmId: ended, servers };
  }

  /** Makes the farms and launches them: some process has to run for them to come up. */
  static async launch(db: Db, cloud: Cloud = simulated(db)): Promise<MovingFleet> {
    const t = await createTenant(db);
    const [a = randomName('ami'), b = randomName('ami')] = cloud.cloudImageIds ?? [];
    const image = async (at: ScopeRef, cloud_image_id: string) =>
      (await insertImage(db, at, { ...cloud.place, cloud_image_id })).id;
    const images: [string, string] = [await image(t.account, a), await image(t.account, b)];
    // Another registration, which no replacement of the account reaches.
    const apart = await insertRole(db, t.environment, [await image(t.environment, a)]);
    const role = await insertRole(db, t.account, [images[0]]);
    const farmIds: number[] = [];
    for (const { id } of [apart, role, role]) farmIds.push(await launchFarm(t, id, cloud.place));
    return new MovingFleet(db, t, { cloud, farmIds, images });
  }

  get farms(): WatchedFarm[] {
    return [this.ended, ...this.moved];
  }

  /** Waits until every farm has what it keeps, in Slipway and in the cloud. */
  async untilWhole(): Promise<void> {
    for (const { farmId } of this.farms)
      await expect.poll(() => this.#cloud.countRunning(farmId), patience).toBe(servers);
  }

  /** Has a rollout be under way: a new one once the last has ended. */
  async keepMoving(): Promise<void> {
    if (this.#rolloutId !== undefined && (await this.#state()) === 'running') return;
    const { t } = this;
    const [current, next] = this.#images;
    this.#images = [next, current];
    await t.accountAdmin.call('imageReplace', t.account, {
      params: { imageId: current },
      body: { newImage: next },
    });
    const { data } = await t.accountAdmin.call('rolloutPlan', t.account, {
      body: { batchSize: String(mayBeDown), maxUnavailable: String(mayBeDown) },
    });
    this.#rolloutId = data.id;
    await t.accountAdmin.call('rolloutStart', t.account, { params: { rolloutId: data.id } });
  }

  /** Ends a server of the farm in which people do: the first of those that run. */
  async endOne(): Promise<void> {
    const { t, ended } = this;
    const query = { farm: ended.farmId, status: 'running' as const };
    const [server] = (await t.viewer.call('serverList', t.environment, { query })).data;
    if (server)
      await t.environmentAdmin.call('serverTerminate', t.environment, {
        params: { serverId: server.id },
      });
  }

  /** Waits until the rollout is done, and demands that every server runs what its role has now. */
  async untilMoved(): Promise<void> {
    await expect.poll(() => this.#state(), patience).toBe('done');
    await this.untilWhole();
    const { t } = this;
    for (const { farmId } of this.moved) {
      const query = { farm: farmId, live: true };
      const { data } = await t.viewer.call('serverList', t.environment, { query });
      expect(new Set(data.map(({ image }) => image?.id))).toEqual(new Set([this.#images[0]]));
    }
  }

  /** How many steps servers have gone so far. */
  async countSteps(): Promise<number> {
    const { steps } = await this.#db
      .selectFrom('server_events')
      .select((eb) => eb.fn.countAll<string>().as('steps'))
      .executeTakeFirstOrThrow();
    return Number(steps);
  }

  /**
   * Waits until servers have gone so many steps more: what has come to rest is moved again.
   * @param meanwhile is done each time before it looks
   */
  async untilSteps(more: number, meanwhile = async () => {}): Promise<void> {
    const before = await this.countSteps();
    const goOn = async () => {
      await meanwhile();
      const steps = await this.countSteps();
      if (steps < before + more && this.#rolloutId !== undefined) await this.keepMoving();
      return steps;
    };
    await expect.poll(goOn, { ...patience, interval: 50 }).toBeGreaterThanOrEqual(before + more);
  }

  async #state(): Promise<string> {
    const { t } = this;
    const params = { rolloutId: this.#rolloutId ?? '' };
    return (await t.viewer.call('rolloutGet', t.account, { params })).data.state;
  }
}

function simulated(db: Db): Cloud {
  const place = { cloud_platform: 'ec2', cloud_location: 'us-east-1' };
  return { place, countRunning: (farmId) => countRunningInBoth(db, farmId) };
}

async function launchFarm(t: Tenant, roleId: number, place: Cloud['place']): Promise<number> {
  const [at, admin] = [t.environment, t.environmentAdmin];
  const { data: farm } = await admin.call('farmCreate', at, { body: { name: randomName('farm') } });
  const params = { farmId: farm.id };
  const scaling = { minInstances: servers, maxInstances: servers };
  await admin.call('farmRoleCreate', at, {
    params,
    body: {
      alias: 'web',
      role: roleId,
      cloudPlatform: place.cloud_platform as 'ec2',
      cloudLocation: place.cloud_location,
      scaling,
    },
  });
  await admin.call('farmLaunch', at, { params });
  return farm.id;
}
