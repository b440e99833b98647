import type { Page } from '@playwright/test';

import { signHeaders } from '../server/testing/sign-headers.ts';
import type { Key } from '../server/testing/sign-headers.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';
import { uniqueName } from './own-objects.ts';

/** What a program with this key is answered when it asks who it is. */
async function status(page: Page, key: Key): Promise<number> {
  const url = '/api/v1beta0/self/session/';
  const date = new Date().toISOString();
  const headers = signHeaders(key, { method: 'GET', url, date, body: '' });
  return (await fetch(new URL(url, page.url()), { headers })).status;
}

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

test('an API key is made, signs, is disabled, enabled, renamed and deleted', async ({ page }) => {
  const name = uniqueName('pipeline');
  await page.goto('/');
  await page.getByRole('button', { name: /^User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Profile and API keys' }).click();
  await page.getByRole('button', { name: 'Create API key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create API key' }).click();
  await expect(dialog.getByText('Type a name first.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');

  await expect(dialog.getByText('it is not shown again')).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  const copied = async (what: string) =>
    ((await dialog.getByRole('button', { name: `Copy ${what}` }).textContent()) ?? '').replace(
      `Copy ${what} `,
      '',
    );
  const key = { id: await copied('key ID'), secret: await copied('secret') };
  // Neither key nor click loses what is shown this once, and its button says what it does.
  await page.keyboard.press('Escape');
  await page.mouse.click(2, 2);
  await expect(dialog.getByText(key.secret.slice(0, 8))).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(dialog.getByRole('button', { name: 'Copied', exact: true })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(key.secret);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByText(key.secret)).toHaveCount(0);

  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('never');
  expect(await status(page, key)).toBe(200);
  await choose(page, name, 'Disable');
  await expect(row).toContainText('Disabled');
  expect(await status(page, key)).toBe(401);
  await choose(page, name, 'Enable');
  await expect(row).toContainText('Active');
  expect(await status(page, key)).toBe(200);
  await checkAccessibility(page);

  await choose(page, name, 'Rename');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(`${name}-2`);
  await dialog.getByRole('button', { name: 'Rename API key' }).click();
  await choose(page, `${name}-2`, 'Delete');
  await dialog.getByRole('button', { name: 'Delete API key' }).click();
  await expect(page.getByText(`${name}-2`)).toHaveCount(0);
  expect(await status(page, key)).toBe(401);
});
