import type { Locator, Page } from '@playwright/test';

import { checkAccessibility, expect, test } from '../fixtures.ts';
import { createEnvironment, post, uniqueName } from '../own-objects.ts';
import { runSlipway } from '../slipway-command.ts';

import { currentName, oldName } from './cloud-under-test.ts';
import type { CloudUnderTest } from './cloud-under-test.ts';

// What somebody does on their first day with a cloud that is really there: docs/domain.md, "Inventory".

const waitLong = { timeout: 60_000 };
const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const row = (within: Page | Locator, text: string) =>
  within.getByRole('row').filter({ hasText: text });

interface Ours {
  accountId: number;
  envId: number;
  credentialsId: string;
  name: string;
}

/** The id of the only one of a list. */
async function findId(page: Page, path: string): Promise<string> {
  const answer = await page.request.get(`/api/v1beta0/${path}`);
  const { data = [] } = (await answer.json()) as { data?: { id: string }[] };
  expect(data, path).toHaveLength(1);
  return data[0]?.id ?? '';
}

/** Adds credentials with the rights that the way needs, tests them and gives them to an environment. */
async function connect(page: Page, cloud: CloudUnderTest): Promise<Ours> {
  const { accountId, envId } = await createEnvironment(page);
  const name = uniqueName('cloud');
  await page.goto(`/accounts/${accountId}/clouds?dialog=add`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByLabel('Cloud', { exact: true }).selectOption(cloud.type);
  await cloud.fillIn(dialog);
  await dialog.getByRole('button', { name: 'Add cloud credentials' }).click();
  const choose = async (action: string) => {
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
  };
  await choose('Edit name and rights');
  for (const right of ['Launch', 'Terminate', 'Delete'])
    await dialog.getByRole('checkbox', { name: new RegExp(`^${right}`) }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row(page, name)).toContainText('3 of 7');
  await choose('Test');
  await dialog.getByRole('button', { name: 'Done' }).click(waitLong);
  await expect(row(page, name)).toContainText('Working', waitLong);
  await choose('Attach to environments');
  await dialog.getByRole('button', { name: 'Attach to test' }).click();
  await expect(dialog.getByRole('button', { name: 'Detach from test' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const credentialsId = await findId(page, `account/${accountId}/cloud-credentials/`);
  return { accountId, envId, credentialsId, name };
}

/** What is there, what uses it, and what runs on it. */
async function see(page: Page, cloud: CloudUnderTest, { envId }: Ours): Promise<void> {
  await page.goto(`/environments/${envId}/cloud-images`);
  await expect(row(page, oldName).filter({ hasText: 'In use' })).toHaveCount(1, waitLong);
  await expect(row(page, currentName)).toHaveCount(cloud.places);
  for (const unused of await row(page, currentName).all())
    await expect(unused).toContainText('Unused: read 1 account in');
  await page.goto(`/environments/${envId}/farms?observed=true`);
  await expect(row(page, cloud.observed)).toContainText('observed', waitLong);
  await page.goto(`/environments/${envId}/servers?observed=true`);
  await expect(row(page, cloud.observed)).toContainText(oldName);
}

/** Registers both versions, in all places. */
async function importBoth(page: Page, cloud: CloudUnderTest, { envId }: Ours): Promise<void> {
  const count = 2 * cloud.places;
  await page.goto(`/environments/${envId}/cloud-images?query=web-`);
  await expect(row(page, 'web-')).toHaveCount(count);
  await page.getByRole('checkbox', { name: /^Select all/ }).click();
  await page.getByRole('button', { name: `Register: ${count} cloud images` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Operating system').selectOption('ubuntu-24-04');
  // moto forgets what its images are for.
  if (cloud.platform === 'ec2') await dialog.getByLabel('Architecture').selectOption('x86_64');
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: `Register ${count} images` }).click();
  await expect(page.getByRole('link', { name: oldName })).toHaveCount(cloud.places);
}

/** A farm of our own with two servers on the old version. @returns what it is called, and its role */
async function launchFarm(page: Page, cloud: CloudUnderTest, { envId }: Ours) {
  const there = `cloudPlatform=${cloud.platform}&cloudLocation=${cloud.location}`;
  const image = { id: await findId(page, `user/${envId}/images/?name=${oldName}&${there}`) };
  const role = await post(page, `user/${envId}/roles/`, {
    name: uniqueName('role'),
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  await post(page, `user/${envId}/roles/${String(role['id'])}/images/`, { image });
  const name = uniqueName('farm');
  const farm = await post(page, `user/${envId}/farms/`, { name });
  const at = `user/${envId}/farms/${String(farm['id'])}`;
  await post(page, `${at}/farm-roles/`, {
    alias: 'web',
    role: { id: role['id'] },
    cloudPlatform: cloud.platform,
    cloudLocation: cloud.location,
    ...(cloud.platform === 'ec2' && { instanceType: 't3.micro' }),
    scaling: { minInstances: 2, maxInstances: 2 },
  });
  await post(page, `${at}/actions/launch/`, {});
  await page.goto(`/environments/${envId}/servers?observed=false`);
  await expect(row(page, name).filter({ hasText: 'Running' })).toHaveCount(2, waitLong);
  return name;
}

async function openOld(page: Page, { envId }: Ours): Promise<void> {
  await page.goto(`/environments/${envId}/images`);
  const versions = page.getByRole('table', { name: 'Versions' });
  await versions.getByRole('link', { name: oldName, exact: true }).click();
  await expect(heading(page)).toHaveText(oldName);
}

async function replace(page: Page, ours: Ours): Promise<void> {
  await openOld(page, ours);
  await page.getByRole('button', { name: 'Replace', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: `Replace ${oldName}` });
  await expect(dialog.getByRole('combobox', { name: 'New version' })).toHaveValue(currentName);
  await dialog.getByRole('button', { name: 'Plan', exact: true }).click();
  await page.getByRole('button', { name: 'Apply: replace in 1 role' }).click();
  await expect(page.getByText('Replaced in 1 role.')).toBeVisible();
}

async function moveOwnFarm(page: Page, { envId }: Ours, farm: string): Promise<void> {
  await page.goto(`/environments/${envId}/usage`);
  await row(page, farm).getByRole('link', { name: farm, exact: true }).first().click();
  await expect(heading(page)).toHaveText(farm);
  await page.getByRole('button', { name: 'Move to the new image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move servers to the new image' });
  await dialog.getByLabel('At once').fill('100%');
  await dialog.getByLabel('Most unavailable').fill('100%');
  await dialog.getByLabel('Bake time').fill('0');
  await dialog.getByRole('button', { name: 'Plan it' }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move 2 servers' }).click();
  await expect(page.getByText('2 of 2 moved.')).toBeVisible(waitLong);
}

/** Has everything read at once: what was changed about credentials is. */
async function readAgain(page: Page, { accountId, credentialsId }: Ours): Promise<void> {
  const path = `/api/v1beta0/account/${accountId}/cloud-credentials/${credentialsId}/`;
  const data = { description: uniqueName('read') };
  const headers = { 'sec-fetch-site': 'same-origin' };
  expect((await page.request.patch(path, { data, headers })).ok()).toBe(true);
}

/** Once nothing uses it, it goes from the catalogue and from its cloud. */
async function deleteOld(page: Page, cloud: CloudUnderTest, ours: Ours): Promise<void> {
  await page.goto(`/environments/${ours.envId}/cloud-images?query=${oldName}`);
  await readAgain(page, ours);
  await expect(row(page, oldName).filter({ hasText: 'Unused' })).toHaveCount(
    cloud.places,
    waitLong,
  );
  await openOld(page, ours);
  await page.getByRole('button', { name: `More actions for ${oldName}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: `Delete ${oldName}?` });
  await dialog.getByRole('checkbox', { name: /^Also delete the machine image/ }).check();
  await dialog
    .getByRole('button', { name: /^Delete \d images? and (?:its|their) machine/ })
    .click();
  const current = Array.from({ length: cloud.places }, () => currentName);
  await expect.poll(() => cloud.images(), waitLong).toEqual(current);
}

/** From connecting a cloud until the old version is gone from it. */
export async function goTheWay(page: Page, cloud: CloudUnderTest): Promise<void> {
  const ours = await test.step('connects', () => connect(page, cloud));
  await test.step('sees what is there', () => see(page, cloud, ours));
  await test.step('imports', () => importBoth(page, cloud, ours));
  const farm = await test.step('launches', () => launchFarm(page, cloud, ours));
  await test.step('replaces', () => replace(page, ours));
  await test.step('moves its own farm', () => moveOwnFarm(page, ours, farm));
  await test.step('the owner moves the other one', () => cloud.leaveOld());
  await test.step('deletes', () => deleteOld(page, cloud, ours));
  expect(await runSlipway('doctor')).toMatch(/0 broken/);
}
