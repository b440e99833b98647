import type { CDPSession, Page } from '@playwright/test';

import { ageSessions } from '../server/testing/age-sessions.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';
import { keyboard } from './hands.ts';
import { uniqueName } from './own-objects.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { runOn, signInPath } from './slipway-command.ts';

// Chromium's own authenticator in software, as docs/domain.md, "Passkeys", has it: nothing of Slipway's makes or uses a key.
test.use({ user: null, expectedErrors: [/status of 40[0139]/] });

const password = 'some words in a row';
let server: OwnServer;
/** Browsers know no passkeys of numbers. */
let address: string;

test.beforeAll(async () => {
  server = await startOwnServer();
  address = server.address.replace('127.0.0.1', 'localhost');
});
test.afterAll(() => server.remove());

/** Gives a page a device that keeps passkeys, with somebody who lets it. */
async function plugIn(page: Page, options: { isUserVerified?: boolean } = {}) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: options.isUserVerified ?? true,
      automaticPresenceSimulation: true,
    },
  });
  return { devtools, authenticatorId };
}
const refuse = (devtools: CDPSession, authenticatorId: string) =>
  devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });

async function createViewer(email: string): Promise<void> {
  const about = ['--email', email, '--role', 'viewer', '--scope', 'corporate'];
  await runOn(server.data, ['users', 'create', ...about]);
}

/** Somebody of the test's own, on their profile page. */
async function openProfile(page: Page): Promise<string> {
  const email = `${uniqueName('passkey')}@example.com`;
  await createViewer(email);
  await page.goto(address + (await signInPath(email, server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await page.goto(`${address}/profile`);
  return email;
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Add passkey' }).click();
  const form = page.getByRole('dialog', { name: 'Add a passkey' });
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await expect(form).toHaveCount(0);
  await expect(rowOf(page, name)).toBeVisible();
}

const rowOf = (page: Page, name: string) =>
  page.getByRole('table', { name: 'Passkeys' }).getByRole('row').filter({ hasText: name });

async function setPassword(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: 'New password' }).fill(password);
  await page.getByRole('button', { name: 'Set password' }).click();
  await expect(page.getByText('The password is set.')).toBeVisible();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /User menu/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in', exact: true })).toBeVisible();
}

async function typePassword(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}

test('a passkey is added, renamed, signs in without a password, and is removed, by keyboard alone', async ({
  page,
}) => {
  const { press } = keyboard(page);
  await plugIn(page);
  const email = await openProfile(page);
  await press(page.getByRole('button', { name: 'Add passkey' }));
  const form = page.getByRole('dialog', { name: 'Add a passkey' });
  await expect(form.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.type('This laptop');
  await checkAccessibility(page, '[role=dialog]');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'This laptop')).toContainText('localhost');
  await expect(page.getByText('This laptop signs you in from now on.')).toBeVisible();
  await checkAccessibility(page);

  await press(rowOf(page, 'This laptop').getByRole('button', { name: /^Actions for / }));
  await press(page.getByRole('menuitem', { name: 'Rename' }));
  const named = page.getByRole('dialog', { name: 'Rename passkey This laptop' });
  await expect(named.getByRole('textbox', { name: 'Name' })).toBeFocused();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('My laptop');
  await page.keyboard.press('Enter');
  await expect(rowOf(page, 'My laptop')).toBeVisible();

  await signOut(page);
  await checkAccessibility(page);
  await press(page.getByRole('button', { name: 'Sign in with a passkey' }));
  await expect(page.getByRole('button', { name: /User menu/ })).toBeVisible();
  await page.goto(`${address}/profile`);
  await expect(page.getByRole('main')).toContainText(email);
  const signIns = page.getByRole('table', { name: 'Your latest sign-ins' });
  await expect(signIns.getByRole('row').nth(1)).toContainText('With a passkey');

  await setPassword(page);
  await press(rowOf(page, 'My laptop').getByRole('button', { name: /^Actions for / }));
  await press(page.getByRole('menuitem', { name: 'Remove' }));
  const question = page.getByRole('dialog', { name: 'Remove passkey My laptop?' });
  await press(question.getByRole('button', { name: 'Remove passkey' }));
  await expect(page.getByText('No passkeys yet')).toBeVisible();
  await signOut(page);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('This passkey does not sign in here');
});

test('the last passkey stays where nothing else signs in', async ({ page }) => {
  await plugIn(page);
  await openProfile(page);
  await addPasskey(page, 'Only one');
  await rowOf(page, 'Only one')
    .getByRole('button', { name: /^Actions for / })
    .click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  const question = page.getByRole('dialog', { name: 'Remove passkey Only one?' });
  await question.getByRole('button', { name: 'Remove passkey' }).click();
  await expect(question.getByRole('alert')).toContainText('It is the last way');
});

test('a passkey is asked for after the password by whose choice it is', async ({ page }) => {
  const { devtools, authenticatorId } = await plugIn(page);
  const email = await openProfile(page);
  await setPassword(page);
  const ask = page.getByRole('button', { name: 'Ask for a passkey after it' });
  await expect(ask).toHaveAttribute('aria-disabled', 'true');
  await addPasskey(page, 'Second step');
  await ask.click();
  await expect(page.getByText('a passkey is asked for.')).toBeVisible();
  await signOut(page);

  // Somebody who knows the password and has another device.
  await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId }).catch(() => {});
  const other = await plugIn(page);
  await typePassword(page, email);
  await expect(page.getByRole('alert')).toContainText('The browser gave no passkey');
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(password);
  await other.devtools.detach();
});

test('a password and a passkey together sign in, and the passkey confirms again', async ({
  page,
}) => {
  await plugIn(page);
  const email = await openProfile(page);
  await setPassword(page);
  await addPasskey(page, 'Both');
  await page.getByRole('button', { name: 'Ask for a passkey after it' }).click();
  await expect(page.getByText('a passkey is asked for.')).toBeVisible();
  await signOut(page);
  await typePassword(page, email);
  await expect(page.getByRole('button', { name: /User menu/ })).toBeVisible();
  await page.goto(`${address}/profile`);
  const signIns = page.getByRole('table', { name: 'Your latest sign-ins' });
  await expect(signIns.getByRole('row').nth(1)).toContainText('With a password and a passkey');

  await page.goto(`${address}/profile?dialog=create-key`);
  const form = page.getByRole('dialog', { name: 'Create an API key' });
  await form.getByRole('textbox', { name: 'Name' }).fill('typed before');
  await ageSessions(server.data, 10);
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Sign in again to go on' });
  await checkAccessibility(page, '[role=dialog]');
  await question.getByRole('button', { name: 'Use your passkey' }).click();
  await expect(page.getByText('it is not shown again')).toBeVisible();
});

test('who is not recognised by their device comes in by another way', async ({ page }) => {
  const { devtools, authenticatorId } = await plugIn(page);
  await openProfile(page);
  await addPasskey(page, 'Fingerprint');
  await signOut(page);
  await refuse(devtools, authenticatorId);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('The browser gave no passkey');
  await expect(page.getByLabel('E-mail address')).toBeVisible();
});

test('an administrator lets in who has lost their passkey, and sees how they signed in', async ({
  page,
  browser,
}) => {
  await plugIn(page);
  const email = await openProfile(page);
  await addPasskey(page, 'Lost');
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const admin = await context.newPage();
  await admin.goto(address + (await signInPath('corporate-admin@example.com', server.data)));
  await expect(admin.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await admin.goto(`${address}/corporate/people?query=${email}`);
  await admin.getByRole('table').getByRole('link').first().click();
  await expect(admin.getByText('Passkeys')).toBeVisible();
  await admin.getByRole('button', { name: 'Reset sign-in' }).click();
  const question = admin.getByRole('dialog', { name: /^Reset how/ });
  await checkAccessibility(admin, '[role=dialog]');
  await question.getByRole('button', { name: 'Reset sign-in' }).click();
  const shown = admin.getByRole('dialog', { name: /^Send this link/ });
  await expect(shown).toContainText('#token=');
  const token = /#token=[\w-]+/.exec((await shown.textContent()) ?? '')?.[0] ?? '';
  // The page has a form, and so stays as it is.
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  await page.goto(`${address}/sign-in${token}`);
  await expect(page.getByRole('button', { name: /User menu/ })).toBeVisible();
  await page.goto(`${address}/profile`);
  await expect(page.getByText('No passkeys yet')).toBeVisible();

  await shown.getByRole('button', { name: 'Done' }).click();
  await admin.goto(`${address}/corporate/sign-ins?query=${email}`);
  const rows = admin.getByRole('table', { name: 'Sign-ins' }).getByRole('row');
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(1)).toContainText('By a link');
  await checkAccessibility(admin);
  const download = admin.waitForEvent('download');
  await admin.getByRole('link', { name: 'Download CSV' }).click();
  const stream = await (await download).createReadStream();
  let csv = '';
  for await (const chunk of stream) csv += String(chunk);
  expect(csv).toContain(email);
  await context.close();
});

test('an address without a name says what to open instead', async ({ page }) => {
  const email = `${uniqueName('passkey')}@example.com`;
  await createViewer(email);
  const numbered = server.address.replace('localhost', '127.0.0.1');
  await page.goto(numbered + (await signInPath(email, server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await page.goto(`${numbered}/profile`);
  const add = page.getByRole('button', { name: 'Add passkey' });
  await expect(add).toHaveAttribute('aria-disabled', 'true');
  await expect(add).toHaveAccessibleDescription(/http:\/\/localhost/);
  await checkAccessibility(page);

  // The same server, where a passkey can be added.
  await page.getByRole('link', { name: `${address}/profile` }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto(address + (await signInPath(email, server.data)));
  await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
  await page.goto(`${address}/profile`);
  await expect(add).toBeVisible();
  await expect(add).not.toHaveAttribute('aria-disabled', 'true');
});
