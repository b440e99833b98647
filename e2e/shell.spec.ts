import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';

function unique(what: string): string {
  return `${what} ${Math.random().toString(36).slice(2, 10)}`;
}

test('switching the scope by keyboard keeps the section', async ({ page }) => {
  await page.goto('/corporate/farms');
  const switcher = page.getByRole('button', { name: /Switch scope/ });
  await switcher.focus();
  await page.keyboard.press('Enter');
  const field = page.getByRole('combobox', { name: 'Find an account or environment' });
  await expect(field).toBeFocused();
  await checkAccessibility(page, '[role="dialog"]');

  await field.fill('production-eu');
  await expect(page.getByRole('treeitem')).toHaveText([
    'Account Storefront',
    'Environment production-eu',
  ]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/environments\/\d+\/farms$/);
  await expect(switcher).toHaveText(/Environment production-eu \(Storefront\)/);
});

test('Escape closes the switcher and gives the focus back', async ({ page }) => {
  await page.goto('/accounts/1/farms');
  const switcher = page.getByRole('button', { name: /Switch scope/ });
  await switcher.click();
  await expect(page.getByRole('tree', { name: 'Scopes' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('tree', { name: 'Scopes' })).toBeHidden();
  await expect(switcher).toBeFocused();
});

test('Escape closes what a button has opened while the focus is still on the button', async ({
  page,
}) => {
  await page.goto('/accounts/1/farms');
  const openers = [
    [page.getByRole('button', { name: /Switch scope/ }), page.getByRole('tree')],
    [page.getByRole('button', { name: /User menu/ }), page.getByRole('menu')],
    [page.getByRole('button', { name: /^Actions for/ }).first(), page.getByRole('menu')],
    [page.getByRole('button', { name: 'Columns' }), page.getByRole('menu')],
    [page.getByRole('button', { name: 'Filter by status' }), page.getByRole('menu')],
  ] as const;
  for (const [button, panel] of openers) {
    await button.click();
    await expect(panel).toBeVisible();
    await button.focus();
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
    await expect(button).toBeFocused();
  }
});

test.describe('accounts and environments', () => {
  test.use({ expectedErrors: [/status of 409/] });

  test('are created, renamed and deleted where one is', async ({ page }) => {
    const account = unique('Account');
    const open = async (action: string) => {
      await page.getByRole('button', { name: /Switch scope/ }).click();
      await page.getByRole('button', { name: action }).click();
      return page.getByRole('dialog', { name: action });
    };
    await page.goto('/corporate/farms');
    const create = await open('New account');
    await create.getByRole('textbox', { name: 'Name' }).fill('Storefront');
    await create.getByRole('button', { name: 'Create account' }).click();
    await expect(create.getByText(/already/)).toBeVisible();
    await create.getByRole('textbox', { name: 'Name' }).fill(account);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/accounts\/\d+\/farms$/);

    await (await open('New environment')).getByRole('textbox', { name: 'Name' }).fill('Test');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/\/environments\/\d+\/farms$/);

    await (await open('Rename environment')).getByRole('textbox', { name: 'Name' }).fill('Trial');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: /Trial.*Switch scope/ })).toBeFocused();

    await (
      await open('Delete environment')
    )
      .getByRole('button', { name: 'Delete environment' })
      .click();
    await expect(page).toHaveURL(/\/accounts\/\d+\/farms$/);
    await (await open('Delete account')).getByRole('button', { name: 'Delete account' }).click();
    await expect(page).toHaveURL(/\/corporate\/farms$/);
  });
});

test('an account that is not empty says why it cannot be deleted', async ({ page }) => {
  await page.goto('/accounts/1/farms');
  await page.getByRole('button', { name: /Switch scope/ }).click();
  const action = page.getByRole('button', { name: 'Delete account' });
  await expect(action).toHaveAttribute('aria-disabled', 'true');
  await expect(action).toHaveAccessibleDescription(/is not empty: it still has \d+ environments/);
});

test('the search finds images, roles, farms and scopes by keyboard alone', async ({ page }) => {
  await page.goto('/accounts/1/farms');
  await expect(page.getByRole('button', { name: /Storefront.*Switch scope/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /Search images, roles and farms/ });
  await field.fill('web-frontend');
  const hit = page.getByRole('option', { name: /web-frontend.*Role/ });
  await expect(hit).toHaveAttribute('aria-selected', 'true');
  await checkAccessibility(page, '[role="dialog"]');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/accounts\/1\/roles\/\d+$/);

  await page.keyboard.press('Control+k');
  await field.fill('production-eu');
  await expect(page.getByRole('option', { name: /production-eu.*Environment/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
});

test('the navigation counts what is there, and farms on old images', async ({ page }) => {
  await page.goto('/corporate/farms');
  const navigation = page.getByRole('navigation', { name: 'Main' });
  await expect(navigation.getByRole('link', { name: /Usage.*farms on old images/ })).toBeVisible();
  // Images opens on versions, and says the same number.
  const images = navigation.getByRole('link', { name: /^Images [\d,]+ versions$/ });
  const [count] = /[\d,]+ versions/.exec((await images.textContent()) ?? '') ?? [];
  await images.click();
  await expect(page.getByRole('main').locator('header')).toContainText(count ?? 'a count');
});

test.describe('at 320 pixels', () => {
  test.use({ viewport: { width: 320, height: 640 }, colorScheme: 'dark' });

  test('the scope is switched without scrolling sideways', async ({ page }) => {
    await page.goto('/environments/3/farms');
    await page.getByRole('button', { name: /Switch scope/ }).click();
    // Other tests make more accounts than the tree shows at once.
    await page.getByRole('combobox', { name: /^Find an account/ }).fill('staging');
    await page.getByRole('treeitem', { name: 'Environment staging' }).first().click();
    await expect(page).toHaveURL(/\/environments\/(2|7|11)\/farms$/);
    await expectNoSidewaysScroll(page);
  });
});

test.describe('a viewer of one account', () => {
  test.use({ user: 'viewer@example.com' });

  test('sees what it may open, and what right is missing', async ({ page }) => {
    await page.goto('/');
    await expect(page).toHaveURL(/\/accounts\/1\/images$/);
    await page.getByRole('button', { name: /User menu/ }).click();
    await expect(page.getByText('Viewer here')).toBeVisible();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Switch scope/ }).click();
    await expect(page.getByRole('treeitem', { name: 'Account Storefront' })).toBeVisible();
    await expect(page.getByRole('treeitem', { name: 'Corporate' })).toBeHidden();
    await expect(page.getByRole('treeitem', { name: 'Account Payments' })).toBeHidden();
    const create = page.getByRole('button', { name: 'New environment' });
    await expect(create).toHaveAttribute('aria-disabled', 'true');
    await expect(create).toHaveAccessibleDescription(/Administrator|scopes/i);
  });
});

test('a link in a table is followed without loading the page anew, and opens a tab where asked to', async ({
  page,
}) => {
  await page.goto('/corporate/images?view=images');
  await page.evaluate(() => document.body.classList.add('not-loaded-anew'));
  const link = page.getByRole('table', { name: 'Images' }).getByRole('link').first();
  const name = await link.innerText();
  const [tab] = await Promise.all([
    page.context().waitForEvent('page'),
    link.click({ modifiers: ['ControlOrMeta'] }),
  ]);
  await tab.waitForLoadState();
  await expect(tab.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page).toHaveURL('/corporate/images?view=images');

  await link.click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.locator('body')).toHaveClass(/not-loaded-anew/);
});
