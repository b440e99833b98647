import { beforeAll, expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';

const database = withDatabase();
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
});

const slipway = async (...args: string[]) =>
  launch('slipway', args, { DATABASE_URL: database.url }).ended;

test('people and teams are invited, given roles, suspended and let in again from the command line', async () => {
  const email = `${randomName('ann')}@example.com`;
  const at = ['--scope', `account:${t.account.accountId}`];
  const invited = await slipway('users', 'invite', '--email', email, '--role', 'viewer', ...at);
  expect(invited).toMatchObject({ code: 0 });
  expect(invited.stdout).toContain('/sign-in#token=');
  const made = await slipway('teams', 'create', '--name', 'Release', ...at, '--json');
  const { id } = JSON.parse(made.stdout) as { id: number };
  const team = ['--team', String(id), '--role', 'publisher', ...at];
  expect(await slipway('teams', 'add', String(id), '--user', email)).toMatchObject({ code: 0 });
  expect(await slipway('users', 'grant', ...team)).toMatchObject({ code: 0 });
  expect(await slipway('users', 'suspend', '--user', email)).toMatchObject({ code: 0 });
  const listed = await slipway('users', 'list', ...at, '--status', 'suspended');
  expect(listed.stdout).toMatch(new RegExp(`${email} .*\\(suspended\\).*viewer.*by team Release`));
  expect(await slipway('users', 'restore', '--user', email)).toMatchObject({ code: 0 });
  expect(await slipway('users', 'revoke', ...team)).toMatchObject({ code: 0 });
  expect(await slipway('users', 'revoke', ...team)).toMatchObject({ code: 2 });
  const { stdout } = await slipway('teams', 'get', String(id));
  expect(stdout).toContain(email);
  expect(stdout).not.toContain('publisher');
});

test('the last administrator of Corporate is not suspended from the command line either', async () => {
  const suspended = await slipway('users', 'suspend', '--user', t.corporateAdmin.email);
  expect(suspended).toMatchObject({ code: 1 });
  expect(suspended.stderr).toContain('nobody who administers Corporate');
});
