import { expect, test } from 'vitest';
import { buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName } from '../testing/harness.ts';
import { createKey, sendSigned } from '../testing/signed-client.ts';

const database = withDatabase();

test('of a key that is disabled while its requests are on their way, each is done or refused, and none that begins later is done', async () => {
  const app = buildTestApp(database.db);
  const t = await createTenant(database.db);
  const key = await createKey(database.db, t.accountAdmin.email);
  const browser = await openBrowser(app, database.db, t.accountAdmin.email);
  const path = `/account/${t.account.accountId}/environments/`;
  const answers: { status: number; begunAfter: boolean; name: string }[] = [];
  let isDisabled = false;
  const work = async () => {
    for (let afterwards = 0; afterwards < 3;) {
      const [begunAfter, name] = [isDisabled, randomName('mid-flight')];
      const { statusCode: status } = await sendSigned(app, key, {
        method: 'POST',
        path,
        body: { name },
      });
      answers.push({ status, begunAfter, name });
      if (begunAfter) afterwards += 1;
    }
  };
  const working = Promise.all(Array.from({ length: 6 }, work));
  await expect.poll(() => answers.length, { timeout: 20_000 }).toBeGreaterThan(12);
  const disabling = await browser.send('PATCH', `/self/api-keys/${key.id}/`, { active: false });
  expect(disabling.statusCode).toBe(200);
  isDisabled = true;
  await working;

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 401]));
  const late = answers.filter(({ begunAfter }) => begunAfter);
  expect(late.map(({ status }) => status)).toEqual(late.map(() => 401));
  const rows = await database.db
    .selectFrom('environments')
    .where('name', 'like', 'mid-flight-%')
    .select('name')
    .execute();
  const done = answers.filter(({ status }) => status === 201);
  expect(rows.map(({ name }) => name).toSorted()).toEqual(done.map(({ name }) => name).toSorted());
  await app.close();
});
