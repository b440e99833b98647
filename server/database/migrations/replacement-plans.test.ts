import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient } from '../../testing/harness.ts';
import { launch } from '../../testing/launched.ts';
import { restoreDataFolder } from '../backup/restore-folder.ts';
import { type Db, openDatabase } from '../connection/connection.ts';
import { claimDataFolder } from '../embedded/data-folder.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { migrateDatabase } from '../migrate.ts';

// The demo estate as it was before replacements had pairs: a backup that scripts/make-old-backup.mjs made
// with the code of db10370.

const backup = fileURLToPath(new URL('../../testing/upgrade/demo-0020.backup', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'upgrade-test-'));
  await restoreDataFolder(folder, backup);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

async function withUpgraded<T>(work: (db: Db) => Promise<T>): Promise<T> {
  const claimed = await claimDataFolder(folder, 'command');
  const embedded = await startEmbedded(claimed);
  await migrateDatabase(embedded.url);
  const db = openDatabase(embedded.url);
  try {
    return await work(db);
  } finally {
    await db.destroy();
    await embedded.stop();
    await claimed.release();
  }
}

test('what was replaced before is a replacement of one pair, and can be rolled back', async () => {
  await withUpgraded(async (db) => {
    const counts = await sql<object>`
      SELECT count(*) AS replacements, count(*) FILTER (WHERE state = 'applied') AS applied,
        (SELECT count(*) FROM replacement_pairs) AS pairs,
        (SELECT count(*) FROM replacement_pairs WHERE deprecated_old_image) AS deprecated,
        count(rolls_back_id) AS backs, count(*) FILTER (WHERE completes) AS complete,
        count(*) FILTER (WHERE version = 2) AS changed, count(planned_at) AS planned
      FROM replacements`.execute(db);
    expect(counts.rows).toMatchInlineSnapshot(`
      [
        {
          "applied": 161,
          "backs": 6,
          "changed": 6,
          "complete": 6,
          "deprecated": 98,
          "pairs": 161,
          "planned": 0,
          "replacements": 161,
        },
      ]
    `);
    const admin = await createClient(db, 'administrator', { scope: 'scalr' });
    const query = { maxResults: 100, rolledBack: true };
    const { data } = await admin.call('replacementList', { scope: 'scalr' }, { query });
    expect(data.length).toBeGreaterThan(0);
    for (const { pairs, oldImage, newImage, ...replacement } of data) {
      expect(pairs).toMatchObject([{ oldImage, newImage, roles: replacement.roles }]);
      expect(replacement).toMatchObject({ state: 'rolledBack', planned: null, version: 2 });
      expect(replacement.rollBacks).toMatchObject([
        { id: replacement.rolledBackBy?.id, complete: true },
      ]);
    }
    const newest = await admin.call('replacementList', { scope: 'account', accountId: 3 });
    const [last] = newest.data;
    const input = { params: { replacementId: last?.id ?? '' }, body: {} };
    const at = { scope: 'account', accountId: 3 } as const;
    expect((await admin.call('replacementRollBack', at, input)).meta?.conflicts).toBe(0);
  });
}, 60_000);

test('doctor finds nothing wrong with it', async () => {
  const { code, stdout } = await launch('slipway', ['doctor', '--data', folder]).ended;
  expect(stdout).toContain(' 0 broken.');
  expect(code).toBe(0);
}, 60_000);
