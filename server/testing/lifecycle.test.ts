import { execFile as execFileWithCallback } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { withClient } from '../database/connection/client.ts';
import { findRole, findWrongRights } from '../database/rights.ts';
import { asApplication } from './application-role.ts';
import { readHolder } from '../database/embedded/data-folder.ts';
import { copyFolder } from './copy-folder.ts';
import { withDatabase } from './database.ts';
import { type Launched, launch } from './launched.ts';

const STOP_MS = 10_000;
const START = { timeout: 90_000, interval: 50 };

let folder: string;
const launched: Launched[] = [];

/** What a first start leaves behind. */
let started: string;

beforeAll(async () => {
  // A start builds the pages first where that is needed. Not while a test waits for it.
  await launch('start', ['--port', 'high']).ended;
  started = await mkdtemp(join(tmpdir(), 'lifecycle-test-'));
  const first = launch('start', ['--port', '0', '--data', started, '--empty']);
  await vi.waitFor(() => expect(first.output()).toMatch(/sign in as/i), START);
  first.child.kill('SIGTERM');
  await first.ended;
});
afterAll(() => rm(started, { recursive: true, force: true, maxRetries: 5 }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifecycle-test-'));
});

afterEach(async () => {
  for (const { child, ended } of launched.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  await expect.poll(async () => await isPostgresRunning(), { timeout: STOP_MS }).toBe(false);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function start(args: string[] = [], environment: Record<string, string> = {}): Launched {
  const one = launch('start', ['--port', '0', '--data', folder, '--empty', ...args], environment);
  launched.push(one);
  return one;
}

/** Resolves with the address once the server has greeted, or fails once it has ended instead. */
async function untilGreeted(server: Launched): Promise<string> {
  let isOver = false;
  void server.ended.then(() => (isOver = true));
  await expect.poll(() => isOver || /sign in as/i.test(server.output()), START).toBe(true);
  expect(server.output()).toMatch(/sign in as/i);
  return /Slipway runs at (\S+)/.exec(server.output())?.[1] ?? '';
}

async function serverPid(): Promise<number> {
  const pid = (await readHolder(folder))?.pid;
  if (pid === undefined) throw new Error('Nothing holds the data folder.');
  return pid;
}

async function postgresPid(): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  return Number(text.split('\n')[0]);
}

async function isPostgresRunning(): Promise<boolean> {
  const pid = await postgresPid();
  return pid > 0 && existsSync(`/proc/${pid}/cwd/PG_VERSION`);
}

async function ask(sql: string): Promise<unknown[][]> {
  const url = (await readHolder(folder))?.databaseUrl ?? '';
  const query = { text: sql, rowMode: 'array' } as const;
  return withClient(url, async (client) => (await client.query<unknown[]>(query)).rows);
}

describe('npm start', () => {
  test('prints one address and a link, refuses a second start, and SIGTERM leaves nothing', async () => {
    const server = start();
    const address = await untilGreeted(server);
    expect((await fetch(address)).status).toBe(200);
    expect(server.output().match(/http:\S+/g)).toEqual([
      address,
      expect.stringMatching(new RegExp(`^${address}/sign-in#token=`)),
    ]);

    const second = await start().ended;
    expect(second.code).toBe(2);
    expect(second.stderr).toBe(
      `The data folder ${folder} is used by a running Slipway (process ${await serverPid()}). ` +
        'Stop it, or choose another folder with --data.\n',
    );

    const stoppedAt = Date.now();
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
    expect(Date.now() - stoppedAt).toBeLessThan(STOP_MS);
    expect(await isPostgresRunning()).toBe(false);
    await expect(fetch(address)).rejects.toThrow();
    expect(await readHolder(folder)).toBeUndefined();
  });
});

describe('npm start on what an earlier start has left', () => {
  beforeEach(() => copyFolder(started, folder));

  test('after kill -9 of the server nothing acknowledged is lost and the next start works', async () => {
    await untilGreeted(start());
    await ask("INSERT INTO accounts (name) VALUES ('Kept')");
    process.kill(await serverPid(), 'SIGKILL');
    await untilGreeted(start());
    expect(await ask('SELECT name FROM accounts')).toEqual([['Kept']]);
  });

  test('after kill -9 of server, launcher and PostgreSQL the next start works', async () => {
    const server = start();
    await untilGreeted(server);
    await ask("INSERT INTO accounts (name) VALUES ('Kept')");
    const victims = [await serverPid(), await postgresPid()];
    server.child.kill('SIGKILL');
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await untilGreeted(start());
    expect(await ask('SELECT name FROM accounts')).toEqual([['Kept']]);
  });

  test('when its launcher is killed the server stops too', async () => {
    const server = start();
    const address = await untilGreeted(server);
    server.child.kill('SIGKILL');
    await expect
      .poll(
        () =>
          fetch(address).then(
            () => 'answers',
            () => 'gone',
          ),
        { timeout: STOP_MS },
      )
      .toBe('gone');
    await expect.poll(isPostgresRunning, { timeout: STOP_MS }).toBe(false);
  });

  test('when PostgreSQL is lost the server says so, starts it again, and answers meanwhile', async () => {
    const server = start();
    const address = await untilGreeted(server);
    await ask("INSERT INTO accounts (name) VALUES ('Kept')");
    process.kill(await postgresPid(), 'SIGKILL');
    const said = 'The embedded PostgreSQL ended (SIGKILL) and is being started again';
    await expect.poll(() => server.output(), START).toContain(said);
    expect((await fetch(`${address}/livez`)).status).toBe(200);
    await expect.poll(async () => (await fetch(`${address}/readyz`)).status, START).toBe(200);
    expect(await ask('SELECT name FROM accounts')).toEqual([['Kept']]);
    await expect
      .poll(() => server.output(), START)
      .toContain('The embedded PostgreSQL runs again.');
  });

  test('clears away the socket folders of servers that were killed, whoever they were', async () => {
    await untilGreeted(start());
    const left = (await readHolder(folder))?.runtimeFolder ?? '';
    const victims = [await serverPid(), await postgresPid()];
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    await expect.poll(isPostgresRunning, { timeout: STOP_MS }).toBe(false);
    expect(existsSync(left)).toBe(true);
    const elsewhere = await mkdtemp(join(tmpdir(), 'lifecycle-test-'));
    const other = start(['--data', elsewhere]);
    await untilGreeted(other);
    expect(existsSync(left)).toBe(false);
    other.child.kill('SIGTERM');
    await other.ended;
    await rm(elsewhere, { recursive: true });
  });

  test.skipIf(process.getuid?.() !== 0)(
    'as root, keeps its database from everybody else, and an older one that was nobody’s too',
    async () => {
      const first = start();
      await untilGreeted(first);
      const { databaseUrl = '', runtimeFolder = '' } = (await readHolder(folder)) ?? {};
      const owner = (await stat(join(folder, 'postgres'))).uid;
      expect(await usersOf(owner)).toBe('');
      expect(await connectsAs(nobody, databaseUrl)).toMatch(/EACCES/);
      // Even where the folder of the socket is open, PostgreSQL asks the kernel who comes.
      await chmod(runtimeFolder, 0o777);
      await chmod(join(runtimeFolder, '.s.PGSQL.5432'), 0o777);
      expect(await connectsAs(nobody, databaseUrl)).toMatch(/Peer authentication failed/);
      expect(await connectsAs(process.getuid?.() ?? 0, databaseUrl)).toBe('in');
      first.child.kill('SIGTERM');
      await first.ended;

      await execFile('chown', ['-R', `${nobody}:${nobody}`, join(folder, 'postgres')]);
      await writeFile(join(folder, 'postgres', 'pg_hba.conf'), 'local all all trust\n');
      await untilGreeted(start());
      expect((await stat(join(folder, 'postgres'))).uid).toBe(owner);
      const next = (await readHolder(folder))?.databaseUrl ?? '';
      expect(await connectsAs(nobody, next)).toMatch(/EACCES/);
    },
  );

  test('a database from a newer version is refused, unless that says that this one may go on', async () => {
    const first = start();
    await untilGreeted(first);
    await ask("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-later', '')");
    first.child.kill('SIGTERM');
    await first.ended;
    const expanded = start();
    await untilGreeted(expanded);
    await ask("COMMENT ON TABLE kysely_migration IS 'serves from 9998-contracted'");
    expanded.child.kill('SIGTERM');
    await expanded.ended;
    const { code, stderr } = await start().ended;
    expect(code).toBe(2);
    expect(stderr).toContain('was written by a newer Slipway');
  });
});

describe('npm start says in one sentence, with exit code 2,', () => {
  async function expectRefusal(server: Launched, sentence: string): Promise<void> {
    const { code, stderr } = await server.ended;
    expect(stderr.trim().split('\n')).toEqual([expect.stringContaining(sentence)]);
    expect(code).toBe(2);
    expect(existsSync(join(folder, 'postgres'))).toBe(false);
  }

  test('that a setting is wrong', async () => {
    await expectRefusal(start(['--port', 'high']), '--port must be a whole number');
  });

  test('that the port is in use, before it makes a database', async () => {
    const busy = await listenSomewhere();
    const address = busy.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    await expectRefusal(start(['--port', port]), `Port ${port} on 127.0.0.1 is in use.`);
    busy.close();
  });

  test('that the data folder cannot be written', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expectRefusal(start(['--data', join(file, 'data')]), 'cannot be written (ENOTDIR)');
  });

  test('that the folder for temporary files is not there', async () => {
    const server = start([], { TMPDIR: join(folder, 'nowhere') });
    await expectRefusal(
      server,
      `The folder for temporary files ${folder}/nowhere cannot be written`,
    );
  });

  test('that the database cannot be reached', async () => {
    const url = 'postgresql://somebody:secret@127.0.0.1:1/slipway';
    const server = start([], { DATABASE_URL: url });
    await expectRefusal(server, 'The database at 127.0.0.1:1/slipway cannot be reached');
    expect(server.output()).not.toContain('secret');
  });
});

describe('with a PostgreSQL of one’s own', () => {
  const database = withDatabase();

  test('the server uses it and leaves the data folder alone', async () => {
    const server = start(['--database-url', database.url]);
    const address = await untilGreeted(server);
    expect((await fetch(address)).status).toBe(200);
    expect(existsSync(join(folder, 'slipway.json'))).toBe(false);
    const links = await database.db.selectFrom('sign_in_links').select('user_id').execute();
    expect(links).toEqual([{ user_id: null }]);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });

  const empty = withDatabase({ isMigrated: false });

  test('the server works as a role with few rights, where another one owns the tables', async () => {
    const url = await asApplication(empty.url);
    const server = start(['--database-url', url], { DATABASE_OWNER_URL: empty.url });
    const address = await untilGreeted(server);
    expect((await fetch(`${address}/readyz`)).status).toBe(200);
    expect(await findWrongRights(empty.db, await findRole(url))).toEqual([]);
    server.child.kill('SIGTERM');
    expect((await server.ended).code).toBe(0);
  });
});

const execFile = promisify(execFileWithCallback);
const nobody = 65_534;

/** The name of a user of the system, or none. */
async function usersOf(uid: number): Promise<string> {
  return await execFile('id', ['-un', String(uid)]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  );
}

/** What a process of another user gets when it connects. */
async function connectsAs(uid: number, url: string): Promise<string> {
  const script = `
    process.setgroups?.([]); process.setgid(${uid === 0 ? 0 : nobody}); process.setuid(${uid});
    const client = new pg.default.Client(${JSON.stringify(url)});
    client.connect().then(() => { console.log('in'); client.end(); }, (error) => console.log(String(error)));`;
  const load = `const pg = await import('pg');`;
  const { stdout } = await execFile(process.execPath, ['--input-type=module', '-e', load + script]);
  return stdout.trim();
}

async function listenSomewhere(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
