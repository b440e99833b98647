import type { Page } from '@playwright/test';

import { expect, keepStreamAway, test } from './fixtures.ts';
import { createEnvironment, registerImage } from './own-objects.ts';

/** What is asked for from now on, as it is at the moment. */
function watch(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  return asked;
}

test.describe('before it is asked for', () => {
  test('the next page of a list is fetched, once somebody looks at this one', async ({ page }) => {
    const asked = watch(page);
    await page.goto('/corporate/images?view=images&pageSize=25');
    await expect
      .poll(() => asked)
      .toContainEqual(expect.stringMatching(/\/images\/\?.*cursor=(?!start)/));
    await expect(page).not.toHaveURL(/cursor=/);
  });

  test('what a link leads to is fetched, once somebody points at it', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    const link = page.getByRole('table', { name: 'Images' }).getByRole('link').first();
    const address = await link.getAttribute('href');
    const imageId = /images\/([0-9a-f-]+)/.exec(address ?? '')?.[1] ?? 'none';
    const asked = watch(page);
    await link.hover();
    await expect.poll(() => asked).toContainEqual(expect.stringContaining(`/images/${imageId}/?`));
    await expect(page).toHaveURL(/corporate\/images\?view=images$/);
  });

  test('a dialog is fetched whole from the menu that opens it: pressed, it asks for nothing more', async ({
    page,
  }) => {
    await keepStreamAway(page);
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images?view=images&query=${image.name}`);
    const asked = watch(page);
    await page.getByRole('button', { name: `Actions for ${image.name}` }).click();
    const promote = page.getByRole('menuitem', { name: 'Promote' });
    await promote.hover();
    await expect
      .poll(() => asked)
      .toEqual(
        expect.arrayContaining([
          // What comes by itself, once the page is idle, and at once with all that it needs.
          expect.stringContaining('/assets/ImagePage-'),
          expect.stringContaining('/assets/PromoteDialogs-'),
          expect.stringContaining(`/images/${image.id}/?`),
          expect.stringContaining(`/images/${image.id}/actions/preview-promote/`),
        ]),
      );
    await page.waitForLoadState('networkidle');
    asked.length = 0;
    await promote.click();
    const dialog = page.getByRole('dialog', { name: `Promote ${image.name}` });
    await expect(dialog.getByText('Who will newly see it')).toBeVisible();
    // The browser shows its icon again, from its cache.
    expect(asked.filter((url) => !url.endsWith('.svg'))).toEqual([]);
  });

  test('no more than 60 kB of code is fetched by a page that nobody touches', async ({ page }) => {
    await keepStreamAway(page);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    const code = new Set<string>();
    let bytes = 0;
    let isAhead = false;
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (isAhead && /\/assets\//.test(request.url)) code.add(requestId);
    });
    cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      if (code.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto('/corporate/images?view=images');
    await expect(
      page.getByRole('table', { name: 'Images' }).getByRole('link').first(),
    ).toBeVisible();
    isAhead = true;
    // The last of what is fetched while nothing happens.
    await page.waitForResponse(/ActionMenuItems-.*\.js/);
    await page.waitForLoadState('networkidle');
    expect(code.size).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(60_000);
  });
});
