import type { Page } from '@playwright/test';

import {
  type IdentityProvider,
  startIdentityProvider,
} from '../server/testing/identity-provider.ts';
import { expect, test } from './fixtures.ts';
import { createEnvironment, registerImage } from './own-objects.ts';
import { type OwnServer, startOwnServer } from './own-server.ts';

// The whole way of somebody who comes, is given a role, uses it and is let go: on an empty server, with a real
// provider of OpenID Connect, which is connected by the server's settings.
test.use({ user: null, expectedErrors: [/status of 401/] });

let provider: IdentityProvider;
let server: OwnServer;

test.beforeAll(async () => {
  test.setTimeout(180_000);
  provider = await startIdentityProvider();
  server = await startOwnServer(
    {
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
      OIDC_LABEL: 'Example',
    },
    ['--empty'],
  );
  provider.allow(`${server.address}/api/oidc/callback`, `${server.address}/sign-in`);
  provider.people.set('bob', {
    email: 'bob@example.com',
    email_verified: true,
    name: 'Bob Stone',
  });
});
test.afterAll(async () => {
  await server.remove();
  await provider.close();
});

const action = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Actions' }).getByRole('button', { name });
const turnTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click();

/** By the link that the server prints, up to the first environment of the first account. */
async function beginAsFirst(page: Page): Promise<void> {
  await page.goto(server.link);
  await expect(page.getByRole('heading', { name: 'Create the first administrator' })).toBeVisible();
  await page.getByRole('textbox', { name: 'Name' }).fill('Ann Miller');
  await page.getByRole('textbox', { name: 'E-mail address' }).fill('ann@example.com');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Name of the account' }).fill('Acme');
  await page.keyboard.press('Enter');
  await page.getByRole('textbox', { name: 'Name of the environment' }).fill('Test');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('link', { name: 'Register the first image' })).toBeVisible();
}

/** Invites Bob as a viewer, who needs no link: the provider says who he is. */
async function invite(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Invite somebody' }).first().click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('E-mail address').fill('bob@example.com');
  await dialog.getByLabel('Name').fill('Bob Stone');
  await dialog.getByRole('button', { name: 'Invite' }).click();
  await expect(dialog).toContainText('/sign-in#token=');
  await dialog.getByRole('button', { name: 'Done' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Bob Stone' });
  await expect(row).toContainText('Viewer at Acme');
}

/** Makes a team with Bob in it that may publish in the account. */
async function makePublishers(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await page.getByText('Teams', { exact: true }).click();
  await page.getByRole('link', { name: 'New team' }).first().click();
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Release');
  await dialog.getByRole('button', { name: 'Create team' }).click();
  await page.getByRole('link', { name: 'Release' }).click();
  await action(page, 'Add member').click();
  await dialog.getByRole('combobox', { name: 'Who' }).fill('Bob');
  await page.getByRole('option', { name: 'Bob Stone' }).click();
  await dialog.getByRole('button', { name: 'Add member' }).click();
  await action(page, 'Give role').click();
  await dialog.getByLabel('Role').selectOption('Publisher');
  await dialog.getByRole('button', { name: 'Give role' }).click();
  await expect(page.getByRole('table', { name: 'Rights of Release' })).toContainText('Publisher');
}

async function signInByProvider(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Sign in with Example' }).click();
  await page.getByLabel('Login').fill('bob');
  await page.getByRole('button', { name: 'Go on' }).click();
}

test('a colleague is invited, comes in by the provider, publishes for a team, and is out within 5 s of being suspended; Activity tells all of it', async ({
  page,
  browser,
}) => {
  await beginAsFirst(page);
  // An account beside it, of which Bob is to see nothing.
  const other = await createEnvironment(page, server.address);
  const accounts = await page.request.get(`${server.address}/api/v1beta0/global/accounts/`);
  const { data } = (await accounts.json()) as { data: { id: number; name: string }[] };
  const accountId = data.find(({ name }) => name === 'Acme')?.id ?? 0;
  const at = `${server.address}/accounts/${accountId}`;
  await page.goto(`${at}/people`);
  await invite(page);

  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  const theirs = await context.newPage();
  await theirs.goto(`${at}/people`);
  await signInByProvider(theirs);
  const may = theirs.getByRole('row').filter({ hasText: 'promote images and roles' });
  await expect(may).toContainText('Ask Ann Miller (ann@example.com).');

  // The page is open while the right arrives.
  await makePublishers(page);
  await expect(may).toContainText('Publisher at Acme, by team Release');
  const mayNot = theirs.getByRole('row').filter({ hasText: 'manage people' });
  await expect(mayNot).toContainText('Ask Ann Miller');
  await page.getByRole('link', { name: 'Bob Stone' }).click();
  const table = page.getByRole('table', { name: 'What they may do' });
  await expect(table.getByRole('row').filter({ hasText: 'promote images' })).toContainText(
    'Publisher at Acme, by team Release',
  );

  // What he may do, he does; what he may not, he cannot.
  const environments = await theirs.request.get(
    `${server.address}/api/v1beta0/account/${accountId}/environments/`,
  );
  const [{ id: envId } = { id: 0 }] = ((await environments.json()) as { data: { id: number }[] })
    .data;
  const image = await registerImage(theirs, envId, {}, server.address);
  await theirs.goto(`${server.address}/environments/${envId}/images/${image.id}`);
  await theirs.getByRole('button', { name: 'Promote' }).click();
  await theirs
    .getByRole('dialog')
    .getByRole('button', { name: /^Promote image/ })
    .click();
  await expect(theirs).toHaveURL(`${at}/images/${image.id}`);
  const sideways = `${server.address}/api/v1beta0/account/${other.accountId}/images/`;
  expect((await theirs.request.get(sideways)).status()).toBe(404);

  const bobs = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Bob Stone' });
  await page.goto(`${at}/activity`);
  await expect(bobs.filter({ hasText: 'promoted an image' })).toContainText(image.name);
  await expect(bobs.filter({ hasText: 'registered an image' })).toContainText(image.name);

  await turnTo(page, 'People');
  await page.getByRole('link', { name: 'Bob Stone' }).click();
  await action(page, 'Suspend').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
  await expect(page.getByText('Bob Stone is suspended.').first()).toBeVisible();
  // His page was open all the while, and nobody touched it.
  await expect(theirs.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 5_000 });
  const own = `${server.address}/api/v1beta0/account/${accountId}/images/`;
  expect((await theirs.request.get(own)).status()).toBe(401);
  // The provider still knows him, and would let him in.
  await theirs.getByRole('link', { name: 'Sign in with Example' }).click();
  await expect(theirs.getByRole('alert')).toContainText('Your user is suspended');
  await context.close();

  await readStory(page, image.name);
});

/** At Corporate scope, where everything is told, latest first. */
async function readStory(page: Page, image: string): Promise<void> {
  await page.goto(`${server.address}/corporate/activity`);
  const entries = page.getByRole('main').getByRole('listitem');
  const story = [
    ['Ann Miller', 'suspended a user'],
    ['Bob Stone', `promoted an image`],
    ['Bob Stone', `registered an image`],
    ['Ann Miller', 'gave a right'],
    ['Ann Miller', 'put a user into a team'],
    ['Ann Miller', 'created a team'],
    ['Ann Miller', 'invited a user'],
    ['Ann Miller', 'created an environment'],
    ['Ann Miller', 'created an account'],
    ['', 'created the first administrator'],
  ];
  let last = -1;
  await expect(entries.filter({ hasText: 'suspended a user' })).toHaveCount(1);
  const texts = await entries.allInnerTexts();
  for (const [who = '', what = ''] of story) {
    const at = texts.findIndex(
      (text, place) => place > last && text.includes(who) && text.includes(what),
    );
    expect(at, `${who} ${what} after ${last} in ${texts.join('\n')}`).toBeGreaterThan(last);
    last = at;
  }
  expect(texts.join('\n')).toContain(image);

  await page.goto(`${server.address}/corporate/sign-ins?person=bob%40example.com`);
  const rows = page.getByRole('row').filter({ hasText: 'bob@example.com' });
  await expect(rows.first()).toContainText('suspended');
  await expect(rows).toHaveCount(2);
}
