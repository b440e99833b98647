import { sql } from 'kysely';
import type { ScopeRef } from '#contract/scope.ts';
import type { Db } from '../../connection/connection.ts';
import { imageId, places } from './images.ts';
import { POPULAR_RELEASE } from './roles.ts';
import { BIG_ACCOUNT, BIG_ENVIRONMENT, SHARED_RELEASES } from './shape.ts';

type At<Scope extends ScopeRef['scope']> = ScopeRef & { scope: Scope };

/** An image that many roles hold, and one that may take its place in all of them. */
interface HeldImage {
  id: string;
  successor: string;
  /** Roles of the account that hold it: 1,000 or 500. */
  roles: number;
}

/** What is worth measuring in a large estate. Ids of images are UUIDs. */
export interface Landmarks {
  bigAccount: At<'account'>;
  bigEnvironment: At<'environment'>;
  typicalAccount: At<'account'>;
  typicalEnvironment: At<'environment'>;
  /** By e-mail address. */
  users: { corporateAdmin: string; bigAccountAdmin: string; typicalAccountAdmin: string };
  /** At Corporate; a third of all servers (a tenth on `xl`) run it. */
  mostUsedImage: string;
  /** The set that it is of, with its line and OS. */
  mostUsedSet: { id: number; line: string; os: string };
  /** At `bigAccount`, in 1,000 and in 500 of its roles: `reach` account. */
  inThousandRoles: HeldImage;
  inFiveHundredRoles: HeldImage;
  /** Has the most candidates for its replacement, seen from `bigEnvironment`. */
  pickerImage: string;
  /** In `bigEnvironment`, with 12 images of that environment. */
  promotableRole: number;
  /** Parts of image names: in thousands, in three, and of two characters. */
  searches: { common: string; rare: string; short: string };
}

/**
 * Finds the landmarks of a loaded large estate; they are the same in every one of a size.
 * @throws NoResultError if there is no such estate
 */
export async function findLandmarks(db: Db): Promise<Landmarks> {
  const typical = await db
    .selectFrom('environments')
    .select(['id', 'account_id'])
    .where('account_id', '<>', BIG_ACCOUNT)
    .orderBy(sql`abs(account_id - (SELECT max(id) / 2 FROM accounts))`)
    .orderBy('id')
    .executeTakeFirstOrThrow();
  const images = await findImages(db);
  return {
    bigAccount: { scope: 'account', accountId: BIG_ACCOUNT },
    bigEnvironment: {
      scope: 'environment',
      accountId: BIG_ACCOUNT,
      environmentId: BIG_ENVIRONMENT,
    },
    typicalAccount: { scope: 'account', accountId: typical.account_id },
    typicalEnvironment: {
      scope: 'environment',
      accountId: typical.account_id,
      environmentId: typical.id,
    },
    users: {
      corporateAdmin: 'corporate-admin@example.com',
      bigAccountAdmin: 'account-owner@example.com',
      typicalAccountAdmin: `admin-${typical.account_id}@example.com`,
    },
    mostUsedImage: images.most_used,
    mostUsedSet: await findSet(db, images.most_used),
    inThousandRoles: {
      id: images.most,
      successor: images.most_successor,
      roles: await countRoles(db, images.most),
    },
    inFiveHundredRoles: {
      id: images.half,
      successor: images.half_successor,
      roles: await countRoles(db, images.half),
    },
    pickerImage: images.most,
    promotableRole: await findPromotableRole(db),
    searches: { common: 'web', rare: 'quokka', short: '44' },
  };
}

interface ImageRow {
  most_used: string;
  most: string;
  most_successor: string;
  half: string;
  half_successor: string;
}

/** By their place in their pools: no need to search for what is where it was put. */
async function findImages(db: Db): Promise<ImageRow> {
  const shared = (line: number, release: number) =>
    sql.raw(imageId('2', String(line * SHARED_RELEASES + release)));
  const { rows } = await sql<ImageRow>`
    SELECT ${sql.raw(imageId('1', String(POPULAR_RELEASE * places.length)))} AS most_used,
      ${shared(0, 1)} AS most, ${shared(0, 0)} AS most_successor,
      ${shared(1, 1)} AS half, ${shared(1, 0)} AS half_successor`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('A list of values always has one row');
  return row;
}

async function findPromotableRole(db: Db): Promise<number> {
  const { id } = await db
    .selectFrom('roles')
    .select('id')
    .where('environment_id', '=', BIG_ENVIRONMENT)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .executeTakeFirstOrThrow();
  return id;
}

async function findSet(db: Db, imageId: string): Promise<Landmarks['mostUsedSet']> {
  return db
    .selectFrom('image_sets as s')
    .innerJoin('images as i', 'i.set_id', 's.id')
    .where('i.id', '=', imageId)
    .select(['s.id', 's.line', 's.os_id as os'])
    .executeTakeFirstOrThrow();
}

async function countRoles(db: Db, imageId: string): Promise<number> {
  const { roles } = await db
    .selectFrom('role_images')
    .select(({ fn }) => fn.countAll<number>().as('roles'))
    .where('image_id', '=', imageId)
    .executeTakeFirstOrThrow();
  return roles;
}
