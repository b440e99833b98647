import { expect, test } from './fixtures.ts';

test('in forced colours the dots of scopes and menus are still drawn', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto('/accounts/1/roles');
  const menu = page.getByRole('button', { name: /^Actions for/ }).first();
  await expect(menu).toBeVisible();
  const drawn = await menu.evaluate((dots) => getComputedStyle(dots, '::before').backgroundImage);
  expect(drawn).toContain('radial-gradient');
  const scope = page.getByRole('cell', { name: 'Account', exact: true }).first().locator('> span');
  const [dot, surface] = await scope.evaluate((badge) => [
    getComputedStyle(badge, '::before').backgroundColor,
    getComputedStyle(document.body).backgroundColor,
  ]);
  expect(dot).not.toBe(surface);
});

test('a printed page has its whole table, and no navigation', async ({ page }) => {
  await page.goto('/accounts/1/roles');
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Main' })).toBeHidden();
  await expect(page.getByRole('banner')).toBeHidden();
  const table = page.getByRole('table').first();
  await expect(table).toBeVisible();
  const width = 1280;
  await page.setViewportSize({ width, height: 800 });
  const box = await table.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
  expect(box?.x).toBeLessThan(100);
});

test('a printed list is as many sheets as its rows need, whatever window it was fitted to', async ({
  page,
}) => {
  await page.goto('/accounts/1/images?view=images');
  const rows = page.getByRole('main').locator('tbody tr[data-key]');
  await expect(rows).toHaveCount(50);
  const sheets = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type \/Page$/gm);
  expect(sheets?.length).toBeGreaterThan(1);
  expect(sheets?.length).toBeLessThan(6);
  await page.emulateMedia({ media: 'print' });
  await expect(rows.first().getByRole('button', { name: /^Actions for/ })).toBeHidden();
  await expect(rows.first().getByRole('checkbox')).toBeHidden();
  await expect(page.getByRole('search')).toBeHidden();
  // What is left out takes no column from under its head.
  const head = await page.getByRole('columnheader', { name: 'Scope' }).boundingBox();
  const cell = await rows.first().locator('[data-label="Scope"]').boundingBox();
  expect(cell?.x).toBe(head?.x);
});

test('on paper no bar of actions lies over what is read', async ({ page }) => {
  await page.goto('/accounts/1/images?view=images');
  await page.getByRole('main').locator('tbody a').first().click();
  const bar = page.getByRole('region', { name: 'Actions' });
  await expect(bar).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(bar).toBeHidden();
});

test('in forced colours what is chosen differs from what is not', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await page.goto('/accounts/1/roles/new');
  const box = page.getByRole('checkbox', { name: 'Quick start' });
  const surface = () => box.evaluate((input) => getComputedStyle(input).backgroundColor);
  const before = await surface();
  await box.check();
  await expect.poll(surface).not.toBe(before);
});

test('on a phone every button shows its whole label, in its middle', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const address of ['/corporate/images', '/accounts/1/replacements', '/accounts/1/roles/23']) {
    await page.goto(address);
    const buttons = page.locator('.mantine-Button-root:visible');
    await expect(buttons.first()).toBeVisible();
    const misplaced = await buttons.evaluateAll((all) =>
      all
        .filter((button) => {
          const label = button.querySelector('.mantine-Button-label')?.getBoundingClientRect();
          const { top, bottom } = button.getBoundingClientRect();
          if (label === undefined) return false;
          return Math.abs(label.top - top - (bottom - label.bottom)) > 2 || label.top < top;
        })
        .map((button) => button.textContent),
    );
    expect(misplaced, address).toEqual([]);
  }
});
