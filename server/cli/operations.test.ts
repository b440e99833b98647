import { beforeAll, expect, test } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { launch } from '../testing/launched.ts';

const database = withDatabase();
let t: Tenant;

beforeAll(async () => {
  t = await createTenant(database.db);
});

const slipway = async (...args: string[]) =>
  launch('slipway', ['operations', 'list', ...args], { DATABASE_URL: database.url }).ended;

test('what was changed is listed and filtered from the command line, in words and as JSON', async () => {
  const image = await insertImage(database.db, t.account);
  const { requestId } = await t.accountAdmin.call('imageDeprecate', t.account, {
    params: { imageId: image.id },
    body: { reason: 'has a hole' },
  });
  const scope = `account:${t.account.accountId}`;
  const words = await slipway('--scope', scope, '--object', `image:${image.id}`);
  expect(words).toMatchObject({ code: 0 });
  expect(words.stdout).toContain(
    `${t.accountAdmin.email} deprecated or restored an image: ${image.name} (has a hole)`,
  );
  const found = await slipway('--scope', scope, '--person', t.accountAdmin.email, '--json');
  expect(JSON.parse(found.stdout)).toMatchObject([{ id: requestId }]);
  const none = await slipway('--scope', scope, '--to', '2000-01-01');
  expect(none.stdout.trim()).toBe('Nothing was changed there.');
  expect(await slipway('--object', 'nothing')).toMatchObject({ code: 2 });
});
