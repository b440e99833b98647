import { expect, test } from './fixtures.ts';

test.describe('before it is asked for', () => {
  test('the next page of a list is fetched, once somebody looks at this one', async ({ page }) => {
    const fetched = page.waitForRequest(/\/images\/\?.*cursor=(?!start)/);
    await page.goto('/corporate/images?pageSize=25');
    await fetched;
    await expect(page).not.toHaveURL(/cursor=/);
  });

  test('what a link leads to is fetched, once somebody points at it', async ({ page }) => {
    await page.goto('/corporate/images');
    const link = page.getByRole('table', { name: 'Images' }).getByRole('link').first();
    const address = await link.getAttribute('href');
    const imageId = /images\/([0-9a-f-]+)/.exec(address ?? '')?.[1] ?? 'none';
    const fetched = page.waitForRequest((request) => request.url().includes(`/${imageId}/?`));
    await link.hover();
    await fetched;
    await expect(page).toHaveURL(/corporate\/images$/);
  });
});
