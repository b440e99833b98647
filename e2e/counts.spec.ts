import { expect, test } from './fixtures.ts';

test.use({ user: 'viewer@example.com' });

const isCount = /^([\d,]+) (?:of [\d,]+ )?(?:old )?(?:role|farm|server)s?(?: on old images)?$/;
const perPage = 8;

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
    const links = await counts.evaluateAll((all) =>
      all.map((link) => [
        link.getAttribute('href') ?? '',
        (link.getAttribute('aria-label') ?? link.textContent).trim(),
      ]),
    );
    // The page of a farm lists its roles itself.
    const lists = new Map(
      links.filter((link): link is [string, string] => link[0]?.includes('?') ?? false),
    );
    const kinds = Map.groupBy(lists, ([href]) => href.replaceAll(/=[^&]*/g, ''));
    expect(kinds.size).toBeGreaterThan(1);
    for (const [href, words] of [...kinds.values()].flatMap((some) => some.slice(0, perPage))) {
      await page.goto(href);
      const header = page.getByRole('main').locator('header');
      const [, number = ''] = isCount.exec(words) ?? [];
      const expected = words.includes('old images') ? `${number} of ` : words.replace('old ', '');
      await expect(header, `${words} at ${href}`).toContainText(expected);
    }
  });

test('each count of the page of an image leads to a list of exactly so many', async ({ page }) => {
  await page.goto('/accounts/1/images?view=images&inUse=true');
  const first = page.getByRole('main').getByRole('table').getByRole('row').nth(1);
  await first.getByRole('link').first().click();
  const counts = page.getByRole('main').getByRole('link', { name: isCount });
  await expect(counts.first()).toBeVisible();
  const links = await counts.evaluateAll((all) =>
    all.map((link) => [
      link.getAttribute('href') ?? '',
      (link.getAttribute('aria-label') ?? link.textContent).trim(),
    ]),
  );
  for (const [href = '', words = ''] of links.filter(([to]) => to?.includes('?'))) {
    await page.goto(href);
    await expect(page.getByRole('main').locator('header'), href).toContainText(words);
  }
});
