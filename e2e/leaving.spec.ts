import type { Page } from '@playwright/test';

import { checkAccessibility, expect, test } from './fixtures.ts';
import { uniqueName } from './own-objects.ts';

const question = (page: Page) => page.getByRole('dialog', { name: 'Leave without saving?' });
const form = (page: Page) => page.getByRole('dialog', { name: 'Create an API key' });
const keyName = (page: Page) => form(page).getByRole('textbox', { name: 'Name' });

/** The profile, with a form over it that somebody has typed into. */
async function typeIntoDialog(page: Page): Promise<void> {
  await page.goto('/corporate/roles');
  await page.getByRole('button', { name: /User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Profile' }).click();
  await page.getByRole('button', { name: 'Create API key' }).click();
  await keyName(page).fill('typed');
}

test('a dialog that somebody typed into asks before Esc, Cancel, a click beside it or Back closes it', async ({
  page,
}) => {
  await typeIntoDialog(page);
  await page.keyboard.press('Escape');
  await expect(question(page)).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await expect(question(page).getByRole('button', { name: 'Go on editing' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(question(page)).toHaveCount(0);
  await expect(keyName(page)).toBeFocused();

  await form(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question(page)).toHaveCount(0);
  await page.mouse.click(5, 400);
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goBack();
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(question(page)).toHaveCount(0);
  await expect(keyName(page)).toHaveValue('typed');
  // The browser has gone forward again, to where the dialog is.
  await expect(page).toHaveURL(/dialog=/);

  await page.keyboard.press('Escape');
  await question(page).getByRole('button', { name: 'Leave without saving' }).click();
  await expect(form(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/profile$/);
});

test('a dialog that somebody typed into asks each time, however slow the browser is to go forward again', async ({
  page,
}) => {
  await page.addInitScript(() => {
    const go = history.go.bind(history);
    history.go = (delta) => void setTimeout(() => go(delta), (delta ?? 0) > 0 ? 500 : 0);
  });
  await typeIntoDialog(page);
  for (let time = 0; time < 3; time++) {
    await form(page).getByRole('button', { name: 'Cancel' }).click();
    await expect(question(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await page.goBack();
    await expect(question(page)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(question(page)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(question(page)).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await expect(keyName(page)).toHaveValue('typed');
  await expect(page).toHaveURL(/\/profile\?dialog=/);
});

test('a form that is as it was, or that is saved, is left without a question', async ({ page }) => {
  await typeIntoDialog(page);
  await keyName(page).fill('');
  await page.keyboard.press('Escape');
  await expect(form(page)).toHaveCount(0);
  await expect(question(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Create API key' }).click();
  await keyName(page).fill(uniqueName('key'));
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/profile$/);
});

test('a page that somebody typed into asks before a link, Back or closing its tab leaves it', async ({
  page,
}) => {
  await page.goto('/corporate/roles');
  await page.getByRole('link', { name: 'New role' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('typed');
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^Images/ })
    .click();
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await page.goBack();
  await expect(question(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('textbox', { name: 'Name' })).toHaveValue('typed');

  const asked = page.waitForEvent('dialog');
  const closing = page.close({ runBeforeUnload: true });
  const beforeUnload = await asked;
  expect(beforeUnload.type()).toBe('beforeunload');
  await beforeUnload.dismiss();
  await closing;

  await page.getByRole('main').getByRole('link', { name: 'Cancel' }).click();
  await question(page).getByRole('button', { name: 'Leave without saving' }).click();
  await expect(page).toHaveURL(/\/corporate\/roles$/);
});

test('a closed dialog leaves no step in the history', async ({ page }) => {
  await page.goto('/corporate/roles');
  await page.goto('/profile');
  const name = keyName(page);
  await page.getByRole('button', { name: 'Create API key' }).click();
  await expect(name).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(name).toHaveCount(0);
  await page.getByRole('button', { name: 'Create API key' }).click();
  await form(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(name).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(/\/corporate\/roles$/);

  // One that a link opened has no page of its own before it.
  await page.goto('/profile?dialog=create-key');
  await expect(name).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/profile$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/corporate\/roles$/);
});

test('Back shows a list where it was left, and a new page starts at the top', async ({ page }) => {
  const scrolled = () => page.evaluate(() => window.scrollY);
  await page.goto('/accounts/1/images?view=images&pageSize=100');
  const rows = page.getByRole('main').locator('tbody tr[data-key]');
  await rows.nth(60).scrollIntoViewIfNeeded();
  const before = await scrolled();
  expect(before).toBeGreaterThan(500);
  await rows.nth(55).getByRole('link').first().click();
  await expect(page.getByRole('region', { name: 'Actions' })).toBeVisible();
  expect(await scrolled()).toBe(0);
  await page.goBack();
  await expect.poll(scrolled).toBeCloseTo(before, -1);

  // A dialog is no other place.
  await rows
    .nth(55)
    .getByRole('button', { name: /^Actions for/ })
    .click();
  await page.getByRole('menuitem', { name: /^Rename/ }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(await scrolled()).toBeCloseTo(before, -1);
});
