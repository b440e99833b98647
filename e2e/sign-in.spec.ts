import { checkAccessibility, expect, holdRequests, test } from './fixtures.ts';
import { signInPath } from './slipway-command.ts';

// Chromium reports every answer 401, which is what these tests are about.
test.use({ user: null, expectedErrors: [/status of 401/] });

test('a link signs in once, and leaves no trace of its token', async ({ page }) => {
  const link = await signInPath('corporate-admin@example.com');
  await page.goto(link);
  await expect(page).toHaveURL(/\/corporate\/images$/);
  await page.goBack();
  expect(page.url()).not.toContain('token');

  await page.context().clearCookies();
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('used already');
  await expect(page.getByText('sign-in-link --user')).toBeVisible();
  await checkAccessibility(page);
});

test('a page that was wanted before signing in opens afterwards, filters and all', async ({
  page,
}) => {
  await page.goto('/accounts/1/farms?query=shop');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const link = page.getByRole('textbox', { name: 'Sign-in link' });
  await link.fill('something else');
  await page.keyboard.press('Enter');
  await expect(page.getByText('Paste the whole link')).toBeVisible();
  await link.fill(`http://127.0.0.1${await signInPath('viewer@example.com')}`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/accounts\/1\/farms\?query=shop$/);
});

test('signing out ends the session', async ({ page }) => {
  await page.goto(await signInPath('viewer@example.com'));
  await expect(page).toHaveURL(/\/accounts\/1\/images$/);
  await page.getByRole('button', { name: /User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto('/accounts/1/images');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a session that ends under the page leads to signing in, and back to what was wanted', async ({
  page,
}) => {
  await page.goto(await signInPath('viewer@example.com'));
  await expect(page).toHaveURL(/\/accounts\/1\/images$/);
  const farms = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /Farms/ });
  await expect(farms).toBeVisible();
  const letGo = await holdRequests(page, '**/api/**');
  await page.context().clearCookies();
  await farms.click();
  letGo();
  const link = page.getByRole('textbox', { name: 'Sign-in link' });
  await expect(link).toBeVisible();
  await link.fill(await signInPath('viewer@example.com'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/accounts\/1\/farms$/);
  await expect(page.getByRole('heading', { name: 'Farms' })).toBeVisible();
});

test('a session that ends while nobody does anything leads to signing in, and back', async ({
  page,
}) => {
  await page.clock.install();
  await page.goto(await signInPath('viewer@example.com'));
  await expect(page).toHaveURL(/\/accounts\/1\/images$/);
  await page.context().clearCookies();
  // The navigation counts anew every half a minute.
  await page.clock.fastForward('00:31');
  await expect(page.getByRole('textbox', { name: 'Sign-in link' })).toBeVisible();
  await expect(page).toHaveURL(/\/sign-in\?next=%2Faccounts%2F1%2Fimages$/);
});
