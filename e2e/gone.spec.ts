import type { Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { expect, test } from './fixtures.ts';
import { createEnvironment, createRoleWith, registerImage } from './own-objects.ts';

// Whether what one comes back to is still there is asked of the server.
test.use({
  expectedErrors: [/status of 404|ApiError: (No |\w+ ".*" was deleted by )|React Router caught/],
});

const notFound = (page: Page) => page.getByText('There is no such page');

/** Deletes what the page is about. */
async function deleteIt(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^More actions for / }).click();
  await page.getByRole('menuitem', { name: /^Delete/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

for (const [noun, section] of [
  ['image', 'images?view=images'],
  ['version', 'images?'],
  ['role', 'roles?'],
] as const)
  test(`Back from where one lands after deleting the page of a ${noun} leads to the list`, async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const role = noun === 'role' ? await createRoleWith(page, envId, image.id) : '';
    await page.goto(`/environments/${envId}/${section}&scope=environment`);
    const row = page.getByRole('main').getByRole('table').getByRole('row').nth(1);
    await row.getByRole('link', { name: role || image.name }).click();
    await expect(page.getByRole('heading', { level: 1, name: role || image.name })).toBeVisible();
    await deleteIt(page);
    const list = page.getByRole('heading', {
      level: 1,
      name: noun === 'role' ? 'Roles' : 'Images',
    });
    await expect(list).toBeVisible();
    await page.goBack();
    await expect(list).toBeVisible();
    await expect(page).toHaveURL(/\/(images|roles)$/);
    await expect(notFound(page)).toHaveCount(0);
    await page.goBack();
    await expect(page).toHaveURL(/scope=environment/);
    await expect(list).toBeVisible();
  });

test('Back after an environment was deleted never leads below it', async ({ page }) => {
  const { accountId, accountName, envId } = await createEnvironment(page);
  await page.goto(paths.roles({ scope: 'account', accountId }));
  await page.getByRole('button', { name: /Switch scope/ }).click();
  await page.getByRole('combobox', { name: /^Find an account/ }).fill(accountName);
  await page.locator(`a[role=treeitem][href="/environments/${envId}/roles"]`).click();
  await page.getByRole('link', { name: /^Farms/ }).click();
  await expect(page).toHaveURL(`/environments/${envId}/farms`);
  await page.getByRole('button', { name: /Switch scope/ }).click();
  await page.getByRole('button', { name: 'Delete environment' }).click();
  // The switcher has a button of that name too, until it is gone.
  const dialog = page.getByRole('dialog', { name: /^Delete environment/ });
  await dialog.getByRole('button', { name: 'Delete environment' }).click();
  await expect(page).toHaveURL(`/accounts/${accountId}/farms`);
  for (const _below of ['farms', 'roles']) {
    await page.goBack();
    await expect(page).toHaveURL(/\/corporate\/images$/);
    await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
  }
  await page.goBack();
  await expect(page).toHaveURL(`/accounts/${accountId}/roles`);
});

test('an address that never led anywhere still says so', async ({ page }) => {
  await page.goto('/corporate/roles/999999');
  await expect(notFound(page)).toBeVisible();
});
