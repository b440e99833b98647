import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';

const people = [
  { user: 'viewer@example.com', at: '/accounts/1' },
  { user: 'corporate-admin@example.com', at: '/corporate' },
];

for (const { user, at } of people) {
  test.describe(`farms for ${user}`, () => {
    test.use({ user });

    test('are found by what they run, and lead to the old images', async ({ page }) => {
      await page.goto(`${at}/farms`);
      await page.getByRole('button', { name: 'Filter by Images' }).click();
      await page.getByRole('menuitemradio', { name: 'Some servers on old images' }).click();
      await expect(page).toHaveURL(/old=true/);
      await page.getByRole('searchbox', { name: 'Search farms' }).fill('shop-us-east');
      const table = page.getByRole('table', { name: 'Farms' });
      const row = table.getByRole('row').filter({ hasText: 'shop-us-east' });
      await expect(row).toContainText('Maria Keller');
      await expect(row).toContainText('production');
      await row.getByRole('link', { name: 'shop-us-east' }).click();

      await expect(page.getByRole('heading', { name: 'shop-us-east', level: 1 })).toBeVisible();
      const roles = page.getByRole('table', { name: 'Roles of the farm' });
      await expect(roles.getByRole('link', { name: 'web-frontend' })).toBeVisible();
      const servers = page.getByRole('table', { name: 'Servers of the farm' });
      await expect(servers.getByRole('link', { name: /^fcos-/ }).first()).toBeVisible();
      await page.getByRole('link', { name: /^Review [\d,]+ servers? on old images$/ }).click();
      await expect(page).toHaveURL(/\/usage\?farm=\d+$/);
      await expect(
        page.getByRole('button', { name: 'Remove filter Farm: shop-us-east' }),
      ).toBeVisible();
    });

    test('shows what an old server runs and what its role has now', async ({ page }) => {
      await page.goto(`${at}/farms?query=shop-us-east`);
      await page.getByRole('link', { name: 'shop-us-east' }).click();
      await expect(page.getByRole('heading', { name: 'shop-us-east', level: 1 })).toBeVisible();
      await page.getByRole('button', { name: 'Filter by Image', exact: true }).click();
      await page.getByRole('menuitemradio', { name: 'On an old image' }).click();
      await expect(page).toHaveURL(/old=true/);
      const servers = page.getByRole('table', { name: 'Servers of the farm' });
      const row = servers.getByRole('row').nth(1);
      await expect(row.getByRole('note', { name: /on an old image/ })).toBeVisible();
      await expect(servers.getByText('current', { exact: true })).toHaveCount(0);
      await row
        .getByRole('link', { name: /^fcos-/ })
        .first()
        .click();
      await expect(page).toHaveURL(/\/environments\/\d+\/images\//);
      await expect(page.getByRole('heading', { name: /^fcos-/, level: 1 })).toBeVisible();
    });

    test('are accessible', async ({ page }) => {
      await page.goto(`${at}/farms?query=vouchers`);
      const farm = page.getByRole('link', { name: 'vouchers', exact: true });
      await expect(farm).toBeVisible();
      await checkAccessibility(page);
      await farm.click();
      const servers = page.getByRole('table', { name: 'Servers of the farm' });
      await expect(servers.getByRole('link').first()).toBeVisible();
      await checkAccessibility(page);
    });
  });
}

test('a farm lists the servers that it counts; those that have ended are asked for, and are on no image', async ({
  page,
}) => {
  await page.goto('/accounts/1/farms?query=shop-us-east');
  await page.getByRole('link', { name: 'shop-us-east' }).click();
  const servers = page.getByRole('table', { name: 'Servers of the farm' });
  const pager = page.getByRole('navigation', { name: 'Pages' });
  const live = await page
    .getByText(/^\d+ servers$/)
    .first()
    .innerText();
  await expect(pager).toContainText(live);
  await expect(servers.getByText('Running').first()).toBeVisible();
  await expect(servers.getByText('Terminated')).toHaveCount(0);

  await page.getByRole('button', { name: 'Filter by Ended' }).click();
  await page.getByRole('menuitemradio', { name: 'Ending or ended', exact: true }).click();
  await expect(servers.getByText('Terminated').first()).toBeVisible();
  await expect(servers.getByText('Running')).toHaveCount(0);
  const ended = await servers.getByText('ended', { exact: true }).count();
  await expect(servers.getByRole('row')).toHaveCount(ended + 1);
});

test('a farm opens by keyboard', async ({ page }) => {
  await page.goto('/accounts/1/farms?query=shop-us');
  const links = page.getByRole('table', { name: 'Farms' }).getByRole('link', { name: /^shop-us/ });
  await links.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  const name = await links.nth(1).innerText();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name, level: 1 })).toBeVisible();
});

test.describe('an unknown farm', () => {
  test.use({ expectedErrors: [/status of 404|No farm has the id 999999/] });

  test('says so, with the way back', async ({ page }) => {
    await page.goto('/corporate/farms/999999');
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
    await page.getByRole('link', { name: 'Show all farms' }).click();
    await expect(page.getByRole('table', { name: 'Farms' })).toBeVisible();
  });
});

test('farms do not scroll sideways at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto('/accounts/1/farms?query=shop-us-east');
  const farm = page.getByRole('link', { name: 'shop-us-east' });
  await expect(farm).toBeVisible();
  await expectNoSidewaysScroll(page);
  await farm.click();
  await expect(page.getByRole('table', { name: 'Servers of the farm' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'web-frontend' }).first()).toBeVisible();
  await expectNoSidewaysScroll(page);
});
