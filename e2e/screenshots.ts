import type { Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';

// The pictures of the README, of the demo estate as it is after `npm start`.

const folder = 'docs/images';

test.use({ user: 'account-owner@example.com', viewport: { width: 1280, height: 800 } });

/** Once all that the page waits for is there. */
async function shoot(page: Page, name: string): Promise<void> {
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled' });
}

async function openImage(page: Page): Promise<void> {
  await page.goto('/accounts/1/images?view=images&query=20260621-2-1&inUse=true');
  await page
    .getByRole('row', { name: /us-east-1/ })
    .getByRole('link')
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('20260621');
}

test.describe('light', () => {
  test.use({ colorScheme: 'light' });

  test('usage', async ({ page }) => {
    await page.goto('/accounts/1/usage');
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    await shoot(page, 'usage-light');
  });

  test('images', async ({ page }) => {
    await page.goto('/accounts/1/images?view=images&inUse=true&sort=-lastUsed');
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    await shoot(page, 'images-light');
  });

  test('replace', async ({ page }) => {
    await openImage(page);
    await page.getByRole('button', { name: 'Replace', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('option').first().click();
    await expect(dialog.getByRole('button', { name: /^Replace in/ })).toBeVisible();
    await shoot(page, 'replace-light');
  });
});

test.describe('dark', () => {
  test.use({ colorScheme: 'dark' });

  test('image', async ({ page }) => {
    await openImage(page);
    await expect(page.getByRole('table').first()).toBeVisible();
    await shoot(page, 'image-dark');
  });

  test('role', async ({ page }) => {
    await page.goto('/accounts/1/roles?query=nginx-1-27');
    await page.getByRole('link', { name: 'nginx-1-27', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'nginx-1-27' })).toBeVisible();
    await expect(page.getByRole('table').first()).toBeVisible();
    await shoot(page, 'role-dark');
  });
});
