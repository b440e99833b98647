import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findSigningKey } from '../auth/api-keys.ts';
import { makeSecretBox } from '../auth/secret-box.ts';
import { withDatabase } from '../testing/database.ts';
import { type Ended, launch } from '../testing/launched.ts';

// The last test breaks the database to see doctor find it.
const database = withDatabase({ breaks: ['INV-26c', 'ACT-01'] });
const other = withDatabase();

async function slipway(...args: string[]): Promise<Ended> {
  return await launch('slipway', args, { DATABASE_URL: database.url }).ended;
}

async function answerOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await slipway(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

describe('the admin commands', () => {
  test('create an account, an environment in it and a user there, all on record', async () => {
    const chief = ['--email', 'chief@example.com', '--role', 'administrator'];
    await answerOf('users', 'create', ...chief, '--scope', 'corporate');
    const account = await answerOf('accounts', 'create', '--name', 'Web shop');
    expect(account).toMatchObject({ name: 'Web shop' });
    const where = ['--account', 'web shop'];
    const environment = await answerOf('environments', 'create', ...where, '--name', 'test');
    expect(environment).toMatchObject({ name: 'test', status: 'active' });
    const who = ['--email', 'Ann@Example.com', '--role', 'image-manager'];
    const user = await answerOf('users', 'create', ...who, '--scope', 'environment:Web shop/test');
    expect(user).toMatchObject({ email: 'ann@example.com', role: 'image_manager' });

    const log = await database.db
      .selectFrom('operations_log')
      .select(['operation', 'actor'])
      .where('actor', 'like', 'cli:%')
      .execute();
    expect(log.map(({ operation }) => operation).toSorted()).toEqual([
      'accountCreate',
      'environmentCreate',
      'userCreate',
      'userCreate',
    ]);
  });

  test('make a sign-in link of somebody known, and refuse it to others', async () => {
    const { code, stdout } = await slipway('sign-in-link', '--user', 'ann@example.com');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^http:\/\/127\.0\.0\.1:4400\/sign-in#token=\S+\n$/);
    const refused = await slipway('sign-in-link', '--user', 'nobody@example.com');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('no active user with the e-mail address nobody@example.com');
  });

  test('make an API key that opens with the key for secrets alone', async () => {
    const secretsKey = Buffer.alloc(32, 5);
    const args = ['keys', 'create', '--user', 'ann@example.com', '--name', 'ci', '--json'];
    const settings = { DATABASE_URL: database.url, SECRETS_KEY: secretsKey.toString('base64') };
    const made = await launch('slipway', args, settings).ended;
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { keyId, secretKey } = JSON.parse(made.stdout) as { keyId: string; secretKey: string };
    const key = await findSigningKey(database.db, keyId, makeSecretBox(secretsKey));
    expect(key).toMatchObject({ email: 'ann@example.com', secret: secretKey });
    const other = makeSecretBox(Buffer.alloc(32, 6));
    expect(await findSigningKey(database.db, keyId, other)).toBeUndefined();
  });

  test.each([
    [['keys', 'create', '--user', 'ann@example.com'], 2, 'The key for secrets is missing'],
    [['keys', 'create', '--user', 'nobody@example.com'], 1, 'no active user'],
    [
      ['keys', 'create', '--user', 'ann@example.com', '--name', ''],
      2,
      'The name must not be empty',
    ],
    [['accounts', 'create', '--name', 'x'.repeat(300)], 2, 'name'],
    [['accounts', 'create', '--name', 'Web shop'], 1, 'Web shop'],
    [['environments', 'create', '--account', 'None', '--name', 'x'], 2, 'no account "None"'],
    [
      ['users', 'create', '--email', 'ann@example.com', '--role', 'viewer', '--scope', 'corporate'],
      1,
      'exists already',
    ],
    [
      ['users', 'create', '--email', 'b@example.com', '--role', 'boss', '--scope', 'corporate'],
      2,
      'The roles are viewer',
    ],
    [
      ['users', 'create', '--email', 'b@example.com', '--role', 'viewer', '--scope', 'all'],
      2,
      'is not a scope',
    ],
    [
      ['users', 'create', '--email', 'b', '--role', 'viewer', '--scope', 'corporate'],
      2,
      'not an e-mail address',
    ],
    [['estate', 'load', '--size', 'huge'], 2, 'The sizes are s'],
    [['estate', 'load', '--size', 's'], 1, 'already has the account "Web shop"'],
    [['doctor', '--verbose'], 2, "unknown option '--verbose'"],
    [['sign-in-link'], 2, "required option '--user <email>'"],
  ])('%j ends with code %i and a reason', async (args, code, reason) => {
    const ended = await slipway(...args);
    expect(ended.stderr).toContain(reason);
    expect(ended.stderr).not.toContain('    at ');
    expect(ended.code).toBe(code);
    expect(ended.stdout).toBe('');
  });

  test('a large estate that is interrupted leaves nothing behind, and says so', async () => {
    const empty = { DATABASE_URL: other.url };
    const loading = launch('slipway', ['estate', 'load', '--size', 'l'], empty);
    await vi.waitFor(() => expect(loading.output()).toMatch(/\d %  images/), 60_000);
    loading.child.kill('SIGINT');
    const { code, stderr } = await loading.ended;
    expect(stderr).toContain('Interrupted: nothing was loaded');
    expect(code).toBe(130);
    expect(await other.db.selectFrom('accounts').select('id').execute()).toEqual([]);
  });

  test('doctor is content with a sound database, and names the rows of a broken one', async () => {
    expect((await slipway('doctor')).stdout).toMatch(/^\d+ invariants checked, 0 broken\.\n$/);
    await redeemALinkTooLate();
    await rewriteHistory();
    const { code, stdout } = await slipway('doctor');
    expect(code).toBe(1);
    expect(stdout).toContain('BROKEN INV-26c: ');
    expect(stdout).toContain('BROKEN LOG: ');
    expect(stdout).toMatch(/^ {2}\{.+\}$/m);
  });
});

describe('without a running server', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'slipway-command-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  test('the commands start the embedded database for themselves, one after the other', async () => {
    const data = ['--data', join(folder, 'data')];
    const absent = await launch('slipway', ['doctor', ...data]).ended;
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain('There is no Slipway database in');

    const loaded = await launch('slipway', ['estate', 'load', '--size', 's', ...data, '--json'])
      .ended;
    expect(JSON.parse(loaded.stdout)).toMatchObject({ accounts: 3, servers: 1_264 });

    const together = [
      launch('slipway', ['doctor', ...data]),
      launch('slipway', ['doctor', ...data]),
    ];
    for (const { ended } of together) {
      expect(await ended).toMatchObject({ code: 0, stdout: expect.stringContaining('0 broken.') });
    }
  });
});

async function rewriteHistory(): Promise<void> {
  await sql`
    ALTER TABLE operations_log DISABLE TRIGGER USER;
    UPDATE operations_log SET actor = 'somebody else' WHERE operation = 'accountCreate';
    ALTER TABLE operations_log ENABLE TRIGGER USER`.execute(database.db);
}

/** What no operation does. */
async function redeemALinkTooLate(): Promise<void> {
  await sql`
    INSERT INTO sign_in_links (token_hash, user_id, expires_at, redeemed_at)
    SELECT '\\x01', min(id), now() - interval '1 minute', now() FROM users`.execute(database.db);
}
