import { checkAccessibility, expect, holdRequests, test } from './fixtures.ts';
import { uniqueName } from './own-objects.ts';
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

test('a session that ends over a form loses nothing that is typed', async ({ page, context }) => {
  await page.goto(await signInPath('corporate-admin@example.com'));
  await expect(page).toHaveURL(/\/corporate\/images$/);
  await page.goto('/profile?dialog=create-key');
  const form = page.getByRole('dialog', { name: 'Create an API key' });
  const name = uniqueName('typed');
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await context.clearCookies();
  await page.keyboard.press('Enter');
  const ended = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(ended).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await page.keyboard.press('Escape');
  await expect(ended).toBeVisible();

  const tabOpened = context.waitForEvent('page');
  await ended.getByRole('link', { name: 'Sign in in a new tab' }).click();
  const tab = await tabOpened;
  const link = tab.getByRole('textbox', { name: 'Sign-in link' });
  await link.fill(await signInPath('corporate-admin@example.com'));
  await tab.keyboard.press('Enter');
  await expect(tab).toHaveURL(/\/corporate\/images$/);
  await expect(ended).toHaveCount(0);
  await expect(form.getByRole('textbox', { name: 'Name' })).toHaveValue(name);
  await form.getByRole('button', { name: 'Create API key' }).click();
  await expect(page.getByText('it is not shown again')).toBeVisible();
});

test('a sign-in in another tab is noticed: no tab shows the name and rights of the one before', async ({
  page,
  context,
}) => {
  await page.goto(await signInPath('corporate-admin@example.com'));
  await expect(page).toHaveURL(/\/corporate\/images$/);
  await page.goto('/profile');
  await expect(page.getByRole('main')).toContainText('corporate-admin@example.com');
  const tab = await context.newPage();
  await tab.goto(await signInPath('viewer@example.com'));
  await expect(tab).toHaveURL(/\/accounts\/1\/images$/);
  const main = page.getByRole('main');
  await expect(main).toContainText('viewer@example.com');
  // Whom to ask for a right is told with a name before the address.
  await expect(main.getByRole('row', { name: /^manage people/ })).toContainText('No');
  await expect(main.getByText('corporate-admin@example.com', { exact: true })).toHaveCount(0);
  await expect(page.getByRole('button', { name: /User menu/ })).not.toContainText('Corporate');
});

test('signing out asks first where something is not saved', async ({ page }) => {
  await page.goto(await signInPath('corporate-admin@example.com'));
  await expect(page).toHaveURL(/\/corporate\/images$/);
  await page.goto('/corporate/roles/new');
  await page.getByRole('textbox', { name: 'Name' }).fill('typed');
  await page.getByRole('button', { name: /User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.getByRole('button', { name: 'Leave without saving' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
