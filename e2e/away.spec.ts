import type { Page } from '@playwright/test';

import { expect, holdRequests, test } from './fixtures.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { signInPath } from './slipway-command.ts';

const away = /Slipway does not answer|cannot be reached/;

/** Clicks a page's name in the navigation. */
async function turnTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

test.describe('a server that goes away', () => {
  let server: OwnServer;
  test.beforeAll(async () => {
    server = await startOwnServer();
  });
  test.afterAll(() => server.remove());
  // The browser's own lines for what it cannot fetch.
  test.use({ user: null, expectedErrors: [/ERR_|Failed to load resource|Failed to fetch/] });

  test('is said plainly, and the page that was turned to comes by itself', async ({ page }) => {
    await page.goto(
      server.address + (await signInPath('corporate-admin@example.com', server.data)),
    );
    await expect(
      page.getByRole('table', { name: 'Versions' }).getByRole('link').first(),
    ).toBeVisible();
    await server.kill();

    await turnTo(page, 'Usage');
    const main = page.getByRole('main');
    await expect(main.getByRole('alert')).toContainText(away);
    await expect(main).not.toContainText(/CSS|module|fetch|import/i);
    await expect(page.getByRole('status').filter({ hasText: away })).toBeVisible();
    await expect(page).toHaveURL(/\/usage$/);

    await server.startAgain();
    await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();
    await expect(page.getByText(away)).toHaveCount(0);
  });

  test('is noticed by a list that cannot be read, which is read once it is back', async ({
    page,
  }) => {
    await page.goto(
      server.address + (await signInPath('corporate-admin@example.com', server.data)),
    );
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await page.goto(`${server.address}/accounts/1/roles`);
    const roles = page.getByRole('table', { name: 'Roles' });
    const role = roles.getByRole('row').nth(1).getByRole('link').first();
    const name = await role.innerText();
    await server.kill();
    await page.getByRole('searchbox', { name: 'Search roles' }).fill(name);
    await expect(page.getByRole('main').getByText(away)).toBeVisible();

    await server.startAgain();
    await expect(roles.getByRole('link', { name, exact: true })).toBeVisible();
    await expect(page.getByText(away)).toHaveCount(0);
  });
});

test.describe('code that the server no longer has', () => {
  test.use({ expectedErrors: [/status of 404|Failed to fetch dynamically imported/] });

  /** Has the server asked for another file than it has, as long as that is wanted; counts loads of the page. */
  async function takeAway(page: Page, file: RegExp, isGone: (loads: number) => boolean) {
    const seen = { loads: 0 };
    page.on('request', (request) => {
      if (request.isNavigationRequest()) seen.loads += 1;
    });
    await page.route(file, (route) =>
      route.continue(
        isGone(seen.loads)
          ? {
              url: route
                .request()
                .url()
                .replace(/-[^/]*\.js/, '-gone.js'),
            }
          : {},
      ),
    );
    return seen;
  }

  test('of a page, comes with the whole page, which is loaded anew by itself', async ({ page }) => {
    const seen = await takeAway(page, /assets\/UsagePage-/, (loads) => loads < 2);
    await page.goto('/accounts/1/images');
    await turnTo(page, 'Usage');
    await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();
    expect(seen.loads).toBe(2);
  });

  test('of a dialog, comes with the whole page, and the dialog opens', async ({ page }) => {
    const seen = await takeAway(page, /assets\/RenameImage-/, (loads) => loads < 3);
    await page.goto('/corporate/images?view=images');
    const link = page.getByRole('table', { name: 'Images' }).getByRole('link').first();
    await page.goto(`${await link.getAttribute('href')}?dialog=rename`);
    await expect(page.getByRole('dialog', { name: /^Rename / })).toBeVisible();
    expect(seen.loads).toBe(3);
  });

  test('and never has again, is said, with what to do: the page is not loaded for ever', async ({
    page,
  }) => {
    const seen = await takeAway(page, /assets\/UsagePage-/, () => true);
    await page.goto('/accounts/1/images');
    await turnTo(page, 'Usage');
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('no longer on the server');
    await expect(alert).toContainText('try again in a minute');
    expect(seen.loads).toBe(2);
    await turnTo(page, 'Roles');
    await expect(page.getByRole('heading', { level: 1, name: 'Roles' })).toBeVisible();
    expect(seen.loads).toBe(2);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`on a slow line, in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('the frame is painted out of the page itself, before any code has come', async ({
      page,
    }) => {
      const letCodeCome = await holdRequests(page, /assets\/.*\.(?:js|css)$/);
      await page.goto('/accounts/1/images', { waitUntil: 'commit' });
      await page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            new PerformanceObserver((list) => {
              if (list.getEntriesByName('first-contentful-paint').length > 0) resolve();
            }).observe({ type: 'paint', buffered: true });
          }),
      );
      await expect(page.getByRole('banner')).toHaveText('Slipway');
      await expect(page.locator('.frame-nav')).toBeVisible();
      const colour = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      expect(colour).toBe(colorScheme === 'dark' ? 'rgb(17, 23, 27)' : 'rgb(255, 255, 255)');

      letCodeCome();
      await expect(page.getByRole('table', { name: 'Versions' })).toBeVisible();
      await expect(page.locator('.frame')).toHaveCount(0);
    });
  });
}

test.describe('a page whose code never comes', () => {
  test.use({ expectedErrors: [/status of 404/] });

  test('says so in its frame', async ({ page }) => {
    await page.route(/assets\/index-.*\.js/, (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/-[^/]*\.js/, '-gone.js'),
      }),
    );
    await page.goto('/accounts/1/images');
    await expect(page.getByRole('alert')).toContainText('could not be loaded. Reload the page.');
  });
});
