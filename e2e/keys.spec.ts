import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { keyboard } from './hands.ts';
import { createEnvironment, uniqueName } from './own-objects.ts';
import { runSlipway, signInPath } from './slipway-command.ts';

// Everybody's API keys, for administrators of what they reach.
test.use({ user: 'corporate-admin@example.com' });

test('an administrator finds somebody’s key and disables it, by keyboard alone', async ({
  page,
  browser,
}) => {
  const { accountId, accountName } = await createEnvironment(page);
  const email = `${uniqueName('owner')}@example.com`;
  const scope = ['--scope', `account:${accountName}`];
  await runSlipway('users', 'create', '--email', email, '--role', 'operator', ...scope);
  const key = uniqueName('nightly');
  const printed = await runSlipway('keys', 'create', '--user', email, '--name', key);
  const keyId = /APIK[A-Z2-7]{16}/.exec(printed)?.[0] ?? '';

  await page.goto('/profile');
  await page.getByRole('link', { name: /^Everybody.s API keys at Corporate/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'API keys' })).toBeVisible();
  await page.goto(`/accounts/${accountId}/api-keys`);
  const table = page.getByRole('table', { name: 'API keys' });
  const row = table.getByRole('row').filter({ hasText: key });
  await expect(row).toContainText(email);
  await expect(row).toContainText('Active');
  await expect(row).toContainText('All that its user does');
  await checkAccessibility(page);

  const search = page.getByRole('searchbox', { name: 'Search API keys' });
  await search.fill('no such key');
  await expect(row).toHaveCount(0);
  await search.fill(email);
  await expect(row).toBeVisible();
  await page.reload();
  await expect(search).toHaveValue(email);

  const { press } = keyboard(page);
  await press(row.getByRole('button', { name: /^Actions for / }));
  await press(page.getByRole('menuitem', { name: 'Disable' }));
  const question = page.getByRole('dialog', { name: /^Disable API key/ });
  await expect(question).toContainText('can enable it again');
  await checkAccessibility(page, '[role=dialog]');
  await press(question.getByRole('button', { name: 'Disable API key' }));
  await expect(row).toContainText('Disabled');
  await press(row.getByRole('button', { name: /^Actions for / }));
  const again = page.getByRole('menuitem', { name: 'Disable' });
  await expect(again).toHaveAttribute('aria-disabled', 'true');
  await page.keyboard.press('Escape');

  await page.setViewportSize({ width: 320, height: 800 });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectNoSidewaysScroll(page);
  await checkAccessibility(page);

  // Its owner sees that, and enables it again.
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(await signInPath(email));
  await expect(theirs.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await theirs.goto('/profile');
  const own = theirs
    .getByRole('table', { name: 'API keys' })
    .getByRole('row')
    .filter({ hasText: keyId.slice(0, 8) });
  await expect(own).toContainText('Disabled');
  await own.getByRole('button', { name: /^Actions for / }).click();
  await theirs.getByRole('menuitem', { name: 'Enable' }).click();
  await expect(own).toContainText('Active');
  await context.close();
});

test('whoever administers nothing here is told so', async ({ page, browser }) => {
  const { accountId, accountName } = await createEnvironment(page);
  const email = `${uniqueName('viewer')}@example.com`;
  const scope = ['--scope', `account:${accountName}`];
  await runSlipway('users', 'create', '--email', email, '--role', 'viewer', ...scope);
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(await signInPath(email));
  await expect(theirs.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await theirs.goto(`/accounts/${accountId}/api-keys`);
  await expect(theirs.getByRole('alert')).toContainText(/administrator/i);
  await context.close();
});
