import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyFolder } from '../../testing/copy-folder.ts';
import { withClient } from '../connection/client.ts';
import { claimDataFolder, readHolder } from './data-folder.ts';
import { type EmbeddedDatabase, startEmbedded } from './embedded.ts';
import { StartError } from './start-error.ts';

const within = { timeout: 15_000 };
let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'embedded-test-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // Starting and stopping it waits for whatever a killed server left behind.
  if (existsSync(join(folder, 'postgres'))) await withEmbedded(async () => undefined);
  await rm(folder, { recursive: true, force: true });
});

async function withEmbedded<T>(work: (database: EmbeddedDatabase) => Promise<T>): Promise<T> {
  const claimed = await claimDataFolder(folder, 'server');
  try {
    const database = await startEmbedded(claimed, { durable: false });
    try {
      return await work(database);
    } finally {
      await database.stop();
    }
  } finally {
    await claimed.release();
  }
}

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const query = { text: sql, rowMode: 'array' } as const;
  return withClient(url, async (client) => (await client.query<unknown[]>(query)).rows);
}

/** Another process with the database on this folder; resolves with its connection string. */
async function startElsewhere(): Promise<{ child: ChildProcess; url: string }> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const script = `
    const { claimDataFolder } = await import(${JSON.stringify(join(here, 'data-folder.ts'))});
    const { startEmbedded } = await import(${JSON.stringify(join(here, 'embedded.ts'))});
    const folder = await claimDataFolder(${JSON.stringify(folder)}, 'server');
    console.log((await startEmbedded(folder)).url);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [url] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(url) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function postmasterPid(): Promise<number> {
  return Number(
    (await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );
}

describe('the embedded PostgreSQL', () => {
  test('keeps what was written over a restart, and is PostgreSQL 18 in UTF-8', async () => {
    await withEmbedded(async ({ url }) => {
      await ask(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
      const [version] = await ask(
        url,
        "SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')",
      );
      expect(version).toEqual([18, 'UTF8']);
    });
    await withEmbedded(async ({ url }) => {
      expect(await ask(url, 'SELECT answer FROM kept')).toEqual([[42]]);
    });
  });
});

describe('on a cluster that is there, PostgreSQL', () => {
  let made: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-test-'));
    made = folder;
    await withEmbedded(async () => undefined);
  });
  afterAll(() => rm(made, { recursive: true, force: true }));
  beforeEach(() => copyFolder(made, folder));

  test.skipIf(process.platform === 'win32')(
    'can be reached through a private socket only',
    async () => {
      await withEmbedded(async ({ url }) => {
        expect(await ask(url, "SELECT current_setting('listen_addresses')")).toEqual([['']]);
        const socketFolder = new URL(url).searchParams.get('host') ?? '';
        expect((await stat(socketFolder)).mode & 0o777).toBe(0o700);
        expect(Buffer.byteLength(join(socketFolder, '.s.PGSQL.5432'))).toBeLessThanOrEqual(100);
      });
    },
  );

  test('leaves no socket folder and no pid file behind when it is stopped', async () => {
    let socketFolder: string | undefined;
    await withEmbedded(async () => {
      socketFolder = (await readHolder(folder))?.runtimeFolder;
      expect(existsSync(socketFolder ?? '')).toBe(true);
    });
    expect(existsSync(socketFolder ?? '')).toBe(false);
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  test('refuses a data folder that another process uses, naming that process', async () => {
    const { child } = await startElsewhere();
    await expect(claimDataFolder(folder, 'server')).rejects.toThrow(
      `is used by a running Slipway (process ${child.pid})`,
    );
    await kill(child);
    await withEmbedded(async () => undefined);
  });

  test('stops by itself when its server is killed, and its successor has every committed row', async () => {
    const { child, url } = await startElsewhere();
    const pid = await postmasterPid();
    await ask(url, 'CREATE TABLE kept AS SELECT 7 AS answer');
    await kill(child);
    await expect.poll(() => isRunning(pid), { timeout: 8000 }).toBe(false);
    await withEmbedded(async (next) => {
      expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([[7]]);
    });
  });

  test('starts again after server and PostgreSQL were both killed', async () => {
    const { child, url } = await startElsewhere();
    await ask(url, 'CREATE TABLE kept AS SELECT 8 AS answer');
    process.kill(await postmasterPid(), 'SIGKILL');
    await kill(child);
    await withEmbedded(async (next) => {
      expect(await ask(next.url, 'SELECT answer FROM kept')).toEqual([[8]]);
    });
  });

  test('starts although the pid file names a number that belongs to another program now', async () => {
    await withEmbedded(async () => undefined);
    await writeFile(join(folder, 'postgres', 'postmaster.pid'), `${process.ppid}\n`);
    await withEmbedded(async ({ url }) => {
      expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    });
  });

  test('removes a half-made cluster and makes a whole one', async () => {
    const { child } = await startElsewhere();
    await kill(child);
    await rm(join(folder, 'postgres'), { recursive: true, force: true, maxRetries: 10 });
    await writeFile(join(folder, 'postgres.new-1'), 'the remains of a killed initdb');
    await withEmbedded(async ({ url }) => {
      expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    });
    expect(existsSync(join(folder, 'postgres.new-1'))).toBe(false);
  });

  test('refuses a cluster of another PostgreSQL version', async () => {
    await withEmbedded(async () => undefined);
    await writeFile(join(folder, 'postgres', 'PG_VERSION'), '17\n');
    await expect(withEmbedded(async () => undefined)).rejects.toThrow('is of PostgreSQL 17');
    await rm(join(folder, 'postgres'), { recursive: true });
  });

  test('starts again at the same address when it ends although nobody stopped it, and says so', async () => {
    const claimed = await claimDataFolder(folder, 'server');
    const lost: string[] = [];
    const onLost = (reason: string) => lost.push(reason);
    let back = 0;
    const onBack = () => (back += 1);
    const database = await startEmbedded(claimed, { onLost, onBack });
    await ask(database.url, 'CREATE TABLE kept AS SELECT 9 AS answer');
    for (const times of [1, 2]) {
      process.kill(await postmasterPid(), 'SIGKILL');
      await expect.poll(() => lost.length, { timeout: 8000 }).toBe(times);
      await expect
        .poll(() => ask(database.url, 'SELECT answer FROM kept').catch(() => 'away'), within)
        .toEqual([[9]]);
      // Answers may come before whoever started it has noticed.
      await expect.poll(() => back, within).toBe(times);
    }
    expect(lost).toEqual(['SIGKILL', 'SIGKILL']);
    const pid = await postmasterPid();
    await database.stop();
    expect(isRunning(pid)).toBe(false);
    await claimed.release();
  });

  test('stops for good also while it is being started again', async () => {
    const claimed = await claimDataFolder(folder, 'server');
    const lost = Promise.withResolvers<string>();
    const database = await startEmbedded(claimed, { durable: false, onLost: lost.resolve });
    const pid = await postmasterPid();
    process.kill(pid, 'SIGKILL');
    await lost.promise;
    await database.stop();
    expect(isRunning(await postmasterPid().catch(() => pid))).toBe(false);
    await claimed.release();
  });
});

describe('a data folder', () => {
  test('tells only its owner how to connect', async () => {
    const claimed = await claimDataFolder(folder, 'server');
    await claimed.publish({ address: 'http://127.0.0.1:4400' });
    expect((await stat(join(folder, 'slipway.json'))).mode & 0o777).toBe(0o600);
    expect(await readHolder(folder)).toMatchObject({
      pid: process.pid,
      kind: 'server',
      address: 'http://127.0.0.1:4400',
    });
    await claimed.release();
    expect(await readHolder(folder)).toBeUndefined();
  });

  test('that cannot be made is refused in a sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    const attempt = claimDataFolder(join(folder, 'file', 'data'), 'server');
    await expect(attempt).rejects.toThrow(StartError);
    await expect(attempt).rejects.toThrow('cannot be written (ENOTDIR)');
  });

  test('is waited for while a command uses it', async () => {
    const command = await claimDataFolder(folder, 'command');
    const server = claimDataFolder(folder, 'server');
    await expect(Promise.race([server, Promise.resolve('waiting')])).resolves.toBe('waiting');
    await command.release();
    await (await server).release();
  });
});

function isRunning(pid: number): boolean {
  if (existsSync('/proc/self')) return existsSync(`/proc/${pid}/cwd/PG_VERSION`);
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
