import type { Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';

/** What is asked for from now on, as it is at the moment. */
function watch(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  return asked;
}

test.describe('before it is asked for', () => {
  test('the next page of a list is fetched, once somebody looks at this one', async ({ page }) => {
    const asked = watch(page);
    await page.goto('/corporate/images?pageSize=25');
    await expect
      .poll(() => asked)
      .toContainEqual(expect.stringMatching(/\/images\/\?.*cursor=(?!start)/));
    await expect(page).not.toHaveURL(/cursor=/);
  });

  test('what a link leads to is fetched, once somebody points at it', async ({ page }) => {
    await page.goto('/corporate/images');
    const link = page.getByRole('table', { name: 'Images' }).getByRole('link').first();
    const address = await link.getAttribute('href');
    const imageId = /images\/([0-9a-f-]+)/.exec(address ?? '')?.[1] ?? 'none';
    const asked = watch(page);
    await link.hover();
    await expect.poll(() => asked).toContainEqual(expect.stringContaining(`/images/${imageId}/?`));
    await expect(page).toHaveURL(/corporate\/images$/);
  });
});
