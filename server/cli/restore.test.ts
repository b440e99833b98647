import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  rename,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backUpDatabase } from '../database/backup/back-up.ts';
import { restoreDataFolder } from '../database/backup/restore-folder.ts';
import { type Db, openDatabase } from '../database/connection/connection.ts';
import { claimDataFolder } from '../database/embedded/data-folder.ts';
import { startEmbedded } from '../database/embedded/embedded.ts';
import { loadEstate } from '../database/estate/load.ts';
import { findWrongRights } from '../database/rights.ts';
import { copyFolder } from '../testing/copy-folder.ts';
import { withDatabase } from '../testing/database.ts';
import { launch } from '../testing/launched.ts';

// What goes wrong around backups is told in a sentence, and nothing half is ever used.

const database = withDatabase();
const main = fileURLToPath(new URL('main.ts', import.meta.url));
let folder: string;
let file: string;
/** A data folder with the backup in it. */
let restored: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'restore-test-'));
  file = join(folder, 'whole.backup');
  await loadEstate(database.db, { size: 's', now: new Date('2026-11-22T12:00:00Z') });
  await backUpDatabase(database.url, file, '1.0.0');
  restored = join(folder, 'restored');
  await restoreDataFolder(restored, file);
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const slipway = (...args: string[]) => launch('slipway', args).ended;

async function expectSentence(
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>,
  code: number,
  sentence: string | RegExp,
): Promise<void> {
  const { code: given, stdout, stderr } = await ended;
  expect(stderr + stdout).toMatch(sentence);
  expect((stderr + stdout).trim().split('\n'), 'no stack').toHaveLength(1);
  expect(given).toBe(code);
}

/** Another one. */
async function makeData(name: string): Promise<string> {
  const data = join(folder, name);
  await mkdir(data);
  await copyFolder(restored, data);
  return data;
}

async function withDatabaseOf<T>(data: string, work: (db: Db) => Promise<T>): Promise<T> {
  const claimed = await claimDataFolder(data, 'command');
  const embedded = await startEmbedded(claimed);
  const db = openDatabase(embedded.url);
  try {
    return await work(db);
  } finally {
    await db.destroy();
    await embedded.stop();
    await claimed.release();
  }
}

describe('after a restore', () => {
  test('doctor is content, with the rights of the application too', async () => {
    const { code, stdout } = await slipway('doctor', '--data', restored);
    expect(stdout).toMatch(/^\d+ invariants checked, 0 broken\.\n$/);
    expect(code).toBe(0);
    await withDatabaseOf(restored, async (db) => {
      expect(await findWrongRights(db, 'slipway_app')).toEqual([]);
      const owned = await sql`SELECT FROM pg_tables WHERE tableowner = 'slipway_app'`.execute(db);
      expect(owned.rows).toEqual([]);
    });
  });
});

describe('in one sentence', () => {
  test('doctor tells of a damaged page', async () => {
    const data = await makeData('damaged');
    const path = await withDatabaseOf(data, async (db) => {
      const found = await sql<{ path: string }>`
        SELECT pg_relation_filepath('images') AS path`.execute(db);
      return found.rows[0]?.path ?? '';
    });
    const page = await open(join(data, 'postgres', path), 'r+');
    await page.write(Buffer.alloc(4096, 0x5a), 0, 4096, 2048);
    await page.close();
    await expectSentence(
      slipway('doctor', '--data', data),
      1,
      /^The database is damaged on its disk: invalid page in block 0 .*restore a backup\.$/m,
    );
  });

  test('restore refuses a folder, a file that is cut short, and one that is something else', async () => {
    const data = join(folder, 'untouched');
    const [cut, text, sealed] = ['cut', 'text', 'sealed'].map((name) => join(folder, name));
    if (!cut || !text || !sealed) throw new Error('Three names were given');
    await cp(file, cut);
    await truncate(cut, 5000);
    await writeFile(text, 'Dear diary, today I backed up nothing at all.\n'.repeat(20));
    // Whole and unchanged by its checksum, but what is sealed in it is none of ours.
    const body = Buffer.concat([Buffer.from('slipway-backup 1\n'), Buffer.alloc(500, 7)]);
    await writeFile(sealed, Buffer.concat([body, createHash('sha256').update(body).digest()]));
    const cases = [
      [folder, 'is a folder: name the file of a backup.'],
      [cut, 'is damaged or not whole'],
      [text, 'is not a backup that this Slipway can read'],
      [join(folder, 'absent'), 'cannot be read. Check its name.'],
      [sealed, 'cannot be restored (incorrect header check). Nothing was changed.'],
    ] as const;
    for (const [path, sentence] of cases) {
      const refused = slipway('restore', path, '--data', data);
      await expectSentence(refused, 2, new RegExp(sentence.replaceAll(/[.()]/g, String.raw`\$&`)));
    }
    expect(existsSync(join(data, 'postgres'))).toBe(false);
    expect(existsSync(join(data, 'restoring'))).toBe(false);
  });

  test('backup tells where it cannot write', async () => {
    const data = await makeData('unwritable');
    const nowhere = join(folder, 'no', 'such', 'folder');
    const refused = slipway('backup', nowhere, '--data', data);
    await expectSentence(refused, 2, `The backup ${nowhere} cannot be written: ENOENT.`);
  });

  test.skipIf(process.getuid?.() !== 0)('backup tells that there is no room', async () => {
    const data = await makeData('roomless');
    const disk = join(folder, 'disk');
    await mkdir(disk);
    const run = promisify(execFile);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      const path = join(disk, 'a.backup');
      const refused = slipway('backup', path, '--data', data);
      await expectSentence(refused, 2, `The backup ${path} cannot be written: there is no room`);
      expect(await readdir(disk)).toEqual([]);
    } finally {
      await run('umount', [disk]);
    }
  });
});

describe('a restore that is interrupted', () => {
  /** Restores in a process of its own. */
  function restoring(data: string): ChildProcess {
    const args = [main, 'restore', file, '--data', data];
    return spawn(process.execPath, args, { stdio: 'ignore' });
  }

  const moments: [string, (data: string) => string][] = [
    ['as it begins', (data) => join(data, 'restoring')],
    ['when its cluster is made', (data) => join(data, 'restoring', 'postgres')],
    ['when PostgreSQL runs on it', (data) => join(data, 'restoring', 'postgres', 'postmaster.pid')],
  ];

  test.each(moments)('%s leaves the database as it was', async (name, signOf) => {
    const data = await makeData(`killed ${name}`);
    await withDatabaseOf(data, async (db) => {
      await sql`UPDATE accounts SET name = 'As it was' WHERE id = 1`.execute(db);
    });
    const child = restoring(data);
    const exit = once(child, 'exit');
    await expect.poll(() => existsSync(signOf(data)), { timeout: 30_000, interval: 1 }).toBe(true);
    child.kill('SIGKILL');
    await exit;
    const { code, stdout, stderr } = await slipway('doctor', '--data', data);
    expect(stderr).toContain('A restore was interrupted: what it had made is gone');
    expect(stdout).toContain(' 0 broken.');
    expect(code).toBe(0);
    expect((await readdir(data)).filter((one) => /^postgres|^restoring/.test(one)).sort()).toEqual([
      'postgres',
      'postgresql.log',
    ]);
    await withDatabaseOf(data, async (db) => {
      const first = db.selectFrom('accounts').where('id', '=', 1).select('name');
      expect((await first.executeTakeFirst())?.name).toBe('As it was');
    });
  });

  test('between putting the old database aside and the new one in place is finished at the next start', async () => {
    const data = await makeData('between');
    await withDatabaseOf(data, async (db) => {
      await sql`UPDATE accounts SET name = 'As it was' WHERE id = 1`.execute(db);
    });
    const made = await makeData('made');
    await mkdir(join(data, 'restoring'));
    await rename(join(made, 'postgres'), join(data, 'restoring', 'postgres'));
    await writeFile(join(data, 'restoring', 'complete'), '');
    await rename(join(data, 'postgres'), join(data, 'postgres.before-restore-x'));
    const { code, stderr } = await slipway('doctor', '--data', data);
    expect(stderr).toContain('it has been put in place');
    expect(code).toBe(0);
    await withDatabaseOf(data, async (db) => {
      const first = db.selectFrom('accounts').where('id', '=', 1).select('name');
      expect((await first.executeTakeFirst())?.name).not.toBe('As it was');
    });
    expect(existsSync(join(data, 'postgres.before-restore-x'))).toBe(true);
  });
});
