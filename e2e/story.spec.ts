import type { Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { runSlipway, signInPath } from './slipway-command.ts';

// The whole job of a newcomer in the demo estate, without reading anything but the page. It runs after
// the other tests, since it changes the estate that they look at.

test.use({ user: null, expectedErrors: [/status of (401|409)/] });

async function switchTo(page: Page, place: string): Promise<void> {
  await page.getByRole('button', { name: /Switch scope/ }).click();
  await page.getByRole('combobox', { name: 'Find an account or environment' }).fill(place);
  await expect(page.getByRole('treeitem').filter({ hasText: place }).first()).toBeVisible();
  await page.getByRole('treeitem').filter({ hasText: place }).first().click();
}

async function search(page: Page, text: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search images' }).fill(text);
  await expect(page).toHaveURL(new RegExp(`query=${text}`));
}

test('a publisher finds, promotes, replaces, reviews, rolls back, and is refused in words', async ({
  page,
}) => {
  // Signs in by the link, and lands at the account.
  await page.goto(await signInPath('hana.sato@example.com'));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await expect(page.getByRole('button', { name: /Switch scope/ })).toHaveText(/Account Analytics/);

  // Finds the newest stable image: the first one of the newest first.
  const images = page.getByRole('table', { name: 'Images' });
  await expect(images.getByRole('row').nth(1)).toContainText('fcos-44-20260707-3-1');

  // Promotes a tested image out of the test environment.
  await switchTo(page, 'test');
  await search(page, '20260720-2-1');
  await images
    .getByRole('row')
    .filter({ hasText: 'ap-southeast-1' })
    .filter({ hasText: 'x86_64' })
    .getByRole('link', { name: 'fcos-44-20260720-2-1' })
    .click();
  await page.getByRole('button', { name: 'Promote' }).click();
  await page
    .getByRole('button', { name: /^Promote image and show it to \d+ environments/ })
    .click();
  await expect(page).toHaveURL(/\/accounts\/3\/images\//);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('fcos-44-20260720-2-1');

  // Replaces an old image in all roles of the account, with deprecation.
  await page.goto('/accounts/3/images?query=20260707-2-1&location=us-east-1&cloud=ec2');
  await images
    .getByRole('row')
    .filter({ hasText: 'aarch64' })
    .getByRole('link', { name: 'fcos-44-20260707-2-1' })
    .click();
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /^Replace/ });
  await dialog.getByRole('option').first().click();
  await dialog.getByRole('checkbox', { name: 'Deprecate the old image' }).check();
  await dialog.getByRole('button', { name: /^Replace in \d+ roles?/ }).click();
  await expect(
    dialog.getByText(/^Replaced in \d+ roles?\. .* servers in \d+ farms stay/),
  ).toBeVisible();

  // Sees which farms still run the old one.
  await dialog.getByRole('link', { name: 'Show what is still on it' }).click();
  await expect(page).toHaveURL(/\/accounts\/3\/usage\?image=/);
  const usage = page.getByRole('table', { name: /on old images/ });
  await expect(usage.getByRole('row').nth(1)).toContainText('fcos-44-20260707-2-1');

  // Rolls it back, from the image's page: Back does not open again what is done.
  await page.goBack();
  await expect(page).toHaveURL(/\/accounts\/3\/images\/[^?]*$/);
  await page
    .getByRole('link', { name: /^Replaced in \d+ roles?$/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Roll back' }).click();
  await page.getByRole('button', { name: /^Roll back \d+ roles?$/ }).click();
  await expect(page.getByText(/^Replaced .*, then rolled back$/)).toBeVisible();

  // Is refused, understandably, on deleting a used image.
  await page.getByRole('link', { name: 'fcos-44-20260707-2-1' }).first().click();
  await expect(page.getByRole('table', { name: 'Roles that use it' })).toBeVisible();
  await page.getByRole('button', { name: /^More actions/ }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const refusal = page.getByRole('dialog');
  await expect(refusal.getByRole('button', { name: 'Delete image' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await expect(refusal).toContainText(/is used by/);
  await expect(refusal.getByRole('link', { name: /^role / }).first()).toBeVisible();
});

test('after all browser tests every invariant of the data holds', async () => {
  expect(await runSlipway('doctor')).toMatch(/^\d+ invariants checked, 0 broken\.$/m);
});
