import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { demandCapability } from '../../cloud/port.ts';
import type { CloudServer } from '../../cloud/servers.ts';
import { testSecretsKey } from '../test-key.ts';
import type { TestDatabase } from '../database.ts';
import { type ServerProcess, startServerProcess } from '../server-process.ts';
import { lxd } from './lxd-setup.ts';

/** Slipway in a process of its own, with LXD as its cloud; it opens the keys that tests make. */
export async function startOnLxd(
  { db, url }: TestDatabase,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  // LXD knows servers by the number of their farm, and several databases have their servers in one.
  await sql`SELECT setval(pg_get_serial_sequence('farms', 'id'), ${randomInt(1_000_000, 1_000_000_000)})`.execute(
    db,
  );
  return startServerProcess(url, {
    environment: {
      CLOUD: 'lxd',
      LXD_SOCKET: lxd.socket,
      SECRETS_KEY: testSecretsKey.toString('base64'),
      ...settings,
    },
  });
}

/** Where images and farm roles of the tests are, as calls and as rows have it. */
export const lxdPlace = { cloudPlatform: 'lxd', cloudLocation: 'default' } as const;
export const lxdColumns = { cloud_platform: 'lxd', cloud_location: 'default' };

/** What LXD itself has of a farm: how many run each image, or are in another state. */
export async function countInLxd(farmId: number): Promise<Record<string, number>> {
  const servers = demandCapability(lxd.connect(), 'servers');
  const tag = { name: 'slipway-farm', value: String(farmId) };
  const inTime = { signal: AbortSignal.timeout(60_000) };
  const found: CloudServer[] = [];
  for await (const page of servers.list({ ...lxd.place, tag }, inTime)) found.push(...page);
  const counts: Record<string, number> = {};
  for (const { state, cloudImageId = '' } of found) {
    const what = state === 'running' ? cloudImageId : state;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  return counts;
}
