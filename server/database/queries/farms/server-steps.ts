import { type RawBuilder, sql } from 'kysely';
import { passingServerStatuses, type ServerStatus } from '#contract/farms/statuses.ts';
import type { Db } from '../../connection/connection.ts';
import { sendAhead } from '../../connection/sent-ahead.ts';
import { laneOf } from '../records/outbox.ts';
import { isThere, joinCurrentImage } from './usage.ts';

/** The job that brings a server on in its cloud: one at a time for each server, whatever it has to do. */
export const serverStepKind = 'server-step';

/** The job that ends a server in its cloud after its row has gone with its farm role, or after it did not come up. */
export const serverRemovalKind = 'server-removal';

/** The job that reboots a server in its cloud. */
export const serverRebootKind = 'server-reboot';

/** A server as its cloud is asked about it. */
export interface SteppingServer {
  id: string;
  farm_id: number;
  farm_role_id: number;
  account_id: number;
  environment_id: number;
  status: ServerStatus;
  /** None for one that waits to be launched and has none yet. */
  image_id: string | null;
  cloud_platform: string;
  cloud_location: string;
  cloud_server_id: string | null;
  cloud_image_id: string | null;
  instance_type: string;
  hostname: string;
  launched_at: Date;
  public_ip: string | null;
  private_ip: string | null;
}

/** Whose credentials what a server has to do uses. */
const lane = laneOf({
  credentialsId: sql`s.cloud_credentials_id`,
  accountId: sql`s.account_id`,
  cloudPlatform: sql`s.cloud_platform`,
});

/** What others run goes its way without Slipway. */
const isOnItsWay = sql`(s.status IN (${sql.join(passingServerStatuses.map((each) => sql.lit(each)))})
  AND NOT EXISTS (SELECT FROM observed_farms o WHERE o.farm_id = s.farm_id))`;

/** @returns the server, unless it has gone or is at rest */
export async function findSteppingServer(tx: Db, id: string): Promise<SteppingServer | undefined> {
  return findServerWhere(tx, sql`s.id = ${id} AND ${isOnItsWay}`);
}

/** @returns the server, unless nothing of it is left in its cloud */
export async function findServerInCloud(tx: Db, id: string): Promise<SteppingServer | undefined> {
  return findServerWhere(tx, sql`s.id = ${id} AND ${isThere('s')}`);
}

async function findServerWhere(
  tx: Db,
  condition: RawBuilder<unknown>,
): Promise<SteppingServer | undefined> {
  const { rows } = await sql<SteppingServer>`
    SELECT s.id, s.farm_id, s.farm_role_id, s.account_id, s.environment_id, s.status, s.image_id, s.cloud_platform,
      s.cloud_location, s.cloud_server_id, i.cloud_image_id, s.instance_type, s.hostname, s.launched_at,
      host(s.public_ip) AS public_ip, host(s.private_ip) AS private_ip
    FROM servers s LEFT JOIN images i ON i.id = s.image_id
    WHERE ${condition}`.execute(tx);
  return rows[0];
}

/**
 * Queues a step for each of these servers that is on its way, unless one is queued: that is due now, however long
 * what was wanted before was put off. What a process is at, it does again once it sees what is wanted.
 * @param servers a condition on `s` (servers)
 */
export async function queueServerSteps(tx: Db, servers: RawBuilder<unknown>): Promise<void> {
  const insert = sql`
    INSERT INTO outbox (kind, lane, subject, payload)
    SELECT ${serverStepKind}, ${lane}, s.id::text, jsonb_build_object('serverId', s.id)
    FROM servers s WHERE ${servers} AND ${isOnItsWay}
    ORDER BY s.id
    ON CONFLICT (kind, subject) WHERE done_at IS NULL AND subject IS NOT NULL DO UPDATE
    SET next_attempt_at = excluded.next_attempt_at
    WHERE outbox.next_attempt_at > excluded.next_attempt_at
      AND coalesce(outbox.leased_until, '-infinity') <= excluded.next_attempt_at`;
  await sendAhead(tx, insert.compile(tx));
}

/**
 * Queues a step for every server that is on its way and has none: those that were loaded or restored so. The queued
 * ones are hashed: thousands are queued and settled between two statistics, by which an index looks better.
 */
export async function queueForgottenSteps(tx: Db): Promise<void> {
  await queueServerSteps(
    tx,
    sql`s.id::text NOT IN (SELECT o.subject FROM outbox o
      WHERE o.kind = ${serverStepKind} AND o.subject IS NOT NULL AND o.done_at IS NULL)`,
  );
}

/** Has a server rebooted. */
export async function queueServerReboot(tx: Db, id: string, hard: boolean): Promise<void> {
  await sql`
    INSERT INTO outbox (kind, lane, payload)
    SELECT ${serverRebootKind}, ${lane}, jsonb_build_object('serverId', s.id, 'hard', ${hard}::boolean)
    FROM servers s WHERE s.id = ${id}`.execute(tx);
}

/** Has what is left of these servers in their clouds ended, without their rows. */
export async function queueServerRemovals(tx: Db, servers: RawBuilder<unknown>): Promise<void> {
  await sql`
    INSERT INTO outbox (kind, lane, subject, payload)
    SELECT ${serverRemovalKind}, ${lane}, s.id::text, jsonb_build_object('serverId', s.id, 'accountId', s.account_id,
      'envId', s.environment_id, 'cloudPlatform', s.cloud_platform, 'cloudLocation', s.cloud_location,
      'cloudServerId', s.cloud_server_id, 'removedAt', clock_timestamp())
    FROM servers s WHERE ${servers} ORDER BY s.id`.execute(tx);
}

/** A launch whose answer nobody heard has come to its end by then: a call takes no longer. */
const launchEndsMs = 60_000;

/**
 * Whether the cloud may yet do the launch of a server that is being ended: an attempt at it was given up without an
 * answer, and not long ago.
 */
export async function mayStillBeLaunched(tx: Db, jobId: string, now: Date): Promise<boolean> {
  const since = new Date(now.getTime() - launchEndsMs);
  const { rows } = await sql`
    SELECT FROM outbox o JOIN servers s ON s.id::text = o.subject
    WHERE o.id = ${jobId} AND o.attempts > 1 AND s.cloud_server_id IS NULL AND EXISTS (SELECT FROM server_events e
      WHERE e.server_id = s.id AND e.status = 'pending_terminate' AND e.at > ${since})`.execute(tx);
  return rows.length > 0;
}

/** Whether the cloud may yet launch a server whose row has gone; by the clock of the database, which noted when. */
export async function mayRemovedStillCome(tx: Db, jobId: string): Promise<boolean> {
  const { rows } = await sql`
    SELECT FROM outbox WHERE id = ${jobId} AND payload ->> 'cloudServerId' IS NULL
      AND (payload ->> 'removedAt')::timestamptz > clock_timestamp() - make_interval(secs => ${launchEndsMs / 1000})`.execute(
    tx,
  );
  return rows.length > 0;
}

/** Has what is left in its cloud of a server that did not come up ended; its row stays, and says why. */
export async function queueRemainsRemoval(tx: Db, id: string): Promise<void> {
  await queueServerRemovals(tx, sql`s.id = ${id}`);
}

/** Writes down what a cloud said of a server: its id there, and its addresses. */
export async function noteCloudFacts(
  tx: Db,
  id: string,
  facts: { cloudServerId: string; publicIp: string | null; privateIp: string | null },
): Promise<void> {
  const update = sql`UPDATE servers SET cloud_server_id = ${facts.cloudServerId},
      public_ip = ${facts.publicIp}::inet, private_ip = ${facts.privateIp}::inet, version = version + 1
    WHERE id = ${id}`;
  await sendAhead(tx, update.compile(tx));
}

/** Gives a server that waits for it the image that its Role has now at its place. */
export async function resolveImage(tx: Db, id: string): Promise<void> {
  await sql`UPDATE servers s SET image_id = current.id, version = s.version + 1
    FROM farm_roles fr ${joinCurrentImage('fr')}
    WHERE s.id = ${id} AND s.image_id IS NULL AND fr.id = s.farm_role_id`.execute(tx);
}

/**
 * Remembers that a launch of a farm role failed. Those that fail before the next attempt is due count as one.
 * @returns how many have, one after the other
 */
export async function noteSetback(
  tx: Db,
  farmRoleId: number,
  setback: { at: Date; reason: string; retryAfterMs: (failures: number) => number },
): Promise<number> {
  const { at, reason } = setback;
  const { rows } = await sql<{ failures: number }>`
    INSERT INTO farm_role_setbacks AS s (farm_role_id, failures, at, retry_at, reason)
    VALUES (${farmRoleId}, 1, ${at}, ${at}, ${reason})
    ON CONFLICT (farm_role_id) DO UPDATE SET failures = s.failures + (s.retry_at <= excluded.at)::int,
      at = excluded.at, reason = excluded.reason
    RETURNING failures`.execute(tx);
  const failures = rows[0]?.failures ?? 1;
  const retryAt = new Date(at.getTime() + setback.retryAfterMs(failures));
  await tx
    .updateTable('farm_role_setbacks')
    .set({ retry_at: retryAt })
    .where('farm_role_id', '=', farmRoleId)
    .execute();
  return failures;
}

/** Forgets the setbacks of a farm role: a server of it runs. */
export async function clearSetback(tx: Db, farmRoleId: number): Promise<void> {
  const gone = tx.deleteFrom('farm_role_setbacks').where('farm_role_id', '=', farmRoleId);
  await sendAhead(tx, gone.compile());
}
