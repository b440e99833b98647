import type { Page } from '@playwright/test';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, uniqueName } from './own-objects.ts';

test.use({ user: 'corporate-admin@example.com' });

const action = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Actions' }).getByRole('button', { name });

test('a colleague is invited, gets rights by a team, signs in with the link, and is out within 5 s of being suspended', async ({
  page,
  browser,
}) => {
  const { accountId, accountName } = await createEnvironment(page);
  const colleague = uniqueName('ann');
  const team = uniqueName('Release');
  await page.goto(`/accounts/${accountId}/images`);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('link', { name: 'Invite somebody' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill(`${colleague}@example.com`);
  await dialog.getByLabel('Name').fill(colleague);
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await expect(dialog).toContainText('/sign-in#token=');
  const link = /https?:\/\/\S+#token=[\w-]+/.exec((await dialog.textContent()) ?? '')?.[0] ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row').filter({ hasText: colleague });
  await expect(row).toContainText('Invited');
  await expect(row).toContainText(`Viewer at ${accountName}`);
  await checkAccessibility(page);
  await expectNoSidewaysScroll(page);

  await page.getByText('Teams', { exact: true }).click();
  await page.getByRole('link', { name: 'New team' }).first().click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(team);
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await page.getByRole('link', { name: team }).click();
  await action(page, 'Add member').click();
  await dialog.getByRole('combobox', { name: 'Who' }).fill(colleague);
  await page.getByRole('option', { name: colleague }).click();
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await action(page, 'Give role').click();
  await dialog.getByLabel('Role').selectOption('Publisher');
  await dialog.getByRole('button', { name: 'Give role' }).click();
  await expect(page.getByRole('table', { name: `Rights of ${team}` })).toContainText('Publisher');

  // Without the session of the test's own browser.
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(link);
  await expect(theirs.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await theirs.getByRole('link', { name: 'People' }).click();
  const may = theirs.getByRole('row').filter({ hasText: 'promote images and roles' });
  await expect(may).toContainText(`Publisher at ${accountName}, by team ${team}`);
  const mayNot = theirs.getByRole('row').filter({ hasText: 'manage people' });
  // Others may be administrators of Corporate as well.
  await expect(mayNot).toContainText('Ask Corporate Admin (corporate-admin@example.com)');

  await page.getByRole('link', { name: colleague }).click();
  await expect(page.getByRole('table', { name: 'What they may do' })).toContainText(team);
  await checkAccessibility(page);
  await action(page, 'Suspend').click();
  await dialog.getByRole('button', { name: 'Suspend' }).click();
  await expect(page.getByText(`${colleague} is suspended.`).first()).toBeVisible();
  // The page was open all the while, and nobody touched it.
  await expect(theirs.getByRole('heading', { name: /Sign in/ })).toBeVisible({ timeout: 5_000 });
  await context.close();

  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Activity' })
    .click();
  await expect(page.getByText('suspended a user').first()).toBeVisible();
  await expect(page.getByText('gave a right').first()).toBeVisible();
});
