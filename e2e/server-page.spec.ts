import type { Locator, Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createFarm } from './own-farms.ts';
import { post, registerImage } from './own-objects.ts';

async function openServer(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

const actionsOf = (page: Page) => page.getByRole('region', { name: 'Actions' });

async function choose(page: Page, action: string): Promise<Locator> {
  await actionsOf(page).getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
  return page.getByRole('dialog');
}

/** What was announced covers no action. */
async function expectAbove(announced: Locator, bar: Locator): Promise<void> {
  // It stays as long as somebody points at it.
  await announced.hover();
  const room = async () => {
    const [above, below] = [await announced.boundingBox(), await bar.boundingBox()];
    return above === null || below === null ? undefined : below.y - above.y - above.height;
  };
  await expect.poll(room).toBeGreaterThan(0);
}

const factOf = (page: Page, term: string) =>
  page.getByRole('term').filter({ hasText: term }).locator('xpath=following-sibling::dd[1]');

test('a server says what it runs, what its role has now, and how it came to be', async ({
  page,
}) => {
  const farm = await createFarm(page);
  await page.goto(paths.servers(farm.at));
  await openServer(page, 'web #1');
  await expect(factOf(page, 'Launch reason')).toHaveText('Farm launched');
  await expect(factOf(page, 'Launched by')).toContainText('corporate-admin@example.com');
  await expect(factOf(page, 'State')).toHaveText('current');
  await expect(factOf(page, 'If terminated')).toHaveText(`A new one will start on ${farm.image}.`);
  await checkAccessibility(page);

  const image = await registerImage(page, farm.envId);
  const old = (await (
    await page.request.get(`/api/v1beta0/user/${farm.envId}/images/?name=${farm.image}`)
  ).json()) as { data: { id: string }[] };
  const change = { newImage: { id: image.id } };
  await post(page, `user/${farm.envId}/images/${old.data[0]?.id}/actions/replace/`, change);
  await page.reload();
  await expect(factOf(page, 'Runs')).toContainText(farm.image);
  await expect(factOf(page, 'Its role has now')).toContainText(image.name);
  await expect(factOf(page, 'State')).toContainText(`The role has ${image.name}`);
  await expect(factOf(page, 'If terminated')).toHaveText(`A new one will start on ${image.name}.`);
  await page.setViewportSize({ width: 320, height: 800 });
  await expectNoSidewaysScroll(page);
});

test('a server gets another host name, is suspended, resumed and rebooted', async ({ page }) => {
  const { at, farmId } = await createFarm(page);
  await page.goto(paths.farm(at, farmId));
  await openServer(page, 'web #1');
  // What it goes through as it starts would change it under the edit.
  await expect(factOf(page, 'Status')).toHaveText('Running');
  await actionsOf(page).getByRole('button', { name: 'Edit host name' }).click();
  let dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Host name' }).fill('no such name');
  await dialog.getByRole('button', { name: 'Save host name' }).click();
  await expect(dialog.getByText(/must be a host name/)).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Host name' }).fill('shop-1.example.com');
  await dialog.getByRole('button', { name: 'Save host name' }).click();
  await expect(factOf(page, 'Host name')).toHaveText('shop-1.example.com');
  const told = page.getByRole('region', { name: 'Announcements' }).getByText(/has the host name/);
  await expectAbove(told, actionsOf(page));
  await page.setViewportSize({ width: 320, height: 800 });
  await expectAbove(told, actionsOf(page));
  await page.setViewportSize({ width: 1280, height: 720 });

  dialog = await choose(page, 'Suspend');
  await expect(dialog).toContainText('none starts in its place');
  await dialog.getByRole('button', { name: 'Suspend server' }).click();
  await expect(factOf(page, 'Status')).toHaveText(/suspend/i);
  await actionsOf(page).getByRole('button', { name: 'Resume' }).click();
  await dialog.getByRole('button', { name: 'Resume server' }).click();
  await expect(factOf(page, 'Status')).toHaveText(/Running|Resuming/);
  dialog = await choose(page, 'Reboot');
  await dialog.getByRole('button', { name: 'Reboot server' }).click();
  await expect(dialog).toBeHidden();
});

test('whoever terminates a server is told before whether a new one starts, and can have none', async ({
  page,
}) => {
  const { at, farmId, image } = await createFarm(page);
  await page.goto(paths.farm(at, farmId));
  await openServer(page, 'web #1');
  await actionsOf(page).getByRole('button', { name: 'Terminate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Terminate web #1?' });
  await expect(dialog).toContainText(`A new one will start on ${image}.`);
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await page.keyboard.press('Escape');

  const lower = await choose(page, 'Terminate and keep one less');
  await expect(lower).toContainText('the minimum of web goes from 2 to 1');
  await lower.getByRole('button', { name: 'Terminate and keep one less' }).click();
  await expect(lower).toBeHidden();
  await expect(factOf(page, 'Status')).toHaveText(/terminat/i);
  await expect(
    actionsOf(page).getByRole('button', { name: 'Terminate' }),
  ).toHaveAccessibleDescription(/to terminate it, it must be/);
  await page.getByRole('navigation', { name: 'Breadcrumbs' }).getByRole('link').last().click();
  const roles = page.getByRole('table', { name: 'Roles of the farm' });
  await expect(roles.getByRole('row').nth(1)).toContainText('1–4');
});

test('rows of servers offer what can be done with each', async ({ page }) => {
  const { at, farmRoleId, envId } = await createFarm(page, { minInstances: 1, maxInstances: 3 });
  await post(page, `user/${envId}/farm-roles/${farmRoleId}/servers/`, {});
  await page.goto(paths.servers(at));
  await page.getByRole('button', { name: 'Actions for web #2' }).click();
  await expect(page.getByRole('menuitem', { name: 'Terminate and keep one less' })).toBeHidden();
  await page.getByRole('menuitem', { name: 'Terminate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Terminate web #2?' });
  await expect(dialog).toContainText('No new one will start: "web" keeps at least 1, and 1 stays.');
  await dialog.getByRole('button', { name: 'Terminate server' }).click();
  await expect(dialog).toBeHidden();
  const row = page.getByRole('row').filter({ hasText: 'web #2' });
  await expect(row).toContainText(/terminat/i);
});

test('selected servers are terminated together, and each says what became of it', async ({
  page,
}) => {
  const { at, farmId, name } = await createFarm(page, { minInstances: 3, maxInstances: 3 });
  await page.goto(paths.farm(at, farmId));
  for (const server of ['web #1', 'web #2'])
    await page.getByRole('checkbox', { name: `Select ${server}` }).check();
  await page
    .getByRole('region', { name: 'Selection' })
    .getByRole('button', { name: 'Terminate 2 servers' })
    .click();
  const dialog = page.getByRole('dialog', { name: 'Terminate 2 servers?' });
  const list = dialog.getByRole('list', { name: 'Terminate these' });
  await expect(list).toContainText(`web #2 of ${name}`);
  await dialog.getByRole('button', { name: 'Terminate 2 servers' }).click();
  await expect(dialog.getByText('2 servers told to end.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(page.getByRole('region', { name: 'Selection' })).toBeHidden();
});

test.describe('an unknown server', () => {
  const id = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';
  test.use({ expectedErrors: [/status of 404|No server has the id/] });

  test('says so, with the way back', async ({ page }) => {
    await page.goto(paths.server({ scope: 'scalr' }, id));
    await expect(page.getByRole('heading', { name: 'There is no such page' })).toBeVisible();
  });
});
