import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';
import type { SimulatedEstatePlace } from './estate.ts';

/** A refresh is kept beside what an account has, and is nothing that its inventory finds. */
export const refreshKind = 'refresh';

/** What an account has of one kind at a place, with times as text. */
export async function fetchEstateOfKind<Fact>(
  db: Db,
  { account, cloudPlatform, cloudLocation }: SimulatedEstatePlace,
  of: {
    kind: 'server' | 'template' | 'pointer' | typeof refreshKind;
    /** Of this group alone. */
    groupId?: string;
  },
): Promise<Fact[]> {
  const inGroup = of.groupId === undefined ? sql`` : sql`AND fact ->> 'groupId' = ${of.groupId}`;
  const { rows } = await sql<{ fact: Fact }>`
    SELECT fact FROM simulated_estate WHERE account = ${account} AND cloud_platform = ${cloudPlatform}
      AND cloud_location = ${cloudLocation} AND kind = ${of.kind} ${inGroup} ORDER BY id`.execute(
    db,
  );
  return rows.map(({ fact }) => fact);
}

/** The groups of a place that are in the middle of something. */
export async function fetchMovingGroups(
  db: Db,
  { account, cloudPlatform, cloudLocation }: SimulatedEstatePlace,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT DISTINCT fact ->> 'groupId' AS id FROM simulated_estate
    WHERE account = ${account} AND cloud_platform = ${cloudPlatform} AND cloud_location = ${cloudLocation}
      AND (kind = ${refreshKind} AND fact ->> 'state' IN ('underWay', 'ending')
        OR kind = 'server' AND fact ? 'groupId' AND fact ? 'upAt')`.execute(db);
  return rows.map(({ id }) => id);
}

/**
 * Does something with a group that nobody else does anything with meanwhile.
 * @param work is given the group as it is, or nothing where there is none
 */
export async function withSimulatedGroup<Group, Answer>(
  db: Db,
  { account, cloudPlatform, cloudLocation }: SimulatedEstatePlace,
  groupId: string,
  work: (tx: Db, group: Group | undefined) => Promise<Answer>,
): Promise<Answer> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ fact: Group }>`
      SELECT fact FROM simulated_estate WHERE account = ${account} AND cloud_platform = ${cloudPlatform}
        AND cloud_location = ${cloudLocation} AND kind = 'group' AND id = ${groupId} FOR UPDATE`.execute(
      tx,
    );
    return work(tx, rows[0]?.fact);
  });
}
