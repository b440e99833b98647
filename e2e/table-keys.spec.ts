import type { Page } from '@playwright/test';

import { checkAccessibility, expect, expectSettled, holdRequests, test } from './fixtures.ts';
import { createEnvironment, registerImage } from './own-objects.ts';

const focused = (page: Page) => page.locator(':focus');

/** Presses keys one after the other. @returns how many */
async function press(page: Page, ...keys: string[]): Promise<number> {
  for (const key of keys) await page.keyboard.press(key);
  return keys.length;
}

test.describe('a table by keyboard alone', () => {
  test('is reached from the top of the page in three keys, and is one stop for Tab', async ({
    page,
  }) => {
    await page.goto('/corporate/images?view=images');
    const table = page.getByRole('table', { name: 'Images' });
    await expectSettled(table);
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveCount(10);
    await press(page, 'Tab', 'Tab');
    await expect(page.getByRole('link', { name: 'Skip to table' })).toBeFocused();
    await checkAccessibility(page);
    await press(page, 'Enter');
    const first = table.getByRole('row').nth(1).getByRole('link').first();
    await expect(first).toBeFocused();

    await press(page, 'Tab');
    await expect(table.locator(':focus')).toHaveCount(0);
    await press(page, 'Shift+Tab');
    await expect(first).toBeFocused();
    await press(page, 'ArrowDown', 'Tab', 'Shift+Tab');
    await expect(table.getByRole('row').nth(2).getByRole('link').first()).toBeFocused();
    await press(page, 'Shift+Tab');
    await expect(table.locator(':focus')).toHaveCount(0);
  });

  test('is walked with the arrows: rows, what is in them, and the names of the columns', async ({
    page,
  }) => {
    await page.goto('/corporate/images?view=images');
    const table = page.getByRole('table', { name: 'Images' });
    await expectSettled(table);
    const row = (index: number) => table.getByRole('row').nth(index);
    await row(1).getByRole('link').first().focus();
    await press(page, 'ArrowLeft');
    await expect(row(1).getByRole('checkbox')).toBeFocused();
    await press(page, 'ArrowDown');
    await expect(row(2).getByRole('checkbox')).toBeFocused();
    await press(page, 'Space');
    await expect(row(2).getByRole('checkbox')).toBeChecked();
    await press(page, 'End');
    await expect(row(2).getByRole('button', { name: /^Actions for / })).toBeFocused();
    await press(page, 'Home', 'ArrowRight');
    await expect(row(2).getByRole('link').first()).toBeFocused();
    await press(page, 'ArrowUp', 'ArrowUp');
    await expect(table.getByRole('button', { name: 'Name' })).toBeFocused();
    await press(page, 'Enter');
    await expect(page).toHaveURL(/sort=name/);
    // The rows that are out of sight come a moment after the others.
    await expect(table.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    await expectSettled(table);
    await expect(table.getByRole('row')).toHaveCount(51);
    await press(page, 'Control+End');
    await expect(row(50).getByRole('button', { name: /^Actions for / })).toBeFocused();
    await press(page, 'Control+Home');
    await expect(row(1).getByRole('link').first()).toBeFocused();
    const name = await focused(page).innerText();
    await press(page, 'Enter');
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  });

  for (const keys of ['.', 'Shift+F10', 'ContextMenu']) {
    test(`opens the actions of a row with ${keys}, and gives the focus back`, async ({ page }) => {
      await page.goto('/corporate/images?view=images');
      const table = page.getByRole('table', { name: 'Images' });
      await expectSettled(table);
      const link = table.getByRole('row').nth(2).getByRole('link').first();
      const name = await link.innerText();
      await link.focus();
      await press(page, keys);
      await expect(page.getByRole('menu', { name: `Actions for ${name}` })).toBeVisible();
      await expect(page.getByRole('menuitem').first()).toBeFocused();
      await press(page, 'Escape');
      await expect(page.getByRole('menu')).toBeHidden();
      await expect(link).toBeFocused();
    });
  }

  test('keeps the focus on the button of a dialog until it is known what it would do', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    const release = await holdRequests(page, '**/preview-promote/**');
    await page.getByRole('button', { name: 'Promote' }).press('Enter');
    const confirm = page.getByRole('dialog').getByRole('button', { name: /^Promote image/ });
    await expect(confirm).toBeFocused();
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    release();
    await expect(confirm).toHaveAttribute('aria-disabled', 'false');
    await expect(confirm).toBeFocused();
  });

  test('leads to promoting its first image in at most 12 keys', async ({ page }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images?view=images`);
    await expectSettled(page.getByRole('table', { name: 'Images' }));
    const first = page.getByRole('link', { name: image.name, exact: true });
    await expect(first).toBeVisible();
    let keys = await press(page, 'Tab', 'Tab', 'Enter');
    await expect(first).toBeFocused();
    keys += await press(page, '.');
    await expect(page.getByRole('menuitem', { name: 'Promote' })).toBeFocused();
    keys += await press(page, 'Enter');
    const confirm = page.getByRole('button', { name: /^Promote image and show it/ });
    await expect(confirm).toBeFocused();
    keys += await press(page, 'Enter');
    await expect(page).toHaveURL(`/accounts/${accountId}/images/${image.id}`);
    expect(keys).toBeLessThanOrEqual(12);
  });

  test('is told of in the list of keys', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    await expectSettled(page.getByRole('table', { name: 'Images' }));
    await press(page, '?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await expect(help).toContainText('Actions for the row');
    await expect(help).toContainText('Next or previous thing in the row');
  });
});

test('a page without a table offers no way to one', async ({ page }) => {
  await page.goto('/corporate/images/new');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await press(page, 'Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to table' })).toBeHidden();
});
