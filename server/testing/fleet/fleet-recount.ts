import { type ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../database/connection/connection.ts';

// Every count of the fleet, counted anew from the rows of servers, farm roles, role images and images alone: what
// docs/domain.md, "Usage and staleness" and "Use of an image", say in words, and no query of the server's own.

const ended = ['pending_terminate', 'terminated', 'failed'];

/** A live server with what it is counted by. */
interface CountedServer {
  farmId: number;
  ownerId: number;
  farmRoleId: number;
  roleId: number;
  imageId: string | null;
  setId: number | null;
  cloudImage: string;
  isOld: boolean;
}

interface Places {
  account_id: number | null;
  environment_id: number | null;
}

/** What is at and below a scope, or all that it sees. */
function within<Row extends Places>(rows: readonly Row[], at: ScopeRef): Row[] {
  return rows.filter(
    (row) =>
      at.scope === 'scalr' ||
      (row.account_id === at.accountId &&
        (at.scope === 'account' || row.environment_id === at.environmentId)),
  );
}

function sees(at: Places, row: Places): boolean {
  return (
    row.account_id === null ||
    (row.account_id === at.account_id &&
      (row.environment_id === null || row.environment_id === at.environment_id))
  );
}

const keyOf = (image: {
  cloud_platform: string;
  cloud_location: string;
  cloud_image_id: string | null;
}) => [image.cloud_platform, image.cloud_location, image.cloud_image_id].join(' ');

/** The tables, as they are at one moment. */
export async function readFleet(db: Db) {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (tx) => ({
      servers: await tx.selectFrom('servers').selectAll().execute(),
      farms: await tx.selectFrom('farms').selectAll().execute(),
      farmRoles: await tx.selectFrom('farm_roles').selectAll().execute(),
      roles: await tx.selectFrom('roles').selectAll().where('deleted_at', 'is', null).execute(),
      roleImages: await tx.selectFrom('role_images').selectAll().execute(),
      images: await tx.selectFrom('images').selectAll().execute(),
      moves: await tx.selectFrom('rollout_servers').selectAll().execute(),
    }));
}
type Fleet = Awaited<ReturnType<typeof readFleet>>;

/** Counts the fleet at and below a scope. */
export class Recount {
  readonly #fleet: Fleet;
  readonly #at: ScopeRef;
  readonly servers: readonly CountedServer[];

  constructor(fleet: Fleet, at: ScopeRef) {
    this.#fleet = fleet;
    this.#at = at;
    this.servers = within(fleet.servers, at)
      .filter(({ status }) => !ended.includes(status))
      .map((server) => this.#countServer(server));
  }

  /** Servers on old images, under a filter. */
  old(matches: (server: CountedServer) => boolean = () => true): CountedServer[] {
    return this.servers.filter((server) => server.isOld && matches(server));
  }

  live(matches: (server: CountedServer) => boolean): CountedServer[] {
    return this.servers.filter(matches);
  }

  totals() {
    const old = this.old();
    return {
      farms: distinct(old, ({ farmId }) => farmId),
      owners: distinct(old, ({ ownerId }) => ownerId),
      images: distinct(old, ({ imageId }) => imageId),
      farmRoles: distinct(old, ({ farmRoleId }) => farmRoleId),
      servers: old.length,
      liveServers: this.servers.length,
    };
  }

  /** The rows of usage: `<farmRoleId>:<imageId>`, with how many are on it and how many there are. */
  rows(): Record<string, { old: number; live: number }> {
    const byRow = Map.groupBy(this.old(), (server) => `${server.farmRoleId}:${server.imageId}`);
    return Object.fromEntries(
      [...byRow].map(([id, on]) => [
        id,
        {
          old: on.length,
          live: this.live(({ farmRoleId }) => farmRoleId === on[0]?.farmRoleId).length,
        },
      ]),
    );
  }

  /** What of a kind has servers on old images, with their number. */
  groups(by: 'farmId' | 'ownerId' | 'imageId'): Record<string, number> {
    const groups = Map.groupBy(this.old(), (server) => String(server[by]));
    return Object.fromEntries([...groups].map(([id, servers]) => [id, servers.length]));
  }

  /** The use of images that are one image to whoever counts: registrations of one machine image, or a set. */
  imageUse(ids: ReadonlySet<string>) {
    const { images, roleImages, farmRoles, roles } = this.#fleet;
    const keys = new Set(images.filter(({ id }) => ids.has(id)).map(keyOf));
    const same = new Set(
      images.filter((one) => one.deleted_at === null && keys.has(keyOf(one))).map(({ id }) => id),
    );
    const here = new Set(within(roles, this.#at).map(({ id }) => id));
    const held = roleImages.filter((one) => same.has(one.image_id));
    const starting = within(farmRoles, this.#at).filter((one) =>
      held.some((role) => isHeldFor(one, role)),
    );
    const on = this.live(({ imageId }) => imageId !== null && same.has(imageId));
    const farms = [...starting.map((one) => one.farm_id), ...on.map(({ farmId }) => farmId)];
    return {
      roles: distinct(
        held.filter((one) => here.has(one.role_id)),
        (one) => one.role_id,
      ),
      farms: new Set(farms).size,
      servers: on.length,
      oldServers: on.filter(({ isOld }) => isOld).length,
    };
  }

  roleUse(roleId: number) {
    const farmRoles = within(this.#fleet.farmRoles, this.#at);
    const own = this.live((server) => server.roleId === roleId);
    return {
      farms: distinct(
        farmRoles.filter((one) => one.role_id === roleId),
        (one) => one.farm_id,
      ),
      servers: own.length,
      oldServers: own.filter(({ isOld }) => isOld).length,
    };
  }

  /** The servers of a rollout at and below the scope, by state. */
  moves(rolloutId: string): Record<string, number> {
    const moves = within(this.#fleet.moves, this.#at).filter((one) => one.rollout_id === rolloutId);
    const counts = { total: moves.length, waiting: 0, moving: 0, baking: 0, moved: 0, skipped: 0 };
    for (const { state } of moves) counts[state] += 1;
    return counts;
  }

  farms(): number {
    return within(this.#fleet.farms, this.#at).length;
  }

  #countServer(server: Fleet['servers'][number]): CountedServer {
    const { farms, farmRoles, images, roleImages } = this.#fleet;
    const farmRole = demand(farmRoles.find(({ id }) => id === server.farm_role_id));
    const image = images.find(({ id }) => id === server.image_id);
    const held = demand(roleImages.find((one) => isHeldFor(farmRole, one)));
    const current = demand(images.find(({ id }) => id === held.image_id));
    const isDeprecated = images.some(
      (one) =>
        image !== undefined &&
        one.deprecated_at !== null &&
        (one.id === image.id ||
          (one.deleted_at === null && keyOf(one) === keyOf(image) && sees(server, one))),
    );
    const isStale =
      image !== undefined &&
      (image.cloud_platform !== current.cloud_platform ||
        image.cloud_image_id !== current.cloud_image_id);
    return {
      farmId: server.farm_id,
      ownerId: demand(farms.find(({ id }) => id === server.farm_id)).owner_id,
      farmRoleId: farmRole.id,
      roleId: farmRole.role_id,
      imageId: server.image_id,
      setId: image?.set_id ?? null,
      cloudImage: image ? keyOf(image) : '',
      isOld: isStale || isDeprecated,
    };
  }
}

/** Whether a farm role starts its servers from an image of a role. */
function isHeldFor(
  farmRole: Fleet['farmRoles'][number],
  held: Fleet['roleImages'][number],
): boolean {
  return (
    farmRole.role_id === held.role_id &&
    farmRole.cloud_platform === held.cloud_platform &&
    (held.cloud_location === '' || farmRole.cloud_location === held.cloud_location)
  );
}

function distinct<Row>(rows: readonly Row[], of: (row: Row) => unknown): number {
  return new Set(rows.map(of)).size;
}

function demand<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('A row names another that is not there.');
  return value;
}
