import type { Page } from '@playwright/test';

import { poisonTexts } from '../server/testing/fuzz/poison-texts.ts';
import { expect, test } from './fixtures.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { signInPath } from './slipway-command.ts';

// Whatever stands in the database is shown as the text that it is.
// Some rows lead to what has been deleted since.
test.use({ user: null, expectedErrors: [/status of 40[014]|has the id/] });

let server: OwnServer;
test.beforeAll(async () => {
  server = await startOwnServer();
});
test.afterAll(() => server.remove());

const scopes = ['/corporate', '/accounts/1', '/environments/1'];
const sections = [
  'images',
  'images?rows=images',
  'roles',
  'farms',
  'servers',
  'usage',
  'replacements',
  'rollouts',
  'activity',
  'activity?view=denied',
  'clouds',
  'cloud-images',
  'people',
  'teams',
  'sign-ins',
  'api-keys',
];

interface Seen {
  ran: unknown;
  elements: number;
  shows: boolean;
}

/** What became of the markup on a page that has come to rest. */
async function look(page: Page, address: string): Promise<Seen> {
  await page.goto(server.address + address);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  return page.evaluate(() => ({
    ran: Reflect.get(window, 'ranPoison') as unknown,
    elements: document.querySelectorAll('img[src="x"], main script').length,
    shows: document.body.textContent.includes('<img src=x onerror='),
  }));
}

/** The first page that each list leads to. */
async function firstLinks(page: Page): Promise<string[]> {
  return page.locator('main').evaluate((main) =>
    [...main.querySelectorAll('tbody a, li a')]
      .map((link) => link.getAttribute('href') ?? '')
      .filter((href) => href.startsWith('/'))
      .slice(0, 3),
  );
}

test('markup in any text of the database runs on no page', async ({ page }) => {
  test.setTimeout(600_000);
  page.on('dialog', (dialog) => {
    throw new Error(`A dialog of the browser opened: ${dialog.message()}`);
  });
  await page.goto(server.address + (await signInPath('corporate-admin@example.com', server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  const taken = await poisonTexts(server.data);
  // Names, reasons, descriptions, and what clouds said.
  expect(taken.length).toBeGreaterThan(15);
  expect(taken).toEqual(
    expect.arrayContaining(['accounts.name', 'farms.name', 'users.name', 'servers.hostname']),
  );

  const seen = new Map<string, Seen>();
  const objects = new Set<string>();
  for (const scope of scopes)
    for (const section of sections) {
      const address = `${scope}/${section}`;
      seen.set(address, await look(page, address));
      for (const link of await firstLinks(page)) objects.add(link);
    }
  for (const address of ['/profile', ...objects]) seen.set(address, await look(page, address));
  const ran = [...seen].filter(([, one]) => one.ran !== undefined || one.elements > 0);
  expect(ran).toEqual([]);
  // It was there to be run.
  expect([...seen.values()].filter(({ shows }) => shows).length).toBeGreaterThan(20);
});
