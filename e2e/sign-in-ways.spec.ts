import {
  type IdentityProvider,
  startIdentityProvider,
} from '../server/testing/identity-provider.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';
import { runOn, signInPath } from './slipway-command.ts';

// A server of its own, and a real provider of OpenID Connect beside it.
test.use({ user: null, expectedErrors: [/status of 40[01]/] });

let provider: IdentityProvider;
let server: OwnServer;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  provider = await startIdentityProvider();
  server = await startOwnServer({
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
    OIDC_LABEL: 'Example',
  });
  provider.allow(`${server.address}/api/oidc/callback`, `${server.address}/sign-in`);
  provider.people.set('viewer', { email: 'viewer@example.com', email_verified: true });
  provider.people.set('mallory', { email: 'mallory@example.com', email_verified: true });
});
test.afterAll(async () => {
  await server.remove();
  await provider.close();
});

test('the provider lets an invited person in, back to the page that was wanted, and out again', async ({
  page,
  context,
}) => {
  // Another tab, of somebody else.
  const tab = await context.newPage();
  await tab.goto(
    server.address + (await signInPath('environment-operator@example.com', server.data)),
  );
  await expect(tab.getByRole('button', { name: /User menu/ })).toBeVisible();
  await tab.goto(`${server.address}/profile`);
  await expect(tab.getByRole('main')).toContainText('environment-operator@example.com');
  await page.goto(`${server.address}/sign-in?problem=too-late`);
  await expect(page.getByText('You are still signed in as')).toBeVisible();
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByLabel('Login').fill('viewer');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('button', { name: /User menu/ })).toBeVisible();
  await expect(tab.getByRole('main')).toContainText('viewer@example.com');
  await tab.close();
  await context.clearCookies();

  await page.goto(`${server.address}/accounts/1/farms?query=shop`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await checkAccessibility(page);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByLabel('Login').fill('mallory');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('alert')).toContainText('Ask an administrator to invite you');
  await checkAccessibility(page);

  // The provider still knows who this is.
  await page.getByRole('link', { name: 'Sign out at Example as well' }).click();
  await page.getByRole('button', { name: 'Sign out here too' }).click();
  await expect(page).toHaveURL(/\/sign-in/);

  await page.goto(`${server.address}/accounts/1/farms?query=shop`);
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByLabel('Login').fill('viewer');
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page).toHaveURL(`${server.address}/accounts/1/farms?query=shop`);
  await expect(page.getByRole('heading', { name: 'Farms' })).toBeVisible();

  await page.getByRole('button', { name: /User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto(`${server.address}/accounts/1/farms`);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});

test('a password is set after a link, and signs in by the keyboard alone', async ({ page }) => {
  const password = 'some words in a row';
  const link = await signInPath('account-owner@example.com', server.data);
  await page.goto(server.address + link);
  await expect(page).toHaveURL(/\/accounts\/1\/images$/);
  await page.goto(`${server.address}/profile`);
  const form = page.getByRole('form', { name: 'Password' });
  await form.getByLabel('New password', { exact: true }).fill('password1');
  await page.keyboard.press('Enter');
  await expect(form.getByText('is one that is tried first')).toBeVisible();
  await form.getByLabel('New password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(page.getByText('The password is set.')).toBeVisible();
  await expect(form.getByRole('button', { name: 'Change password' })).toBeVisible();
  await checkAccessibility(page);

  await page.context().clearCookies();
  await page.goto(`${server.address}/accounts/1/roles`);
  const email = page.getByLabel('E-mail address');
  await expect(email).toBeVisible();
  while (!(await email.evaluate((field) => field === document.activeElement)))
    await page.keyboard.press('Tab');
  await page.keyboard.type('account-owner@example.com');
  await page.keyboard.press('Tab');
  await page.keyboard.type('mistyped it');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText(
    'The e-mail address or the password is wrong',
  );
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${server.address}/accounts/1/roles`);
});

test('a link for a first administrator is not made where there is one', async () => {
  await expect(runOn(server.data, ['first-administrator'])).rejects.toThrow(
    /There is an administrator at Corporate scope already/,
  );
});
