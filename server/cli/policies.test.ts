import { expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';
import { createPolicy, daysAgo } from '../testing/policies.ts';

const database = withDatabase();

const slipway = async (...args: string[]) =>
  launch('slipway', args, { DATABASE_URL: database.url }).ended;

test('a policy is listed and evaluated from the command line, and says what it would do when and why', async () => {
  const t = await createTenant(database.db);
  const added_at = daysAgo(200);
  await insertImage(database.db, t.account, { name: 'web-1', added_at });
  await insertImage(database.db, t.account, { name: 'web-2', added_at });
  const policyId = await createPolicy(t.accountAdmin, t.account, 'deprecate', { keepNewest: 1 });
  const scope = `account:${t.account.accountId}`;
  const listed = await slipway('policies', 'list', '--scope', scope);
  expect(listed.stdout).toContain(`${policyId}  deprecate audit    policy-`);
  const evaluated = await slipway('policies', 'evaluate', policyId);
  expect(evaluated).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 due, 0 later, 1 stay') as string,
  });
  expect(evaluated.stdout).toContain('web-1 in us-east-1  There is a newer one');
  expect(evaluated.stdout).not.toContain('web-2');
  expect((await slipway('policies', 'evaluate', policyId, '--all')).stdout).toContain('web-2');
  const json = await slipway('--json', 'policies', 'evaluate', policyId);
  expect(JSON.parse(json.stdout)).toMatchObject({
    evaluation: { counts: { due: 1 } },
    findings: [{ name: 'web-1', verdict: 'due' }],
  });
  expect((await slipway('policies', 'evaluate', 'x')).code).toBe(2);
});
