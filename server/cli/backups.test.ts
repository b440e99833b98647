import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyArchive } from '../database/backup/archive.ts';
import { backUpDatabase } from '../database/backup/back-up.ts';
import { type BackupKey, makeBackupKey, readBackupKey } from '../database/backup/key.ts';
import { keepBackup, listBackups } from '../database/backup/shelf.ts';
import { loadEstate } from '../database/estate/load.ts';
import { startBackups } from '../fleet/backups.ts';
import { withDatabase } from '../testing/database.ts';
import { launch } from '../testing/launched.ts';
import { endOf, startServerProcess } from '../testing/server-process.ts';

// Backups in a folder: encrypted, kept for a time, made by the server itself, and tried.

const full = process.env.SLIPWAY_TEST_FULL === '1';
const database = withDatabase();
const version = '1.0.0';
const run = promisify(execFile);
const dayMs = 86_400_000;
let folder: string;
let keyFile: string;
let key: BackupKey;
/** Encrypted. */
let file: string;
/** A folder for one test. */
let shelf: string;
let shelves = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backups-test-'));
  keyFile = join(folder, 'backup.key');
  await makeBackupKey(keyFile);
  key = await readBackupKey(keyFile);
  await loadEstate(database.db, { size: 's', now: new Date('2026-11-22T12:00:00Z') });
  file = join(folder, 'whole.backup.age');
  await backUpDatabase(database.url, file, version, { key });
});
beforeEach(() => {
  shelf = join(folder, `shelf-${shelves++}`);
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const slipway = (args: string[], environment: Record<string, string> = {}) =>
  launch('slipway', args, { DATABASE_URL: database.url, ...environment }).ended;

async function expectSentence(ended: ReturnType<typeof slipway>, sentence: string): Promise<void> {
  const { code, stdout, stderr } = await ended;
  expect(stderr + stdout).toContain(sentence);
  expect((stderr + stdout).trim().split('\n'), 'no stack').toHaveLength(1);
  expect(code).toBe(2);
}

describe('an encrypted backup', () => {
  test('shows nothing of what is in it, and is readable with its key', async () => {
    const [plain, sealed] = [join(folder, 'plain.backup'), await readFile(file)];
    await backUpDatabase(database.url, plain, version);
    for (const mark of ['slipway-backup', 'kysely', 'images'])
      expect(sealed.includes(mark), mark).toBe(false);
    expect((await stat(file)).mode % 0o1000).toBe(0o600);
    await expect(verifyArchive(file, key)).resolves.toBeUndefined();
    await expect(verifyArchive(plain, key)).resolves.toBeUndefined();
  });

  test('is opened by the program age, and was made by it just as well', async ({ skip }) => {
    if (!(await run('age', ['--version']).catch(() => undefined))) skip('There is no age.');
    const opened = join(folder, 'opened.backup');
    await run('age', ['--decrypt', '--identity', keyFile, '--output', opened, file]);
    await expect(verifyArchive(opened)).resolves.toBeUndefined();
    const recipient = /age1\S+/.exec(await readFile(keyFile, 'utf8'))?.[0] ?? '';
    const theirs = join(folder, 'theirs.age');
    await run('age', ['--recipient', recipient, '--output', theirs, opened]);
    await expect(verifyArchive(theirs, key)).resolves.toBeUndefined();
  });

  test('is refused without its key, with another, and with the public half', async () => {
    const other = join(folder, 'other.key');
    const recipient = await makeBackupKey(other);
    const half = join(folder, 'half.key');
    await writeFile(half, `${recipient}\n`);
    await expect(verifyArchive(file)).rejects.toThrow('is encrypted. Name its key');
    await expect(verifyArchive(file, await readBackupKey(other))).rejects.toThrow(
      `is encrypted with another key than ${other}`,
    );
    await expect(verifyArchive(file, await readBackupKey(half))).rejects.toThrow(
      'the public half of the key alone',
    );
    const byHalf = join(folder, 'by-half.backup.age');
    await backUpDatabase(database.url, byHalf, version, { key: await readBackupKey(half) });
    await expect(verifyArchive(byHalf, await readBackupKey(other))).resolves.toBeUndefined();
  });

  test.each([0, 10, 40, 150, 300, 70_000, -1, -17, -40])(
    'cut off at %d bytes is refused',
    async (length) => {
      const cut = join(folder, 'cut.age');
      await cp(file, cut);
      const { size } = await stat(cut);
      await truncate(cut, length < 0 ? size + length : length);
      await expect(verifyArchive(cut, key)).rejects.toThrow(/damaged or not whole|is not a backup/);
    },
  );

  test('with one bit flipped anywhere is refused', async () => {
    const flipped = join(folder, 'flipped.age');
    const whole = await readFile(file);
    // Also in its head, which is small.
    const places = [...Array.from({ length: 20 }, (_, n) => n * 11), whole.length - 1];
    for (let more = full ? 500 : 20; more > 0; more--)
      places.push(Math.floor(Math.random() * whole.length));
    for (const [n, at] of places.entries()) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (n % 8)), at);
      await writeFile(flipped, bytes);
      await expect(verifyArchive(flipped, key), `byte ${at}`).rejects.toThrow(
        /damaged or not whole|is not a backup|another key/,
      );
    }
  });

  test('is restored by the command with its key, and by nothing else', async () => {
    const data = join(folder, 'restored');
    const restore = ['restore', file, '--data', data];
    const own = { DATABASE_URL: '' };
    await expectSentence(slipway(restore, own), 'is encrypted. Name its key with --key-file');
    expect(existsSync(join(data, 'postgres'))).toBe(false);
    const restored = await slipway([...restore, '--key-file', keyFile], own);
    expect(restored).toMatchObject({ code: 0, stdout: expect.stringContaining('Restored') });
  });
});

describe('a key for backups', () => {
  test('is made once, for its owner alone', async () => {
    const path = join(folder, 'made.key');
    const { stdout } = await slipway(['backups', 'key', path]);
    expect(stdout).toMatch(/age1[a-z0-9]{50,}/);
    expect(stdout).not.toContain('AGE-SECRET-KEY');
    expect((await stat(path)).mode % 0o1000).toBe(0o600);
    await expectSentence(slipway(['backups', 'key', path]), 'it exists already');
  });

  test('that is none, or not there, is refused in a sentence', async () => {
    const none = join(folder, 'none.key');
    await writeFile(none, 'AGE-SECRET-KEY-1NOTREALLY\n');
    const keep = ['backups', 'keep', '--dir', shelf, '--key-file'];
    await expectSentence(slipway([...keep, none]), `There is no key for backups in ${none}`);
    await expectSentence(slipway([...keep, `${none}x`]), 'cannot be read');
    expect(existsSync(shelf)).toBe(false);
  });
});

describe('a folder of backups', () => {
  const namesIn = async () => (await readdir(shelf)).toSorted();
  const keep = (now: string, days = 3) =>
    keepBackup(database.url, { folder: shelf, days, version, now: new Date(now) });

  test('keeps each for so many days, and other files', async () => {
    await mkdir(shelf);
    await writeFile(join(shelf, 'slipway-notes.txt'), 'mine');
    await writeFile(join(shelf, 'slipway-20200101T000000Z.backup.bak'), 'mine');
    for (const now of ['2026-11-20T03:00:00Z', '2026-11-21T03:00:00Z', '2026-11-22T03:00:00Z'])
      await keep(now);
    const { deleted } = await keep('2026-11-24T03:00:01Z');
    expect(deleted.map((one) => one.slice(shelf.length + 1)).toSorted()).toEqual([
      'slipway-20261120T030000Z.backup',
      'slipway-20261121T030000Z.backup',
    ]);
    expect(await namesIn()).toEqual([
      'slipway-20200101T000000Z.backup.bak',
      'slipway-20261122T030000Z.backup',
      'slipway-20261124T030001Z.backup',
      'slipway-notes.txt',
    ]);
    // A clock that was wrong once does not take the only good ones away.
    await keep('2030-01-01T00:00:00Z');
    expect((await listBackups(shelf)).map(({ at }) => at.getUTCFullYear())).toEqual([2030]);
    await keep('2026-11-25T03:00:00Z', 1);
    expect(await listBackups(shelf)).toHaveLength(2);
  });

  test('loses what a killed process left, once that is a day old', async () => {
    await mkdir(shelf);
    const [old, young] = [7, 8].map((pid) =>
      join(shelf, `slipway-20261120T030000Z.backup.age.partial-${pid}`),
    );
    for (const draft of [old, young]) await writeFile(draft ?? '', 'half');
    const longAgo = new Date(Date.now() - 2 * dayMs);
    await utimes(old ?? '', longAgo, longAgo);
    const { deleted } = await keepBackup(database.url, { folder: shelf, days: 3, version });
    expect(deleted).toEqual([old]);
  });

  test.skipIf(process.getuid?.() !== 0)('on a full disk says so and deletes nothing', async () => {
    await mkdir(shelf);
    await run('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', shelf]);
    try {
      await writeFile(join(shelf, 'slipway-20200101T000000Z.backup'), 'an old one');
      const refused = slipway(['backups', 'keep', '--dir', shelf, '--key-file', keyFile]);
      await expectSentence(refused, 'cannot be written: there is no room for it');
      expect(await namesIn()).toEqual(['slipway-20200101T000000Z.backup']);
    } finally {
      await run('umount', [shelf]);
    }
  });

  test('is filled and listed by commands', async () => {
    const kept = await slipway(['backups', 'keep', '--dir', shelf, '--days', '7'], {
      BACKUP_KEY_FILE: keyFile,
    });
    expect(kept).toMatchObject({ code: 0, stdout: expect.stringContaining(', encrypted)') });
    const { stdout } = await slipway(['backups', 'list', '--dir', shelf]);
    expect(stdout).toMatch(/^\d{4}-\S+Z +\d+\.\d MB +\S+\.backup\.age\n$/);
    const wrong = ['backups', 'keep', '--dir', shelf, '--days', '0'];
    await expectSentence(slipway(wrong), '--days must be a whole number from 1 to 3650, not "0".');
    await expectSentence(slipway(['backups', 'list']), 'Name the folder of backups with --dir');
    await expectSentence(slipway(['backups', 'list', '--dir', `${shelf}x`]), 'cannot be read');
  });
});

describe('the drill', () => {
  const drill = (...more: string[]) => slipway(['backups', 'drill', '--dir', shelf, ...more]);
  const leftovers = async () =>
    (await readdir(tmpdir())).filter((name) => name.startsWith('slipway-drill-'));

  test('restores the newest, lets the doctor look at it, tells figures, and leaves nothing', async () => {
    await keepBackup(database.url, { folder: shelf, days: 3, version, key });
    const before = await leftovers();
    const { code, stdout, stderr } = await drill('--key-file', keyFile);
    expect(stderr).toBe('');
    expect(stdout).toMatch(
      /^Restored \S+\.age \(\d+\.\d MB, 0\.0 hours old\): \d{4,} rows of \d\d tables in \d+\.\d s\.\n/,
    );
    expect(stdout).toMatch(/\d+ invariants checked, 0 broken\./);
    expect(code).toBe(0);
    expect(await leftovers()).toEqual(before);
    const asJson = await slipway(['--json', 'backups', 'drill', '--dir', shelf], {
      BACKUP_KEY_FILE: keyFile,
    });
    const found = JSON.parse(asJson.stdout) as { rows: Record<string, number> };
    const { rows } = await sql<{ count: number }>`SELECT count(*)::int FROM images`.execute(
      database.db,
    );
    expect(found.rows.images).toBe(rows[0]?.count);
  });

  test('exits with 1 where the backup holds what must not be', async () => {
    const move = (from: string, to: string) =>
      database.db.transaction().execute(async (tx) => {
        await sql`SET LOCAL session_replication_role = replica`.execute(tx);
        await sql`UPDATE role_images SET cloud_location = ${to}
          WHERE (role_id, cloud_location) = (1, ${from})`.execute(tx);
      });
    await move('us-east-1', 'eu-south-1');
    await keepBackup(database.url, { folder: shelf, days: 3, version, key });
    await move('eu-south-1', 'us-east-1');
    const { code, stdout } = await drill('--key-file', keyFile);
    expect(stdout).toMatch(/^BROKEN INV-05b?: /m);
    expect(code).toBe(1);
  });

  test('says what is wrong with a backup, and leaves nothing', async () => {
    const before = await leftovers();
    await mkdir(shelf);
    await expectSentence(drill(), `There is no backup in ${shelf}.`);
    const one = join(shelf, 'slipway-20261120T030000Z.backup.age');
    await cp(file, one);
    await expectSentence(drill(), 'is encrypted. Name its key with --key-file or BACKUP_KEY_FILE.');
    await truncate(one, 5_000);
    await expectSentence(drill('--key-file', keyFile), 'is damaged or not whole');
    expect(await leftovers()).toEqual(before);
  });
});

describe('the server', () => {
  test('makes a backup when the newest is old enough, and not before', async () => {
    await mkdir(shelf);
    const old = join(shelf, 'slipway-20200101T000000Z.backup');
    await writeFile(old, 'an old one');
    const plan = {
      databaseUrl: database.url,
      folder: shelf,
      everyHours: 1,
      keepDays: 1,
      key,
      version,
    };
    let passes = 0;
    const loop = startBackups(plan, { everyMs: 20, onRun: () => passes++ });
    await expect.poll(() => passes, { timeout: 30_000 }).toBeGreaterThan(5);
    await loop.stop();
    const found = await listBackups(shelf);
    expect(found).toHaveLength(1);
    await expect(verifyArchive(found[0]?.file ?? '', key)).resolves.toBeUndefined();
  });

  test('does so in its own process, tells when in its metrics, and says when it cannot', async () => {
    const environment = { BACKUP_FOLDER: shelf, BACKUP_KEY_FILE: keyFile };
    const server = await startServerProcess(database.url, { environment });
    try {
      await expect.poll(() => listBackups(shelf), { timeout: 60_000 }).toHaveLength(1);
      const [made] = await listBackups(shelf);
      const metrics = await (await fetch(`${server.address}/metrics`)).text();
      const at = (made?.at.getTime() ?? 0) / 1_000;
      expect(metrics).toContain(`slipway_last_backup_timestamp_seconds ${at}`);
      expect(metrics).toMatch(/slipway_loop_leader\{loop="backups"\} 1/);
      await expect(verifyArchive(made?.file ?? '', key)).resolves.toBeUndefined();
    } finally {
      server.child.kill('SIGTERM');
      await endOf(server);
    }
  });

  test.each([
    [() => ({ BACKUP_FOLDER: join(keyFile, 'below') }), 'The folder for backups cannot be made'],
    [
      () => ({ BACKUP_FOLDER: shelf, BACKUP_KEY_FILE: '/nowhere' }),
      'The key for backups cannot be read',
    ],
    [
      () => ({ BACKUP_FOLDER: shelf, BACKUP_EVERY_HOURS: '72', BACKUP_KEEP_DAYS: '2' }),
      'at times there would be no backup',
    ],
  ])('does not start with settings that give no backups: %#', async (environment, sentence) => {
    const settings = { DATABASE_URL: database.url, ...environment() };
    const { code, stderr } = await launch('start', ['--port', '0'], settings).ended;
    expect(stderr).toContain(sentence);
    expect(code).toBe(2);
  });
});
