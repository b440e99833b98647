import { sql, type Transaction } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { Database } from '../../schema.ts';
import { continueSequences, lockEmptyDatabase } from '../empty-database.ts';
import { withBareTables } from './bare-tables.ts';
import { farmRolesSql, farmsSql, lastUseSql, SERVER_PARTS, serversSql } from './farms.ts';
import { imagePoolsSql, imagesSql } from './images.ts';
import { organisationSql, signInPeople } from './organisation.ts';
import { replacementsSql, roleImagesSql, rolePoolsSql, rolesSql } from './roles.ts';
import { type EstateShape, planLarge } from './shape.ts';

/** In an order that references allow. */
const tables = [
  'accounts',
  'environments',
  'users',
  'grants',
  'images',
  'roles',
  'role_images',
  'role_image_history',
  'replacements',
  'replacement_pairs',
  'replacement_roles',
  'farms',
  'farm_roles',
  'servers',
] as const;

/** Those with so many rows that their indexes are better made afterwards. */
const largeTables = tables.slice(tables.indexOf('images'));

export type LargeSummary = Record<(typeof tables)[number], number>;

export interface LoadLargeOptions {
  shape: EstateShape;
  /** The moment that everything in the estate is dated from. */
  now: Date;
  /** Told before each step: its name, and the part of the work that is done, from 0 to 1. */
  onProgress?: ((step: string, done: number) => void) | undefined;
}

/**
 * Loads a large estate into a migrated, empty database, whole or not at all, by statements that make their
 * rows inside the database. The same `now` gives the same rows; ids do not even depend on it.
 * @throws EstateNotEmptyError as `loadEstate`
 */
export async function loadLargeEstate(db: Db, options: LoadLargeOptions): Promise<LargeSummary> {
  const tell = options.onProgress ?? (() => {});
  const steps = planSteps(options);
  // One connection, since VACUUM works outside of transactions and needs more time than a request.
  return db.connection().execute(async (connection) => {
    const summary = await connection.transaction().execute(async (tx) => {
      await lockEmptyDatabase(
        tx,
        signInPeople.map(({ email }, index) => ({ id: index + 1, email })),
      );
      await sql`SET LOCAL statement_timeout = 0`.execute(tx);
      // VACUUM, right after it, finds rows to be seen by all only once their commit is written.
      await sql`SET LOCAL synchronous_commit = on`.execute(tx);
      await stopWhenLeft(tx);
      await sql`SET LOCAL work_mem = '128MB'`.execute(tx);
      await sql`SET LOCAL maintenance_work_mem = '256MB'`.execute(tx);
      const insert = async () => {
        for (const [index, { name, statements }] of steps.entries()) {
          tell(name, (index / steps.length) * INSERTS);
          for (const text of statements) await sql.raw(text).execute(tx);
        }
      };
      await withoutServerCounts(tx, async () => {
        await withBareTables(tx, largeTables, insert, (left, of) =>
          tell('indexes', INSERTS + (1 - left / of) * INDEXES),
        );
      });
      await continueSequences(tx);
      return countRows(tx);
    });
    tell('statistics', INSERTS + INDEXES);
    await vacuum(connection);
    tell('done', 1);
    return summary;
  });
}

/** What part of the time the inserts and the indexes take; statistics take the rest. */
const INSERTS = 0.6;
const INDEXES = 0.3;

interface Step {
  name: string;
  statements: string[];
}

function planSteps({ shape, now }: LoadLargeOptions): Step[] {
  const plan = planLarge(shape);
  return [
    { name: 'accounts', statements: organisationSql(plan, now) },
    { name: 'images', statements: [...imagePoolsSql(plan), imagesSql(now)] },
    { name: 'roles', statements: [...rolePoolsSql(plan), rolesSql(now), ...roleImagesSql(now)] },
    { name: 'replacements', statements: replacementsSql },
    { name: 'farms', statements: [farmsSql(plan, now), ...farmRolesSql(plan, now)] },
    ...Array.from({ length: SERVER_PARTS }, (_, part) => ({
      name: 'servers',
      statements: [serversSql(now, part)],
    })),
    { name: 'last use', statements: lastUseSql },
  ];
}

/** Counts servers once at the end, and not again after every statement. */
async function withoutServerCounts(
  tx: Transaction<Database>,
  work: () => Promise<void>,
): Promise<void> {
  await sql`ALTER TABLE servers DISABLE TRIGGER USER`.execute(tx);
  await work();
  await sql`ALTER TABLE servers ENABLE TRIGGER USER`.execute(tx);
  await sql`ANALYZE images, role_images, role_image_history, farm_roles, servers`.execute(tx);
  await sql`SELECT rebuild_server_groups(), rebuild_uses()`.execute(tx);
}

/** For index-only scans and good plans from the first request on. */
async function vacuum(connection: Db): Promise<void> {
  await sql`SET statement_timeout = 0`.execute(connection);
  // The statistics of one table commit next to the load: unwritten, they hide from the next what all may see.
  await sql`SET synchronous_commit = on`.execute(connection);
  try {
    await sql`VACUUM (ANALYZE) ${sql.join([...tables, 'image_sets', 'server_groups', 'image_uses', 'role_uses'].map((table) => sql.table(table)))}`.execute(
      connection,
    );
  } finally {
    await sql`RESET statement_timeout`.execute(connection);
    await sql`RESET synchronous_commit`.execute(connection);
  }
}

async function countRows(tx: Transaction<Database>): Promise<LargeSummary> {
  const counts = tables.map(
    (table) => sql`(SELECT count(*) FROM ${sql.table(table)}) AS ${sql.ref(table)}`,
  );
  const { rows } = await sql<LargeSummary>`SELECT ${sql.join(counts)}`.execute(tx);
  const [summary] = rows;
  if (!summary) throw new Error('A list of counts always has one row');
  return summary;
}

/**
 * Without it, PostgreSQL goes on with the statement of a loader that was interrupted, and keeps everybody
 * out meanwhile. On Windows it cannot notice.
 */
async function stopWhenLeft(tx: Db): Promise<void> {
  await sql`SELECT set_config('client_connection_check_interval', '500ms', true)
    WHERE version() !~* 'visual c|msvc|mingw'`.execute(tx);
}
