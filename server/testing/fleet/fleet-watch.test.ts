import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withDatabase } from '../database.ts';
import { settleServers } from '../fleet.ts';
import { countRunningInBoth, FleetWatch } from './fleet-watch.ts';
import { MovingFleet } from './moving-fleet.ts';

// Whoever looks at a fleet while something befalls it would notice. What is done here by hand breaks what is always so.
const database = withDatabase({ breaks: ['GRP-01', 'SRV-04'] });

test.each([
  [
    'more servers that are down than may be',
    sql`UPDATE servers SET status = 'pending' WHERE id IN (SELECT id FROM of_farm LIMIT 3)`,
    'more servers are down than may be',
  ],
  [
    'a server that is missing',
    sql`UPDATE servers SET status = 'pending_terminate' WHERE id IN (SELECT id FROM of_farm LIMIT 1)`,
    'a server is missing that nobody has ended',
  ],
  [
    'a server too many',
    sql`INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, image_id, cloud_platform,
        cloud_location, server_index, status) SELECT farm_id, farm_role_id, account_id, environment_id, image_id,
        cloud_platform, cloud_location, 98, 'running' FROM of_farm LIMIT 1`,
    'more servers than there may be',
  ],
  [
    'a server that was left behind in the cloud',
    sql`UPDATE servers SET status = 'terminated' WHERE id IN (SELECT id FROM of_farm LIMIT 1)`,
    'the cloud has servers that have ended for Slipway',
  ],
  [
    'a server that was launched twice, and then ended',
    sql`INSERT INTO servers (farm_id, farm_role_id, account_id, environment_id, cloud_platform, cloud_location,
        server_index, status) SELECT farm_id, farm_role_id, account_id, environment_id, cloud_platform, cloud_location,
        99, 'failed' FROM of_farm LIMIT 1`,
    'a server was launched twice',
  ],
])('%s is noticed', async (_what, breach, words) => {
  const { db } = database;
  const fleet = await MovingFleet.launch(db);
  await settleServers(db);
  const [farm] = fleet.moved;
  expect(await countRunningInBoth(db, farm?.farmId ?? 0)).toBe(farm?.servers);
  const before = new FleetWatch(db, fleet.farms);
  expect(await before.stop()).toEqual([]);
  await sql`WITH of_farm AS MATERIALIZED (SELECT * FROM servers WHERE farm_id = ${farm?.farmId}) ${breach}`.execute(
    db,
  );
  const after = new FleetWatch(db, fleet.farms);
  expect((await after.stop()).join('\n')).toContain(words);
  expect(after.breaches.join('\n')).toContain(`"farm_id":${farm?.farmId}`);
});
