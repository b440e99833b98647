import type { Locator, Page } from '@playwright/test';

import { expect, expectSettled, test } from './fixtures.ts';
import { startMailServer } from '../server/testing/mail-server.ts';
import type { MailServer } from '../server/testing/mail-server.ts';
import { post } from './own-objects.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { runOn, signInPath } from './slipway-command.ts';

// The whole way of a fleet off its old images in a fresh demo estate, without reading anything but the page and
// the mail: from a version that is replaced in an account to its deletion, once no server runs it.

const old = 'fcos-43-20260413-3-1';
const current = 'fcos-44-20260707-3-1';
const account = 'Payments';
/** Of the estate: the farm that is moved alone, with four of its servers on the old version. */
const first = 'vault-staging';

test.use({ user: null, expectedErrors: [/status of 401/] });

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const row = (table: Locator, text: string) => table.getByRole('row').filter({ hasText: text });
const usageRows = (page: Page) =>
  page.getByRole('table', { name: 'Farm roles with servers on old images' });
const waitLong = { timeout: 60_000 };

/** Servers that still run what the Usage page is filtered by, as its header counts them. */
async function countOld(page: Page): Promise<number> {
  const words = await page
    .getByRole('main')
    .locator('header')
    .getByText(/of \d+ live servers? on old images|no live servers/)
    .innerText();
  return Number(/^\d+/.exec(words)?.[0] ?? 0);
}

/** A third farm on the old version, in a third environment, whose owner is who tests: to be moved before production. */
async function launchInTest(page: Page): Promise<void> {
  const { origin } = new URL(page.url());
  const find = async (path: string) => {
    const answer = await page.request.get(`${origin}/api/v1beta0/${path}`);
    return ((await answer.json()) as { data: { id: number; name: string }[] }).data;
  };
  const environments = await find('account/2/environments/');
  const envId = environments.find(({ name }) => name === 'test')?.id;
  const [role] = await find('account/2/roles/?name=hsm-proxy');
  const farm = await post(page, `user/${envId}/farms/`, { name: 'vault-test' }, origin);
  const at = `user/${envId}/farms/${String(farm['id'])}`;
  const farmRole = {
    alias: 'hsm',
    role: { id: role?.id },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    scaling: { minInstances: 2, maxInstances: 2 },
  };
  await post(page, `${at}/farm-roles/`, farmRole, origin);
  await post(page, `${at}/actions/launch/`, {}, origin);
}

async function switchToAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Switch scope/ }).click();
  await page.getByRole('combobox', { name: 'Find an account or environment' }).fill(account);
  const found = page.getByRole('treeitem').first();
  // It moves up once what does not match has gone.
  await expect(found).toHaveAccessibleName(new RegExp(`Account ${account}`));
  await found.click();
}

async function replaceVersion(page: Page): Promise<void> {
  await switchToAccount(page);
  const versions = page.getByRole('table', { name: 'Versions' });
  await versions.getByRole('link', { name: old, exact: true }).click();
  await expect(heading(page)).toHaveText(old);
  await expect(page.getByText(/^Stable stream: /)).toBeVisible();
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Replace ${old}` });
  await expect(dialog.getByRole('combobox', { name: 'New version' })).toHaveValue(current);
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('button', { name: 'Apply: replace in 2 roles' }).click();
  await expect(page.getByText('Replaced in 2 roles.')).toBeVisible();
}

/** From the replacement to its farms on the Usage page. */
async function watchFarms(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Show what is to move' }).click();
  await expect(heading(page)).toHaveText('Usage');
  const table = usageRows(page);
  await expectSettled(table);
  for (const farm of ['card-vault', first, 'vault-test'])
    await expect(row(table, farm).first()).toContainText(new RegExp(`${old}.*${current}`));
  expect(await countOld(page)).toBe(26);
}

/** Each owner gets one message, with their own farms alone. */
async function contactOwners(page: Page, { mails }: MailServer): Promise<void> {
  await page.getByRole('button', { name: 'Contact owners' }).click();
  const dialog = page.getByRole('dialog', { name: 'Contact owners' });
  const message = dialog.getByRole('textbox', { name: 'Message' });
  await message.fill((await message.inputValue()).replace('[date]', 'Friday'));
  await dialog.getByRole('button', { name: 'Send 2 messages' }).click();
  await expect.poll(() => mails.length).toBe(2);
  const toOwner = mails.find(({ to }) => JSON.stringify(to).includes('fatima.zahra@example.com'));
  expect(toOwner?.subject).toBe('24 servers on old images in 2 farms');
  expect(toOwner?.text).toContain('Please have this done by Friday.');
  expect(toOwner?.text).toContain(first);
  expect(toOwner?.text).not.toContain('vault-test');
  const owners = dialog.getByRole('table', { name: /^Owners of farms/ });
  await expect(owners.getByRole('cell', { name: /^Sent / })).toHaveCount(2);
  await dialog.getByRole('button', { name: 'Close' }).last().click();
}

/** Asks how to move servers, which is planned first. */
async function planMove(page: Page, atOnce: string): Promise<void> {
  await page.getByRole('button', { name: 'Move to the new image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move servers to the new image' });
  await dialog.getByLabel('At once').fill(atOnce);
  await dialog.getByLabel('Most unavailable').fill(atOnce);
  await dialog.getByLabel('Bake time').fill('0');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
}

/** Moves one farm, and sees in a second window, which nobody touches, how its servers leave the old version. */
async function moveOneFarm(page: Page): Promise<void> {
  await page.getByRole('radiogroup', { name: 'Group by' }).getByText('By farm').click();
  const farms = page.getByRole('table', { name: 'Farms with servers on old images' });
  await farms.getByRole('link', { name: first, exact: true }).click();
  await expect(page.getByRole('button', { name: `Remove filter Farm: ${first}` })).toBeVisible();
  const second = await page.context().newPage();
  await second.goto(page.url());
  await expect.poll(() => countOld(second)).toBe(4);
  const loads = watchLoads(second);

  await usageRows(page).getByRole('link', { name: first, exact: true }).first().click();
  await expect(heading(page)).toHaveText(first);
  await planMove(page, '100%');
  await expect(heading(page)).toHaveText(`Move ${first} to the new image`);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  // With its server on an older version, which has an image to move to as well.
  await page.getByRole('dialog').getByRole('button', { name: 'Move 5 servers' }).click();
  await expect(second.getByText(/^No farm roles on old images match/)).toBeVisible(waitLong);
  await expect.poll(() => countOld(second)).toBe(0);
  await expect(page.getByText('5 of 5 moved.')).toBeVisible(waitLong);
  expect(loads).toEqual([]);
  await second.close();
}

/** The documents that a page loads from now on. */
function watchLoads(page: Page): string[] {
  const loads: string[] = [];
  page.on('request', (request) => {
    if (request.isNavigationRequest()) loads.push(request.url());
  });
  return loads;
}

const openReplacement = async (page: Page): Promise<void> => {
  // A farm is moved in its environment.
  await switchToAccount(page);
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: 'Replacements' })
    .click();
  const replacements = page.getByRole('table', { name: 'Replacements' });
  await replacements.getByRole('link', { name: `${old} by ${current}` }).click();
  await expect(heading(page)).toHaveText(`${old} replaced by ${current}`);
};

/** Test first, then production; paused in between, when nothing more begins. */
async function moveRestInWaves(page: Page): Promise<void> {
  await openReplacement(page);
  await planMove(page, '50%');
  await expect(heading(page)).toHaveText(`Move ${old} → ${current}`);
  await page.getByText('Move in waves, environment by environment').click();
  await page.getByRole('combobox', { name: 'Wave of production' }).selectOption('2');
  await page.getByRole('button', { name: 'Plan in these waves' }).click();
  const waves = page.getByRole('listitem').filter({ hasText: /\d servers, about/ });
  await expect(waves).toHaveText([/^test: 2 servers/, /^production: 19 servers/]);
  await expect(page.getByText(/^1 server stays\. .*It is suspended/)).toBeVisible();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const confirm = page.getByRole('dialog', { name: 'Move 21 servers?' });
  await confirm.getByRole('textbox', { name: 'Type 21 to end 21 servers' }).fill('21');
  await confirm.getByRole('button', { name: 'Move 21 servers' }).click();

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Resume' })).toBeVisible();
  // What moved was finished, none is on its way, and production was not begun.
  await expect(page.getByText(/^[012] of 21 moved, (?:21|20|19) waiting\./)).toBeVisible(waitLong);
  await expect(page.getByText('Nothing more is moved until the rollout is resumed.')).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(page.getByText(/^21 of 21 moved\./)).toBeVisible(waitLong);
}

/** What was suspended still stands in the way, and is cleared where that is said. */
async function deleteOld(page: Page): Promise<void> {
  await openReplacement(page);
  await expect(page.getByText('1 server in 1 farm runs an old image').first()).toBeVisible();
  await page.getByRole('link', { name: old, exact: true }).first().click();
  await expect(heading(page)).toHaveText(old);
  await page.getByRole('button', { name: `More actions for ${old}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: `Delete ${old}?` });
  await dialog.getByRole('button', { name: /^Terminate/ }).click();
  const terminate = page.getByRole('dialog', { name: /^Terminate .* of farm card-vault\?$/ });
  await terminate.getByRole('button', { name: 'Terminate' }).click();
  await dialog.getByRole('button', { name: 'Delete 9 images' }).click(waitLong);
  await expect(page.getByText('9 images are deleted.')).toBeVisible();
  await expect(page).toHaveURL(/\/accounts\/2\/images$/);
}

test.describe('on a fresh estate', () => {
  let mail: MailServer;
  let server: OwnServer;
  test.beforeAll(async () => {
    mail = await startMailServer();
    const quickCloud = 'latency=20,boot=800,suspend=100,resume=100,terminate=200';
    server = await startOwnServer({ ...mail.settings, SIMULATED_CLOUD_MS: quickCloud });
  });
  test.afterAll(async () => {
    await server.remove();
    await mail.close();
  });

  test('a version is replaced in an account, its owners are written to, a farm and then the rest leave it before one’s eyes, and it is deleted', async ({
    page,
  }) => {
    await page.goto(
      server.address + (await signInPath('corporate-admin@example.com', server.data)),
    );
    await expect(heading(page)).toHaveText('Images');
    await launchInTest(page);
    await test.step('replaces', () => replaceVersion(page));
    await test.step('watches its farms', () => watchFarms(page));
    await test.step('contacts owners', () => contactOwners(page, mail));
    await test.step('moves one farm', () => moveOneFarm(page));
    await test.step('moves the rest in waves', () => moveRestInWaves(page));
    await test.step('deletes', () => deleteOld(page));
    expect(await runOn(server.data, ['doctor'])).toMatch(/0 broken/);
  });
});
