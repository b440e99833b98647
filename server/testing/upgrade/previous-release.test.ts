import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSession } from '../../auth/sessions.ts';
import { checkInvariants } from '../../database/invariants.ts';
import { migrateDatabase } from '../../database/migrate.ts';
import { findTamperedRevisions } from '../../database/records/log-check.ts';
import { testSecretsKey } from '../test-key.ts';
import { withDatabase } from '../database.ts';
import { createTenant, randomName, type Tenant } from '../harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../server-process.ts';

// The release before this one, from the history, on the database as this one leaves it: two releases run side by side
// while processes are replaced one by one, and the old one is what there is to go back to.

const project = fileURLToPath(new URL('../../..', import.meta.url));
const run = promisify(execFile);
const release = (await readFile(new URL('previous-release', import.meta.url), 'utf8')).trim();
const git = (...args: string[]) => run('git', ['-C', project, ...args]);
const isThere = await git('cat-file', '-e', `${release}^{commit}`).then(
  () => true,
  () => false,
);
if (!isThere)
  process.stderr.write(
    `*** SKIPPED: the previous release was NOT run on the new database, since the history does not have ${release}. ***\n`,
  );

describe.skipIf(!isThere)('the previous release', () => {
  const database = withDatabase({ isMigrated: false, isShared: true });
  const environment = { SECRETS_KEY: testSecretsKey.toString('base64') };
  let folder: string;
  let old: ServerProcess;
  let next: ServerProcess;
  let tenant: Tenant;
  let cookie: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'previous-release-'));
    const archive = join(folder, 'release.tar');
    await git('archive', '--output', archive, release, 'server', 'contract', 'package.json');
    await run('tar', ['-xf', archive, '-C', folder]);
    await symlink(join(project, 'node_modules'), join(folder, 'node_modules'));
    const main = join(folder, 'server/main.ts');
    expect(existsSync(main)).toBe(true);
    old = await startServerProcess(database.url, { main, environment });
    // While it runs, as in a rolling upgrade.
    await migrateDatabase(database.url);
    tenant = await createTenant(database.db);
    const { id } = await database.db
      .selectFrom('users')
      .where('email', '=', tenant.accountAdmin.email)
      .select('id')
      .executeTakeFirstOrThrow();
    cookie = `slipway=${(await createSession(database.db, id)).token}`;
    next = await startServerProcess(database.url, { environment });
  });

  afterAll(async () => {
    for (const server of [old, next]) server?.child.kill('SIGTERM');
    for (const server of [old, next]) if (server) await endOf(server);
    await rm(folder, { recursive: true, force: true });
  });

  async function ask({ address }: ServerProcess, method: string, path: string, body?: object) {
    const at = `${address}/api/v1beta0/account/${tenant.account.accountId}/${path}`;
    const headers = { cookie, origin: address, 'content-type': 'application/json' };
    const sent = body && { body: JSON.stringify(body) };
    const answer = await fetch(at, { method, headers, ...sent });
    const text = await answer.text();
    expect(answer.status, `${method} ${path}: ${text}`).toBeLessThan(300);
    return text === '' ? undefined : (JSON.parse(text) as { data: unknown }).data;
  }

  const image = () => ({
    name: randomName('image'),
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    cloudImageId: `ami-${randomName('x').replaceAll(/\W|x/g, '')}`,
    architecture: 'x86_64',
    os: { id: 'ubuntu-24-04' },
  });

  test('reads and writes on the migrated database, and so does this one, each what the other wrote', async () => {
    for (const [writer, reader] of [
      [old, next],
      [next, old],
    ] as const) {
      const name = randomName('environment');
      const made = (await ask(writer, 'POST', 'environments/', { name })) as { id: number };
      expect(await ask(reader, 'GET', `environments/${made.id}/`)).toMatchObject({ name });
      const { id } = (await ask(writer, 'POST', 'images/', image())) as { id: string };
      const renamed = randomName('renamed');
      await ask(reader, 'PATCH', `images/${id}/`, { name: renamed });
      expect(await ask(writer, 'GET', `images/${id}/`)).toMatchObject({ name: renamed });
      const role = { name: randomName('role'), category: { id: 1 }, os: { id: 'ubuntu-24-04' } };
      const { id: roleId } = (await ask(writer, 'POST', 'roles/', role)) as { id: number };
      await ask(reader, 'POST', `roles/${roleId}/images/`, { image: { id } });
      await ask(writer, 'DELETE', `roles/${roleId}/`);
      await ask(reader, 'DELETE', `images/${id}/`);
    }
  });

  test('lists everything that there is', async () => {
    for (const server of [old, next])
      for (const noun of ['images', 'roles', 'farms', 'servers', 'environments', 'operations'])
        await ask(server, 'GET', `${noun}/`);
  });

  test('leaves everything as it must be, and complains of nothing', async () => {
    expect(await checkInvariants(database.db)).toEqual([]);
    expect(await findTamperedRevisions(database.db)).toEqual([]);
    expect(old.errors()).toBe('');
  });
});
