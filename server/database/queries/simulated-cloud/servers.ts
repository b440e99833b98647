import { sql } from 'kysely';
import type { Db } from '../../connection/connection.ts';

/** A server of the simulated cloud as it is now. */
export interface SimulatedServerRow {
  token: string;
  cloud_platform: string;
  cloud_location: string;
  cloud_server_id: string;
  cloud_image_id: string | null;
  state: string;
  reason: string | null;
  public_ip: string | null;
  private_ip: string | null;
  reboot_tokens: string[];
}

/** Into which state it goes now, and into which one then, after how long. */
export interface SimulatedStep {
  state: string;
  next?: { state: string; afterMs: number; reason?: string };
}

export interface NewSimulatedServer {
  token: string;
  /** Whose it is. */
  account: string;
  cloudPlatform: string;
  cloudLocation: string;
  cloudServerId: string;
  cloudImageId: string;
  instanceType: string;
  hostname: string;
  tags: Readonly<Record<string, string>>;
  publicIp: string;
  privateIp: string;
  boot: SimulatedStep;
}

/** What the cloud would say of it at this moment. */
const asItIsNow = sql`token, cloud_platform, cloud_location, cloud_server_id, cloud_image_id,
  CASE WHEN due_at <= clock_timestamp() THEN next_state ELSE state END AS state, reason,
  host(public_ip) AS public_ip, host(private_ip) AS private_ip, reboot_tokens`;

/**
 * Starts a server, unless one was started with its token. Its id there is made from the token, and of two at once
 * either may meet the other's id first.
 */
export async function insertSimulatedServer(db: Db, server: NewSimulatedServer): Promise<void> {
  const { boot } = server;
  await sql`INSERT INTO simulated_servers (token, account, cloud_platform, cloud_location, cloud_server_id,
      cloud_image_id, instance_type, hostname, tags, public_ip, private_ip, state, next_state, due_at, reason)
    VALUES (${server.token}, ${server.account}, ${server.cloudPlatform}, ${server.cloudLocation}, ${server.cloudServerId},
      ${server.cloudImageId}, ${server.instanceType}, ${server.hostname}, ${JSON.stringify(server.tags)}::jsonb,
      ${server.publicIp}::inet, ${server.privateIp}::inet, ${boot.state}, ${boot.next?.state ?? null},
      ${dueAt(boot)}, ${boot.next?.reason ?? null})
    ON CONFLICT DO NOTHING`.execute(db);
}

/** What a server is asked for by. */
export interface SimulatedServerRef {
  token: string;
  cloudPlatform: string;
  cloudLocation: string;
  cloudServerId?: string | undefined;
}

/**
 * A server by its token, or by its id in the cloud. One that is in Slipway's own table and not known here yet (of
 * the demo estate, or of a time before this cloud remembered anything) is taken over where its id there is the
 * token: what was under way has arrived.
 */
export async function findSimulatedServer(
  db: Db,
  ref: SimulatedServerRef,
): Promise<SimulatedServerRow | undefined> {
  const known = await selectServer(db, ref);
  if (known || !isUuid(ref.token)) return known;
  await sql`INSERT INTO simulated_servers (token, cloud_platform, cloud_location, cloud_server_id, cloud_image_id,
      instance_type, hostname, public_ip, private_ip, state)
    SELECT s.id, s.cloud_platform, s.cloud_location, s.cloud_server_id, i.cloud_image_id, s.instance_type, s.hostname,
      s.public_ip, s.private_ip, CASE WHEN s.status IN ('suspended', 'pending_suspend') THEN 'suspended'
        WHEN s.status = 'pending_terminate' THEN 'terminated' ELSE 'running' END
    FROM servers s LEFT JOIN images i ON i.id = s.image_id
    WHERE s.id = ${ref.token}::uuid AND s.cloud_server_id IS NOT NULL AND s.status NOT IN ('terminated', 'failed')
    ON CONFLICT DO NOTHING`.execute(db);
  return selectServer(db, ref);
}

async function selectServer(
  db: Db,
  { token, cloudPlatform, cloudLocation, cloudServerId = '' }: SimulatedServerRef,
): Promise<SimulatedServerRow | undefined> {
  const { rows } = await sql<SimulatedServerRow>`
    SELECT ${asItIsNow} FROM simulated_servers WHERE token = ${token} OR (cloud_platform = ${cloudPlatform}
      AND cloud_location = ${cloudLocation} AND cloud_server_id = ${cloudServerId})
    ORDER BY token <> ${token} LIMIT 1`.execute(db);
  return rows[0];
}

/**
 * Changes a server, if there is one.
 * @param decide what becomes of it, given how it is; nothing leaves it as it is
 * @returns it as it is then
 */
export async function stepSimulatedServer(
  db: Db,
  ref: SimulatedServerRef,
  decide: (server: SimulatedServerRow) => SimulatedStep | undefined,
): Promise<SimulatedServerRow | undefined> {
  const found = await findSimulatedServer(db, ref);
  if (!found) return undefined;
  const { token } = found;
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<SimulatedServerRow>`
      SELECT ${asItIsNow} FROM simulated_servers WHERE token = ${token} FOR UPDATE`.execute(tx);
    const [server] = rows;
    const step = server && decide(server);
    if (!step) return server;
    const changed = await sql<SimulatedServerRow>`
      UPDATE simulated_servers SET state = ${step.state}, next_state = ${step.next?.state ?? null},
        due_at = ${dueAt(step)}, reason = ${step.next?.reason ?? null}
      WHERE token = ${token} RETURNING ${asItIsNow}`.execute(tx);
    return changed.rows[0];
  });
}

/** Notes a reboot, once for its token. */
export async function noteSimulatedReboot(
  db: Db,
  token: string,
  rebootToken: string,
): Promise<void> {
  await sql`UPDATE simulated_servers SET reboot_tokens = reboot_tokens || ${rebootToken}::text
    WHERE token = ${token} AND NOT ${rebootToken} = ANY(reboot_tokens)`.execute(db);
}

/** The next servers of a place that have a tag, in the order of their tokens. */
export async function listSimulatedServers(
  db: Db,
  of: {
    cloudPlatform: string;
    cloudLocation: string;
    tag: { name: string; value: string };
    after: string;
    limit: number;
  },
): Promise<SimulatedServerRow[]> {
  const tags = JSON.stringify({ [of.tag.name]: of.tag.value });
  const { rows } = await sql<SimulatedServerRow>`
    SELECT ${asItIsNow} FROM simulated_servers
    WHERE tags @> ${tags}::jsonb AND cloud_platform = ${of.cloudPlatform}
      AND cloud_location = ${of.cloudLocation} AND token > ${of.after}
    ORDER BY token LIMIT ${of.limit}`.execute(db);
  return rows;
}

/** The next servers that an account has at a place and that have not ended, with their tags, in the order of their tokens. */
export async function listServersOfAccount(
  db: Db,
  of: {
    account: string;
    cloudPlatform: string;
    cloudLocation: string;
    after: string;
    limit: number;
  },
): Promise<(SimulatedServerRow & { tags: Record<string, string> })[]> {
  const { rows } = await sql<SimulatedServerRow & { tags: Record<string, string> }>`
    SELECT ${asItIsNow}, tags FROM simulated_servers
    WHERE account = ${of.account} AND cloud_platform = ${of.cloudPlatform} AND cloud_location = ${of.cloudLocation}
      AND CASE WHEN due_at <= clock_timestamp() THEN next_state ELSE state END <> 'terminated'
      AND token > ${of.after}
    ORDER BY token LIMIT ${of.limit}`.execute(db);
  return rows;
}

function dueAt({ next }: SimulatedStep) {
  return next
    ? sql`clock_timestamp() + make_interval(secs => ${next.afterMs / 1000})`
    : sql`NULL::timestamptz`;
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
