import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';

test('an image leads to its version: every place and architecture, and the versions before and after', async ({
  page,
}) => {
  await page.goto('/corporate/images?view=images&query=fcos&sort=added&os=fedora-coreos');
  await page
    .getByRole('table', { name: 'Images' })
    .getByRole('link', { name: /^fcos-/ })
    .first()
    .click();
  await page.getByRole('link', { name: /^Show this version/ }).click();
  await expect(page).toHaveURL(/image-sets\/\d+$/);
  const matrix = page.getByRole('table', { name: 'Images by place and architecture' });
  await expect(matrix.getByRole('columnheader', { name: 'x86_64' })).toBeVisible();
  expect(await matrix.getByRole('row').count()).toBeGreaterThan(2);
  const versions = page.getByRole('table', { name: 'Versions of the line' });
  await expect(versions.getByRole('link', { name: /^fcos-/ }).first()).toBeVisible();
  // The oldest of a line always has a newer one.
  await expect(page.getByText('There is a newer version.')).toBeVisible();
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
});

test('a farm says why a server would start from its image', async ({ page }) => {
  await page.goto('/accounts/1/farms?query=shop-us-east');
  await page.getByRole('link', { name: 'shop-us-east' }).click();
  await page
    .getByRole('button', { name: /^Why .* starts from/ })
    .first()
    .click();
  await expect(page.getByText(/A server that starts now starts from/)).toBeVisible();
});
