/** How big a large estate is, and how skewed; everything else in it follows from these numbers. */
export interface EstateShape {
  accounts: number;
  environments: number;
  images: number;
  /** Of the images, those at Corporate. */
  corporateImages: number;
  roles: number;
  farms: number;
  /** Of any status; farm roles are three per farm. */
  servers: number;
  /** Of the servers, those on the most used image, all of them running. */
  serversOnOneImage: number;
  /** How many roles of the big account hold each of its two widely used images. */
  rolesOnOneImage: [most: number, half: number];
}

/** The large estates that can be loaded by name. */
export const largeShapes = {
  l: {
    accounts: 100,
    environments: 1_000,
    images: 50_000,
    corporateImages: 5_000,
    roles: 5_000,
    farms: 2_000,
    servers: 60_000,
    serversOnOneImage: 20_000,
    rolesOnOneImage: [1_000, 500],
  },
  xl: {
    accounts: 100,
    environments: 1_000,
    images: 109_000,
    corporateImages: 10_900,
    roles: 10_000,
    farms: 20_000,
    servers: 1_000_000,
    serversOnOneImage: 100_000,
    rolesOnOneImage: [1_000, 500],
  },
} satisfies Record<string, EstateShape>;

/** The account that is larger than all others, and its environment that is. */
export const BIG_ACCOUNT = 1;
export const BIG_ENVIRONMENT = 1;

export const FARM_ROLES_PER_FARM = 3;
/** Live servers of a farm role on the most used image. */
export const POPULAR_SERVERS = 20;

/**
 * What a shape means in rows. The big account holds 40 % of what is not Corporate's; of its images, its
 * big environment holds 20 %, the account itself 65 %, its other environments the rest.
 */
export function planLarge(shape: EstateShape) {
  const { accounts, environments, images, corporateImages, roles, farms, servers } = shape;
  const environmentsEach = Math.floor((environments * 0.9) / accounts);
  const bigEnvironments = environments - environmentsEach * (accounts - 1);
  const corporateRoles = share(roles, 4);
  return {
    ...shape,
    environmentsEach,
    bigEnvironments,
    images: { ...planImages(images - corporateImages), corporate: corporateImages },
    roles: {
      ...planRoles(roles - corporateRoles, shape.rolesOnOneImage),
      corporate: corporateRoles,
    },
    farms: {
      all: farms,
      big: share(farms, 40),
      bigEnvironment: share(share(farms, 40), 20),
    },
    farmRoles: farms * FARM_ROLES_PER_FARM,
    servers: {
      others: servers - shape.serversOnOneImage,
      popularFarmRoles: shape.serversOnOneImage / POPULAR_SERVERS,
    },
  };
}

export type LargePlan = ReturnType<typeof planLarge>;

/** The two lines that very many roles hold have so many releases, in one place. */
export const SHARED_RELEASES = 8;
export const SHARED_IMAGES = 2 * SHARED_RELEASES;

function planImages(rest: number) {
  const big = share(rest, 40);
  const environment = share(big, 20);
  const account = share(big, 65);
  // What a pipeline registers with every build, in one place: that is how catalogues get huge.
  const builds = Math.floor((account * 5) / 6);
  const environmentBuilds = Math.floor((environment * 2) / 3);
  const others = rest - big;
  return {
    big: {
      builds,
      sets: account - builds - SHARED_IMAGES,
      environmentBuilds,
      environmentSets: environment - environmentBuilds,
      otherEnvironments: big - account - environment,
    },
    otherAccounts: share(others, 60),
    otherEnvironments: others - share(others, 60),
  };
}

function planRoles(rest: number, [most, half]: [number, number]) {
  const big = share(rest, 40);
  const free = big - most - half;
  const others = rest - big;
  return {
    big: {
      most,
      half,
      account: share(free, 25),
      environment: share(free, 25),
      otherEnvironments: free - 2 * share(free, 25),
    },
    otherAccounts: share(others, 40),
    otherEnvironments: others - share(others, 40),
  };
}

function share(of: number, percent: number): number {
  return Math.floor((of * percent) / 100);
}
