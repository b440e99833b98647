import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createSession } from '../auth/sessions.ts';
import { openDatabase } from '../database/connection/connection.ts';
import { readHolder } from '../database/embedded/data-folder.ts';
import { checkInvariants } from '../database/invariants.ts';
import { createClient, randomName } from './harness.ts';
import { type Launched, launch } from './launched.ts';

// A small disk of its own, which is really filled: while it is full, reads go on and changes get 503.

const run = promisify(execFile);
const MB = 1_000_000;
/** PostgreSQL starts its processes anew by itself, or ends and is started. */
const wasLost = /is being started again|Outage: /;
const within = { timeout: 60_000, interval: 100 };

/** Mounting is for root on Linux. */
const canMount = await tryMount();
if (!canMount)
  process.stderr.write(
    'SKIPPED: the tests of a full disk need to mount a file system (root on Linux).\n',
  );

let disk: string;
let server: Launched | undefined;

async function tryMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'mount-test-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    await run('umount', [folder]);
    return true;
  } catch {
    return false;
  } finally {
    await rm(folder, { recursive: true });
  }
}

// A start builds the pages first where that is needed. Not while a test waits for it.
beforeAll(async () => {
  if (canMount) await launch('start', ['--port', 'high']).ended;
});

beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'full-disk-test-'));
  if (canMount) await run('mount', ['-t', 'tmpfs', '-o', 'size=400m', 'tmpfs', disk]);
});

afterEach(async () => {
  server?.child.kill('SIGTERM');
  await server?.ended;
  server = undefined;
  if (canMount) await run('umount', [disk]);
  await rm(disk, { recursive: true });
});

const folderOf = () => join(disk, 'data');
const filler = () => join(disk, 'filler');

/** Starts on the small disk. @returns what its administrator does there */
async function start(environment: Record<string, string>) {
  const args = ['--port', '0', '--data', folderOf(), '--empty'];
  const started = launch('start', args, environment);
  server = started;
  await expect.poll(() => /sign in as/i.test(started.output()), within).toBe(true);
  const address = /Slipway runs at (\S+)/.exec(started.output())?.[1] ?? '';
  const db = openDatabase(await ownerUrl());
  const found = () => db.selectFrom('users').select('id').executeTakeFirst();
  if (!(await found())) await createClient(db, 'administrator', { scope: 'scalr' });
  const { token } = await createSession(db, (await found())?.id ?? 0);
  await db.destroy();
  const headers = { cookie: `slipway=${token}`, origin: address };
  const accounts = `${address}/api/v1beta0/global/accounts/`;
  return {
    address,
    read: async () => (await fetch(accounts, { headers })).status,
    change: async () => {
      const answer = await fetch(accounts, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ name: randomName('account') }),
      });
      return { status: answer.status, text: await answer.text() };
    },
    text: async (path: string) => {
      const answer = await fetch(address + path);
      return `${answer.status} ${await answer.text()}`;
    },
    said: () => started.output(),
  };
}

async function ownerUrl(): Promise<string> {
  return (await readHolder(folderOf()))?.databaseUrl ?? '';
}

/** Leaves so many megabytes free on the disk. */
async function leaveFree(megabytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  const bytes = Math.max(0, bavail * bsize - megabytes * MB);
  // Somebody else may want the last bytes at the same moment.
  await writeFile(filler(), Buffer.alloc(bytes), { flag: 'a' }).catch(() => undefined);
}

/** Fills the write-ahead log until PostgreSQL finds no room for it any more, and gives up. */
async function panic(): Promise<void> {
  const client = new pg.Client(await ownerUrl());
  let isLost = false;
  client.on('error', () => {
    isLost = true;
  });
  client.on('end', () => {
    isLost = true;
  });
  await client.connect();
  const message = "SELECT pg_logical_emit_message(true, 'x', repeat('x', 1000000))";
  // Some of these fail for want of room without an end of it all.
  while (!isLost) await client.query(message).catch(() => undefined);
}

async function findViolations(): Promise<unknown[]> {
  const db = openDatabase(await ownerUrl());
  try {
    return await checkInvariants(db);
  } finally {
    await db.destroy();
  }
}

const statusOf = async ({ change }: { change: () => Promise<{ status: number }> }) =>
  (await change()).status;

test.skipIf(!canMount)(
  'a disk that runs full is told of, stops changes before PostgreSQL panics, and lets them in again',
  async () => {
    const slipway = await start({ WARN_FREE_MB: '150', MIN_FREE_MB: '64' });
    expect(await statusOf(slipway)).toBe(201);
    expect(await slipway.text('/metrics')).toMatch(/^slipway_data_folder_free_bytes \d{9}$/m);

    await leaveFree(100);
    await vi.waitFor(() => expect(slipway.said()).toContain('make room'), within);
    expect(await statusOf(slipway)).toBe(201);

    await leaveFree(30);
    await expect.poll(() => statusOf(slipway), within).toBe(503);
    const refused = await slipway.change();
    expect(refused.text).toContain('The disk of the database is almost full');
    expect(await slipway.read()).toBe(200);
    expect(await slipway.text('/readyz')).toBe(
      '200 ready for reading: the disk of the database is almost full\n',
    );

    // Others take the rest: reading goes on.
    await leaveFree(0);
    for (let i = 0; i < 50; i++) expect(await slipway.read()).toBe(200);
    expect(await statusOf(slipway)).toBe(503);

    await rm(filler());
    await expect.poll(() => statusOf(slipway), within).toBe(201);
    expect(await slipway.text('/readyz')).toBe('200 ready\n');
    expect(slipway.said()).toContain('There is room again');
    expect(slipway.said()).not.toContain('The embedded PostgreSQL ended');
    expect(await findViolations()).toEqual([]);
  },
);

test.skipIf(!canMount)(
  'without the watch, a full disk costs nothing but 503 until there is room',
  async () => {
    const slipway = await start({ MIN_FREE_MB: '0' });
    await leaveFree(0);
    await panic();
    await vi.waitFor(() => expect(slipway.said()).toMatch(wasLost), within);
    await expect.poll(() => slipway.text('/livez'), within).toBe('200 ok\n');
    // On what was kept for this moment, before anybody makes room.
    await expect.poll(() => slipway.read(), within).toBe(200);
    await rm(filler());
    await expect.poll(() => statusOf(slipway), within).toBe(201);
    expect(await findViolations()).toEqual([]);
  },
);

afterAll(() => expect(server).toBeUndefined());
