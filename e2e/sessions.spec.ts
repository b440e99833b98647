import type { Browser, Page } from '@playwright/test';

import { ageSessions } from '../server/testing/age-sessions.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';
import { keyboard } from './hands.ts';
import { uniqueName } from './own-objects.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { runSlipway, signInPath } from './slipway-command.ts';

// The browser's own line for asking who is signed in once nobody is.
test.use({ user: null, expectedErrors: [/401/] });

/** A browser of its own that somebody signs in with. */
async function openAs(browser: Browser, email: string): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  const listening = page.waitForResponse((response) => /\/self\/events\//.test(response.url()));
  await page.goto(await signInPath(email));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await listening;
  return page;
}

test('ending a session from another browser, by keyboard alone, has its page out within 5 s', async ({
  browser,
}) => {
  const email = `${uniqueName('two')}@example.com`;
  await runSlipway('users', 'create', '--email', email, '--role', 'viewer', '--scope', 'corporate');
  const left = await openAs(browser, email);
  const kept = await openAs(browser, email);
  await kept.goto('/profile');
  const table = kept.getByRole('table', { name: 'Where you are signed in' });
  await expect(table.getByRole('row').filter({ hasText: '(this one)' })).toHaveCount(1);
  await expect(table.getByRole('row').filter({ hasText: 'Chrome on Linux' })).toHaveCount(2);
  await checkAccessibility(kept);

  const { press } = keyboard(kept);
  const other = table.getByRole('row').filter({ hasText: 'Chrome', hasNotText: '(this one)' });
  await press(other.getByRole('button', { name: /^Actions for / }));
  await press(kept.getByRole('menuitem', { name: 'End session' }));
  const question = kept.getByRole('dialog');
  await checkAccessibility(kept, '[role=dialog]');
  await press(question.getByRole('button', { name: 'End session' }));
  await expect(question).toHaveCount(0);
  await expect(left.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 5_000 });
  await expect(table.getByRole('row').filter({ hasText: 'Chrome on Linux' })).toHaveCount(1);
  await expect(kept.getByRole('button', { name: 'End all other sessions' })).toHaveCount(0);
  await Promise.all([left.context().close(), kept.context().close()]);
});

test.describe('what wants a fresh sign-in', () => {
  let server: OwnServer;
  test.beforeAll(async () => {
    server = await startOwnServer();
  });
  test.afterAll(() => server.remove());
  test.use({ expectedErrors: [/40[13]/] });

  test('is asked for over what is typed, and goes on once somebody has signed in in another tab', async ({
    page,
    context,
  }) => {
    const link = async () => server.address + (await signInPath('viewer@example.com', server.data));
    await page.goto(await link());
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await page.goto(`${server.address}/profile?dialog=create-key`);
    const form = page.getByRole('dialog', { name: 'Create an API key' });
    const name = uniqueName('typed');
    await form.getByRole('textbox', { name: 'Name' }).fill(name);
    await form.getByRole('checkbox', { name: 'It may only read' }).check();
    await ageSessions(server.data, 10);
    await page.keyboard.press('Enter');

    const question = page.getByRole('dialog', { name: 'Sign in again to go on' });
    await expect(question).toContainText('sign-in-link --user viewer@example.com');
    await checkAccessibility(page, '[role=dialog]');
    const goOn = question.getByRole('button', { name: 'Go on' });
    await expect(goOn).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(question.getByRole('alert')).toContainText('Nobody has signed in again');

    const tab = await context.newPage();
    await tab.goto(await link());
    await expect(tab.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await goOn.click();
    await expect(page.getByText('it is not shown again')).toBeVisible();
    await page.getByRole('button', { name: 'Done' }).click();
    const row = page.getByRole('row').filter({ hasText: name });
    await expect(row).toContainText('to read');
  });

  test('goes on at once with the password, where there is one', async ({ page }) => {
    const password = 'some words in a row';
    await page.goto(server.address + (await signInPath('account-owner@example.com', server.data)));
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await page.goto(`${server.address}/profile`);
    await page.getByRole('textbox', { name: 'New password' }).fill(password);
    await page.getByRole('button', { name: 'Set password' }).click();
    await expect(page.getByText('You have none.')).toHaveCount(0);
    await page.goto(`${server.address}/profile?dialog=create-key`);
    const form = page.getByRole('dialog', { name: 'Create an API key' });
    const name = uniqueName('typed');
    await form.getByRole('textbox', { name: 'Name' }).fill(name);
    await ageSessions(server.data, 10);
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Sign in again to go on' });
    await question.getByLabel('Your password, if you have one').fill(password);
    await page.keyboard.press('Enter');
    await expect(page.getByText('it is not shown again')).toBeVisible();
    await page.getByRole('button', { name: 'Done' }).click();
    await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  });

  test('is refused where somebody cancels, with what is typed still there', async ({ page }) => {
    await page.goto(server.address + (await signInPath('viewer@example.com', server.data)));
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await page.goto(`${server.address}/profile?dialog=create-key`);
    const form = page.getByRole('dialog', { name: 'Create an API key' });
    await form.getByRole('textbox', { name: 'Name' }).fill('typed');
    await ageSessions(server.data, 10);
    await page.keyboard.press('Enter');
    const question = page.getByRole('dialog', { name: 'Sign in again to go on' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(form.getByRole('alert')).toContainText('needs a sign-in of the last 10 minutes');
    await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue('typed');
  });
});
