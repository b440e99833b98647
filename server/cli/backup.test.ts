import { cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyArchive, writeArchive } from '../database/backup/archive.ts';
import { findTables } from '../database/backup/catalogue.ts';
import { dump } from '../database/backup/dump.ts';
import type { Frame } from '../database/backup/frames.ts';
import { restoreDataFolder } from '../database/backup/restore-folder.ts';
import { type Db, openDatabase } from '../database/connection/connection.ts';
import { claimDataFolder } from '../database/embedded/data-folder.ts';
import { startEmbedded } from '../database/embedded/embedded.ts';
import { loadEstate } from '../database/estate/load.ts';
import { checkInvariants } from '../database/invariants.ts';
import { NewerDatabaseError } from '../database/migrate.ts';
import { nothingNoted } from '../database/records/heads-file.ts';
import { findTamperedRevisions } from '../database/records/log-check.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';
import { backUp } from './backup.ts';

// The drill: what is restored is what was backed up, and a damaged backup changes nothing.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
let folder: string;
let file: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-test-'));
  file = join(folder, 'whole.backup');
  await loadEstate(database.db, { size: 's', now: new Date('2026-11-22T12:00:00Z') });
  await writeBackup(file);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function writeBackup(to: string): Promise<void> {
  const noSecrets = async () => undefined;
  const unused = {
    db: database.db,
    appRole: '',
    isOwner: true,
    openSecrets: noSecrets,
    readSecrets: noSecrets,
    readNotedHeads: async () => nothingNoted,
    headsFile: undefined,
    baseUrl: '',
  };
  await backUp({ ...unused, databaseUrl: database.url }, to);
}

/** Rows and a hash of every table. */
async function fingerprint(url: string): Promise<Record<string, unknown>> {
  const client = new pg.Client(url);
  await client.connect();
  const found: Record<string, unknown> = {};
  for (const { name } of await findTables(client)) {
    const { rows } = await client.query<{ count: string; hash: string }>(
      `SELECT count(*), md5(string_agg(t::text, ',' ORDER BY t::text COLLATE "C")) AS hash
       FROM ${client.escapeIdentifier(name)} t`,
    );
    found[name] = rows[0];
  }
  await client.end();
  return found;
}

/** Starts the database of a data folder for a look at it. */
async function withRestored<T>(
  path: string,
  work: (url: string, db: Db) => Promise<T>,
): Promise<T> {
  const claimed = await claimDataFolder(path, 'command');
  const restored = await startEmbedded(claimed, { durable: false });
  const db = openDatabase(restored.url);
  try {
    return await work(restored.url, db);
  } finally {
    await db.destroy();
    await restored.stop();
    await claimed.release();
  }
}

async function expectSound(db: Db): Promise<void> {
  expect(await checkInvariants(db)).toEqual([]);
  expect(await findTamperedRevisions(db)).toEqual([]);
}

describe('a restored database', () => {
  test('has every row of every table, keeps every rule, and goes on from there', async () => {
    const data = join(folder, 'same');
    const { previous } = await restoreDataFolder(data, file);
    expect(previous).toBeUndefined();
    await withRestored(data, async (url, db) => {
      const wanted = await fingerprint(database.url);
      expect(Object.keys(wanted).length).toBeGreaterThan(20);
      expect(await fingerprint(url)).toEqual(wanted);
      await expectSound(db);
      const { corporateAdmin, corporate } = await createTenant(db);
      await corporateAdmin.call('accountCreate', corporate, { body: { name: 'After' } });
      await expectSound(db);
    });
  });

  test('is of one moment, although it was backed up while everything changed', async () => {
    const { corporateAdmin, corporate } = await createTenant(database.db);
    let goesOn = true;
    let created = 0;
    const work = async () => {
      for (; goesOn; created++) {
        const body = { name: randomName('account') };
        await corporateAdmin.call('accountCreate', corporate, { body });
      }
    };
    const working = Array.from({ length: 4 }, work);
    await expect.poll(() => created).toBeGreaterThan(5);
    const moving = join(folder, 'moving.backup');
    const before = created;
    await writeBackup(moving);
    expect(created).toBeGreaterThan(before);
    goesOn = false;
    await Promise.all(working);
    const data = join(folder, 'moving');
    await restoreDataFolder(data, moving);
    await withRestored(data, async (_url, db) => expectSound(db));
  });
});

describe('a backup', () => {
  test.each([0, 5, 60, -1, -40])('cut off at %d bytes is refused', async (length) => {
    const damaged = join(folder, 'cut.backup');
    await cp(file, damaged);
    const { size } = await stat(damaged);
    await truncate(damaged, length < 0 ? size + length : length);
    await expect(verifyArchive(damaged)).rejects.toThrow(/damaged or not whole|is not a backup/);
  });

  test('with one bit flipped anywhere is refused', async () => {
    const damaged = join(folder, 'flipped.backup');
    const whole = await readFile(file);
    for (let flip = 0; flip < (full ? 1_000 : 40); flip++) {
      const bytes = Buffer.from(whole);
      const at = Math.floor(Math.random() * bytes.length);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (flip % 8)), at);
      await writeFile(damaged, bytes);
      const refusal = verifyArchive(damaged);
      await expect(refusal, `byte ${at}`).rejects.toThrow(/damaged or not whole|is not a backup/);
    }
  });

  test('of a newer Slipway is refused, and the database that is there stays', async () => {
    const newer = join(folder, 'newer.backup');
    const frames = async function* (): AsyncGenerator<Frame> {
      for await (const frame of dump(await connected(), '9.9.9')) {
        if (frame.kind === 'header') frame.value.migrations.push('9999-later');
        yield frame;
      }
    };
    await writeArchive(newer, frames());
    const data = join(folder, 'kept');
    await restoreDataFolder(data, file);
    await expect(restoreDataFolder(data, newer)).rejects.toThrow(NewerDatabaseError);
    expect((await readdir(data)).filter((name) => /^postgres(\.|$)|restoring/.test(name))).toEqual([
      'postgres',
    ]);
    await withRestored(data, async (_url, db) => expectSound(db));
  });

  const clients: pg.Client[] = [];
  async function connected(): Promise<pg.Client> {
    const client = new pg.Client(database.url);
    await client.connect();
    clients.push(client);
    return client;
  }
  afterAll(() => Promise.all(clients.map((client) => client.end())));
});

describe('slipway', () => {
  const slipway = (...args: string[]) => launch('slipway', args).ended;

  test('restore puts what was there aside, and backup writes the same again', async () => {
    const data = join(folder, 'by-command');
    await restoreDataFolder(data, file);
    const restored = await slipway('restore', file, '--data', data);
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('What was there') });
    const again = join(folder, 'again.backup');
    const written = await slipway('backup', again, '--data', data);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('Backed up to') });
    const refused = await slipway('backup', again, '--data', data);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });
  });

  test('restore refuses while a server runs on the folder', async () => {
    const data = join(folder, 'in-use');
    const server = await claimDataFolder(data, 'server');
    const refused = await slipway('restore', file, '--data', data);
    await server.release();
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is used by a running Slipway'),
    });
  });
});
