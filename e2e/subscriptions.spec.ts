import { type MailServer, startMailServer } from '../server/testing/mail-server.ts';
import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { keyboard } from './hands.ts';
import { post } from './own-objects.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { signInPath } from './slipway-command.ts';

// A server of its own, with a mail server beside it.
test.use({ user: null, expectedErrors: [/status of 40[01]/] });

let mail: MailServer;
let server: OwnServer;

test.beforeAll(async () => {
  mail = await startMailServer();
  server = await startOwnServer({ ...mail.settings, WEBHOOK_ALLOW_PRIVATE: 'true' });
});
test.afterAll(async () => {
  await server.remove();
  await mail.close();
});

test('somebody is told by mail of what is deprecated, and no more once they follow its link', async ({
  page,
  browser,
}) => {
  await page.goto(server.address + (await signInPath('corporate-admin@example.com', server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await page.goto(`${server.address}/profile`);
  const { press } = keyboard(page);
  await press(page.getByRole('button', { name: 'Be told of …' }));
  const form = page.getByRole('dialog', { name: 'Be told of …' });
  await checkAccessibility(page, '[role=dialog]');
  await form.getByRole('checkbox', { name: 'An image is deprecated' }).check();
  await press(form.getByRole('button', { name: 'Be told', exact: true }));
  const table = page.getByRole('table', { name: 'What you are told of' });
  const row = table.getByRole('row').filter({ hasText: 'An image is deprecated' });
  await expect(row).toContainText('Your mail');
  await checkAccessibility(page);

  const origin = server.address;
  await page.goto(`${origin}/corporate/images`);
  const image = await post(
    page,
    'global/images/',
    {
      name: 'told-of-1',
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      cloudImageId: 'ami-0123456789abcdef0',
      os: 'ubuntu-24-04',
      architecture: 'x86_64',
    },
    origin,
  );
  await post(
    page,
    `global/images/${String(image['id'])}/actions/deprecate/`,
    { deprecate: true, reason: 'It is old.' },
    origin,
  );
  await expect.poll(() => mail.mails.length, { timeout: 30_000 }).toBe(1);
  const [sent] = mail.mails;
  expect(sent?.subject).toContain('told-of-1');
  const link = /https?:\/\/\S+\/unsubscribe#token=[\w-]+/.exec(sent?.text ?? '')?.[0] ?? '';

  // Whoever reads mail somewhere else is not signed in there.
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const elsewhere = await context.newPage();
  await elsewhere.goto(link);
  await expect(elsewhere.getByRole('heading', { name: 'Be told no more' })).toBeVisible();
  await checkAccessibility(elsewhere);
  await elsewhere.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(elsewhere);
  await elsewhere.getByRole('button', { name: 'Send me no more' }).click();
  await expect(elsewhere.getByText('You get no more mails of this kind.')).toBeVisible();
  await context.close();

  await page.goto(`${origin}/profile`);
  await expect(row).toContainText('Paused');
  await row.getByRole('button', { name: /^Actions for / }).click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const question = page.getByRole('dialog', { name: 'Be told of this no more?' });
  await question.getByRole('button', { name: 'Remove' }).click();
  await expect(row).toHaveCount(0);
});

test('a webhook’s secret is shown once', async ({ page }) => {
  await page.goto(server.address + (await signInPath('account-owner@example.com', server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await page.goto(`${server.address}/profile?dialog=add-subscription`);
  const form = page.getByRole('dialog', { name: 'Be told of …' });
  await form.getByRole('checkbox', { name: 'A rollout stops after failures' }).check();
  await form.getByLabel('Tell me by').selectOption('Webhook');
  await form.getByLabel('Address').fill('ftp://example.com');
  await form.getByRole('combobox', { name: 'Only about' }).fill('Storefront');
  await page.getByRole('option', { name: 'Storefront', exact: true }).click();
  await form.getByRole('button', { name: 'Be told', exact: true }).click();
  await expect(form.getByText('must be https:// or http://')).toBeVisible();
  await form.getByLabel('Address').fill('http://127.0.0.1:9/hook');
  await form.getByRole('button', { name: 'Be told', exact: true }).click();
  const shown = page.getByRole('dialog', { name: 'What its requests are signed with' });
  await expect(shown).toContainText('it is not shown again');
  await shown.getByRole('button', { name: 'Done' }).click();
  const table = page.getByRole('table', { name: 'What you are told of' });
  await expect(table).toContainText('127.0.0.1:9');
});
