import { sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { type Db, openDatabase } from './connection/connection.ts';
import { takeStartLock } from './connection/locks.ts';
import * as foundation from './migrations/0001-foundation.ts';
import * as referenceData from './migrations/0002-reference-data.ts';
import * as restoredImage from './migrations/0003-restored-image.ts';
import * as serverGroups from './migrations/0004-server-groups.ts';
import * as apiKeys from './migrations/0006-api-keys.ts';
import * as answeredRequests from './migrations/0008-answered-requests.ts';
import * as idleTriggers from './migrations/0009-idle-triggers.ts';
import * as farmsAndProjects from './migrations/0010-farms-and-projects.ts';
import * as coveringIndexes from './migrations/0012-covering-indexes.ts';
import * as imageCopies from './migrations/0013-image-copies.ts';
import * as logShape from './migrations/0014-log-shape.ts';
import * as registrations from './migrations/0015-registrations.ts';
import * as search from './migrations/0016-search.ts';
import * as countedDenials from './migrations/0017-counted-denials.ts';
import * as naturalOrder from './migrations/0018-natural-order.ts';
import * as versionsAndUses from './migrations/0019-versions-and-uses.ts';
import * as imageSets from './migrations/0020-image-sets.ts';
import * as replacementPlans from './migrations/0021-replacement-plans.ts';
import * as composedTexts from './migrations/0022-composed-texts.ts';
import * as judgeImagesAtOnce from './migrations/0023-judge-images-at-once.ts';
import * as simulatedCloud from './migrations/0024-simulated-cloud.ts';
import * as workLanes from './migrations/0024-work-lanes.ts';
import * as livingServers from './migrations/0025-living-servers.ts';
import * as fleetRevisions from './migrations/0026-fleet-revisions.ts';
import * as largeReplacements from './migrations/0027-large-replacements.ts';
import * as rollouts from './migrations/0028-rollouts.ts';
import * as ownerMessages from './migrations/0029-owner-messages.ts';
import * as usesOfResolvedLaunches from './migrations/0029-uses-of-resolved-launches.ts';
import * as burnDown from './migrations/0030-burn-down.ts';
import * as activity from './migrations/0031-activity.ts';
import * as cloudCredentials from './migrations/0036-cloud-credentials.ts';
import * as people from './migrations/0037-people.ts';
import * as waysToSignIn from './migrations/0038-ways-to-sign-in.ts';
import * as sessionsAndKeys from './migrations/0039-sessions-and-keys.ts';
import * as inventory from './migrations/0041-inventory.ts';
import * as lateFollowing from './migrations/0044-late-following.ts';
import * as sealedRecords from './migrations/0045-sealed-records.ts';
import * as observedFarms from './migrations/0047-observed-farms.ts';
import * as policies from './migrations/0049-policies.ts';
import * as rolePointers from './migrations/0050-role-pointers.ts';
import * as passkeys from './migrations/0051-passkeys.ts';
import * as subscriptions from './migrations/0052-subscriptions.ts';
import * as groupMoves from './migrations/0053-group-moves.ts';
import * as pointerPlans from './migrations/0055-pointer-plans.ts';
import * as operationWords from './migrations/0056-operation-words.ts';

/** Every migration by name, in order; one is never changed after it has landed. */
const migrations: Record<string, Migration> = {
  '0001-foundation': foundation,
  '0002-reference-data': referenceData,
  '0003-restored-image': restoredImage,
  '0004-server-groups': serverGroups,
  '0006-api-keys': apiKeys,
  '0008-answered-requests': answeredRequests,
  '0009-idle-triggers': idleTriggers,
  '0010-farms-and-projects': farmsAndProjects,
  '0012-covering-indexes': coveringIndexes,
  '0013-image-copies': imageCopies,
  '0014-log-shape': logShape,
  '0015-registrations': registrations,
  '0016-search': search,
  '0017-counted-denials': countedDenials,
  '0018-natural-order': naturalOrder,
  '0019-versions-and-uses': versionsAndUses,
  '0020-image-sets': imageSets,
  '0021-replacement-plans': replacementPlans,
  '0022-composed-texts': composedTexts,
  '0023-judge-images-at-once': judgeImagesAtOnce,
  '0024-simulated-cloud': simulatedCloud,
  '0024-work-lanes': workLanes,
  '0025-living-servers': livingServers,
  '0026-fleet-revisions': fleetRevisions,
  '0027-large-replacements': largeReplacements,
  '0028-rollouts': rollouts,
  '0029-owner-messages': ownerMessages,
  '0029-uses-of-resolved-launches': usesOfResolvedLaunches,
  '0030-burn-down': burnDown,
  '0031-activity': activity,
  '0036-cloud-credentials': cloudCredentials,
  '0037-people': people,
  '0038-ways-to-sign-in': waysToSignIn,
  '0039-sessions-and-keys': sessionsAndKeys,
  '0041-inventory': inventory,
  '0044-late-following': lateFollowing,
  '0045-sealed-records': sealedRecords,
  '0047-observed-farms': observedFarms,
  '0049-policies': policies,
  '0050-role-pointers': rolePointers,
  '0051-passkeys': passkeys,
  '0052-subscriptions': subscriptions,
  '0053-group-moves': groupMoves,
  '0055-pointer-plans': pointerPlans,
  '0056-operation-words': operationWords,
};

/**
 * The last migration of the oldest release that may run on this schema: docs/operations.md, "Upgrades". Raised only by a
 * release that takes away what that one needs.
 */
const servesFrom = '0044-late-following';
const mark = 'serves from ';

/** The database was migrated by a later Slipway than this one. */
export class NewerDatabaseError extends Error {
  constructor(migration: string) {
    super(
      `The database was written by a newer Slipway (it has the migration "${migration}"). Start that version or a later one, or restore a backup made before the upgrade.`,
    );
    this.name = 'NewerDatabaseError';
  }
}

/**
 * Brings the schema to this version, in one transaction. Safe to call from several processes at once:
 * a lock lets exactly one migrate. What a later version has migrated is left as it is, where it says that this one
 * may run on it.
 * @throws NewerDatabaseError if the database knows a migration that this version does not, and does not say so
 */
export async function migrateToLatest(db: Db, last?: string): Promise<void> {
  if (await isUpToDate(db)) return;
  await db.transaction().execute(async (tx) => {
    // Before Kysely's own, which it takes after it has made its tables.
    await takeStartLock(tx);
    const migrator = new Migrator({ db: tx, provider: { getMigrations: async () => migrations } });
    const { error } = await (last === undefined
      ? migrator.migrateToLatest()
      : migrator.migrateTo(last));
    if (error) throw error;
    // Of the table that every release looks at first.
    await sql`COMMENT ON TABLE kysely_migration IS ${sql.lit(mark + servesFrom)}`.execute(tx);
  });
}

/**
 * The same over a connection of its own without time limits, since a migration may touch every row.
 * @param upTo the names of the migrations that are wanted; all that this version has, unless given
 */
export async function migrateDatabase(url: string, upTo?: readonly string[]): Promise<void> {
  const unknown = upTo?.find((name) => !(name in migrations));
  if (unknown) throw new NewerDatabaseError(unknown);
  const db = openDatabase(url, { maxConnections: 1, limited: false });
  try {
    await migrateToLatest(db, upTo?.at(-1));
  } finally {
    await db.destroy();
  }
}

async function isUpToDate(db: Db): Promise<boolean> {
  const applied = await appliedMigrations(db);
  const unknown = applied.find((name) => !(name in migrations));
  const own = Object.keys(migrations);
  if (unknown === undefined) return applied.length === own.length;
  const isWhole = own.every((name) => applied.includes(name));
  if (isWhole && (await findServesFrom(db)) <= (own.at(-1) ?? '')) return true;
  throw new NewerDatabaseError(unknown);
}

/** The last migration of the oldest release that the schema serves; after all names where nobody has said. */
async function findServesFrom(db: Db): Promise<string> {
  const { rows } = await sql<{ comment: string | null }>`
    SELECT obj_description('kysely_migration'::regclass, 'pg_class') AS comment`.execute(db);
  const comment = rows[0]?.comment ?? '';
  return comment.startsWith(mark) ? comment.slice(mark.length) : '~';
}

async function appliedMigrations(db: Db): Promise<string[]> {
  const { rows } = await sql<{ found: boolean }>`
    SELECT to_regclass('kysely_migration') IS NOT NULL AS found`.execute(db);
  if (rows[0]?.found !== true) return [];
  const applied = await sql<{ name: string }>`
    SELECT name FROM kysely_migration ORDER BY name`.execute(db);
  return applied.rows.map(({ name }) => name);
}
