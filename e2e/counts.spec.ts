import type { Locator, Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';

test.use({ user: 'viewer@example.com' });

const isCount = /^([\d,]+) (?:of [\d,]+ )?(?:old )?(?:role|farm|server)s?(?: on old images)?$/;
/** Of usage: what is counted there is grouped by it, and then as many rows are there. */
const isUsageCount = /^([\d,]+) (?:old )?(farm|owner|image)s?$/;
const perPage = 8;

/** Where each of these links leads, and what it says. */
function linksOf(links: Locator): Promise<[href: string, words: string][]> {
  return links.evaluateAll((all) =>
    all.map((link) => [
      link.getAttribute('href') ?? '',
      (link.getAttribute('aria-label') ?? link.textContent).trim(),
    ]),
  );
}

/** Follows a count to a list that counts as many itself. */
async function expectCounted(page: Page, href: string, words: string): Promise<void> {
  await page.goto(href);
  const [, number = ''] = isCount.exec(words) ?? [];
  const expected = words.includes('old images') ? `${number} of ` : words.replace('old ', '');
  const header = page.getByRole('main').locator('header');
  await expect(header, `${words} at ${href}`).toContainText(expected);
}

for (const [section, address] of [
  ['versions', 'images?'],
  ['images', 'images?view=images&'],
  ['roles', 'roles?'],
  ['farms', 'farms?'],
] as const)
  test(`each count of the list of ${section} leads to a list of exactly so many`, async ({
    page,
  }) => {
    await page.goto(`/accounts/1/${address}pageSize=50`);
    const counts = page.getByRole('main').getByRole('table').getByRole('link', { name: isCount });
    await expect(counts.first()).toBeVisible();
    // The page of a farm lists its roles itself.
    const lists = new Map((await linksOf(counts)).filter(([href]) => href.includes('?')));
    const kinds = Map.groupBy(lists, ([href]) => href.replaceAll(/=[^&]*/g, ''));
    expect(kinds.size).toBeGreaterThan(1);
    for (const [href, words] of [...kinds.values()].flatMap((some) => some.slice(0, perPage)))
      await expectCounted(page, href, words);
  });

for (const [noun, list] of [
  ['an image', 'images?view=images&inUse=true'],
  ['a version', 'images?inUse=true'],
  ['a role', 'roles?inUse=true'],
] as const)
  test(`each count of the page of ${noun} leads to a list of exactly so many`, async ({ page }) => {
    await page.goto(`/accounts/1/${list}`);
    const first = page.getByRole('main').getByRole('table').getByRole('row').nth(1);
    await first.getByRole('link').first().click();
    const counts = page.getByRole('main').getByRole('link', { name: isCount });
    await expect(counts.first()).toBeVisible();
    const toLists = async () => (await linksOf(counts)).filter(([to]) => to.includes('?'));
    // The parts of the page come one after the other.
    await expect.poll(async () => (await toLists()).length).toBeGreaterThan(0);
    for (const [href, words] of await toLists()) await expectCounted(page, href, words);
  });

test('each count of usage leads to as many rows: farms, owners, images, and the servers of each', async ({
  page,
}) => {
  await page.goto('/accounts/1/usage');
  const header = page.getByRole('main').locator('header');
  const counts = header.getByRole('link', { name: isUsageCount });
  await expect(counts).toHaveCount(3);
  for (const [href, words] of await linksOf(counts)) {
    await page.goto(href);
    const [, number = '', noun = ''] = isUsageCount.exec(words) ?? [];
    const pager = page.getByRole('navigation', { name: 'Pages' });
    await expect(pager, href).toContainText(new RegExp(`^${number} ${noun}s?`));
    const servers = page.getByRole('table').getByRole('link', { name: /^[\d,]+ servers?$/ });
    await expect(servers.first()).toBeVisible();
    for (const [rows, some] of (await linksOf(servers)).slice(0, 3)) {
      await page.goto(rows);
      const [old = ''] = some.split(' ');
      await expect(header, rows).toContainText(
        new RegExp(`(^|\\D)${old} of [\\d,]+ live servers? on`),
      );
    }
  }
});
