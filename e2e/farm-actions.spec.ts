import type { Locator, Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createFarm } from './own-farms.ts';
import { createEnvironment, openAsNew, post, uniqueName } from './own-objects.ts';

const actionsOf = (page: Page) => page.getByRole('region', { name: 'Actions' });

/** Chooses from the menu of what has no button of its own. */
async function choose(page: Page, action: string): Promise<Locator> {
  await actionsOf(page).getByRole('button', { name: /^More/ }).click();
  await page.getByRole('menuitem', { name: action }).click();
  return page.getByRole('dialog');
}

async function chooseInRow(page: Page, row: string, action: string): Promise<Locator> {
  await page
    .getByRole('button', { name: `Actions for ${row}` })
    .first()
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
  return page.getByRole('dialog');
}

async function pick(within: Locator, label: string, name: string): Promise<void> {
  await within.getByRole('combobox', { name: label }).fill(name);
  await within.page().getByRole('option').filter({ hasText: name }).first().click();
}

test('a farm is created, given a role in a place that it has an image for, and launched', async ({
  page,
}) => {
  const { at, role, image } = await createFarm(page);
  const name = uniqueName('shop');
  await page.goto(paths.farms(at));
  await page.getByRole('link', { name: 'New farm' }).click();
  const form = page.getByRole('form', { name: 'New farm' });
  await form.getByRole('textbox', { name: 'Name' }).fill(name);
  await pick(form, 'Time zone', 'Europe/Berlin');
  await pick(form, 'First role', role);
  await form.getByRole('button', { name: /^Create farm in/ }).click();

  const dialog = page.getByRole('dialog', { name: `Add role to ${name}` });
  await expect(dialog.getByRole('combobox', { name: 'Location' })).toHaveValue('ec2 us-east-1');
  await expect(dialog.getByRole('textbox', { name: 'Name in the farm' })).toHaveValue(role);
  await dialog.getByRole('textbox', { name: 'Instance type' }).fill('m7g.large');
  await dialog.getByRole('button', { name: 'Add role' }).click();
  await expect(page.getByText(`${name} has ${role} now.`)).toBeVisible();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('Europe/Berlin')).toBeVisible();

  await actionsOf(page).getByRole('button', { name: 'Launch' }).click();
  const launch = page.getByRole('dialog', { name: `Launch ${name}?` });
  await expect(launch.getByRole('list', { name: 'What starts' })).toHaveText(
    `1 server of ${role} on ${image}`,
  );
  await launch.getByRole('button', { name: 'Launch farm' }).click();
  await expect(launch).toBeHidden();
  const servers = page.getByRole('table', { name: 'Servers of the farm' });
  await expect(servers.getByRole('link', { name: `${role} #1` })).toBeVisible();
});

test('a farm is edited on a page of its own, which asks before what was typed is lost', async ({
  page,
}) => {
  const { at, farmId, name } = await createFarm(page, undefined, false);
  await page.goto(paths.farm(at, farmId));
  await actionsOf(page).getByRole('link', { name: 'Edit' }).click();
  const form = page.getByRole('form', { name: 'Edit farm' });
  await form.getByRole('textbox', { name: 'Description' }).fill('Sells shoes');
  await form
    .getByRole('combobox', { name: 'Launch order' })
    .selectOption('One role after the other');
  await page
    .getByRole('navigation', { name: 'Main' })
    .getByRole('link', { name: /^Roles/ })
    .click();
  await page.getByRole('button', { name: 'Go on editing' }).click();
  await form.getByRole('button', { name: 'Save farm' }).click();
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible();
  await expect(page.getByText('Sells shoes')).toBeVisible();
  await expect(page.getByText('One role after the other')).toBeVisible();
});

test('terminating a farm names its servers, and has the number typed when there are more than 20', async ({
  page,
}) => {
  const { at, farmId, name } = await createFarm(page, { minInstances: 21, maxInstances: 21 });
  await page.goto(paths.farm(at, farmId));
  const dialog = await choose(page, 'Terminate');
  await expect(dialog).toHaveAccessibleName(`Terminate ${name}?`);
  const list = dialog.getByRole('list', { name: 'Servers that end' });
  await expect(list.getByRole('listitem')).toHaveCount(11);
  await expect(list.getByRole('listitem').last()).toHaveText('and 11 more servers');
  const confirm = dialog.getByRole('button', { name: 'Terminate 21 servers' });
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await expect(confirm).toHaveAccessibleDescription(/Type 21 first/);
  await dialog.getByRole('textbox', { name: 'Type 21 to end 21 servers' }).fill('12');
  await expect(confirm).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('textbox', { name: 'Type 21 to end 21 servers' }).fill('21');
  await confirm.click();
  await expect(dialog).toBeHidden();
  await expect(actionsOf(page).getByRole('button', { name: 'Launch' })).toBeVisible();
});

test('a farm is suspended, resumed, cloned and, once it is terminated, deleted', async ({
  page,
}) => {
  const { at, farmId, name } = await createFarm(page);
  const copy = uniqueName('copy');
  await page.goto(paths.farm(at, farmId));
  let dialog = await choose(page, 'Suspend');
  await dialog.getByRole('button', { name: 'Suspend farm' }).click();
  await actionsOf(page).getByRole('button', { name: 'Resume' }).click();
  await dialog.getByRole('button', { name: 'Resume farm' }).click();
  await expect(dialog).toBeHidden();
  await expect(actionsOf(page).getByRole('button', { name: 'Resume' })).toBeHidden();

  dialog = await choose(page, 'Clone');
  await dialog.getByRole('textbox', { name: 'Name of the copy' }).fill(copy);
  await dialog.getByRole('button', { name: 'Clone farm with 1 role' }).click();
  await expect(page.getByRole('heading', { level: 1, name: copy })).toBeVisible();
  await expect(page.getByRole('table', { name: 'Roles of the farm' })).toContainText('web');
  dialog = await choose(page, 'Delete');
  await dialog.getByRole('button', { name: 'Delete farm' }).click();
  const farms = page.getByRole('table', { name: 'Farms' });
  await expect(farms.getByRole('link', { name, exact: true })).toBeVisible();
  await expect(farms.getByRole('link', { name: copy })).toBeHidden();
});

test('a locked farm says who locked it and why, and refuses until it is unlocked', async ({
  page,
}) => {
  const { at, farmId } = await createFarm(page);
  await page.goto(paths.farm(at, farmId));
  let dialog = await choose(page, 'Lock');
  await dialog.getByRole('textbox', { name: 'Why' }).fill('Black Friday');
  await dialog.getByRole('combobox', { name: 'Who may unlock it' }).selectOption('The owner only');
  await dialog.getByRole('button', { name: 'Lock farm' }).click();
  await expect(
    page.getByText(/^Locked .* by corporate-admin@example.com: Black Friday$/),
  ).toBeVisible();
  await expect(page.getByText(/Only its owner or an administrator can unlock it/)).toBeVisible();
  await expect(actionsOf(page).getByRole('button', { name: 'Edit' })).toHaveAccessibleDescription(
    /was locked by corporate-admin@example.com \("Black Friday"\)/,
  );
  await actionsOf(page).getByRole('button', { name: /^More/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Terminate' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.keyboard.press('Escape');
  await actionsOf(page).getByRole('button', { name: 'Unlock' }).click();
  dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Unlock farm' }).click();
  await expect(dialog).toBeHidden();
  await expect(actionsOf(page).getByRole('link', { name: 'Edit' })).toBeVisible();
});

test('a farm role launches a server, is edited, cloned, and removed with its servers', async ({
  page,
}) => {
  const { at, farmId, image } = await createFarm(page, { minInstances: 1, maxInstances: 1 });
  await page.goto(paths.farm(at, farmId));
  let dialog = await chooseInRow(page, 'web', 'Launch a server');
  await expect(dialog).toContainText(`It starts on ${image}`);
  await expect(dialog).toContainText('the maximum rises from 1 to 2');
  await dialog.getByRole('button', { name: 'Launch server' }).click();
  await expect(page.getByRole('link', { name: 'web #2' })).toBeVisible();

  dialog = await chooseInRow(page, 'web', 'Edit');
  await dialog.getByRole('textbox', { name: 'Minimum' }).fill('3');
  await dialog.getByRole('button', { name: 'Save farm role' }).click();
  await expect(dialog.getByText('Must be at least the minimum')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Minimum' }).fill('2');
  await dialog.getByRole('button', { name: 'Save farm role' }).click();
  const roles = page.getByRole('table', { name: 'Roles of the farm' });
  await expect(roles.getByRole('row').nth(1)).toContainText('2–2');

  dialog = await chooseInRow(page, 'web', 'Clone');
  await dialog.getByRole('textbox', { name: 'Name of the copy' }).fill('web-b');
  await dialog.getByRole('button', { name: 'Clone farm role' }).click();
  await expect(roles.getByRole('row').filter({ hasText: 'web-b' })).toBeVisible();

  dialog = await chooseInRow(page, 'web', 'Remove from farm');
  await expect(dialog.getByRole('list', { name: 'Servers that end' })).toContainText('web #2');
  await dialog.getByRole('button', { name: 'Remove and end 2 servers' }).click();
  await expect(dialog).toBeHidden();
  await expect(roles.getByRole('row')).toHaveCount(2);
});

test('whoever may only look is told which right is missing, on each action', async ({
  page,
  browser,
}) => {
  const { at, farmId, envId } = await createFarm(page);
  const viewer = await openAsNew(browser, 'viewer', `environment:${envId}`);
  await viewer.goto(paths.farm(at, farmId));
  await expect(actionsOf(viewer).getByRole('button', { name: 'Edit' })).toHaveAccessibleDescription(
    /you need the role Operator/,
  );
  await viewer.goto(paths.newFarm(at));
  await expect(viewer.getByRole('heading', { name: /You cannot create farms/ })).toBeVisible();
  await viewer.context().close();
});

test('a farm is acted on from the scopes above it as well', async ({ page }) => {
  const { farmId, accountId } = await createFarm(page, undefined, false);
  await page.goto(paths.farm({ scope: 'account', accountId }, farmId));
  await actionsOf(page).getByRole('button', { name: 'Launch' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Launch farm' }).click();
  await expect(page.getByRole('link', { name: 'web #2' })).toBeVisible();
  // It goes back to the address without it.
  await expect(page.getByRole('dialog')).toBeHidden();
  await page.goto(paths.newFarm({ scope: 'account', accountId }));
  await expect(page.getByText('A farm belongs to an environment.')).toBeVisible();
});

test('by keyboard alone, the palette launches the farm of the page', async ({ page }) => {
  const { at, farmId, name } = await createFarm(page, undefined, false);
  await page.goto(paths.farm(at, farmId));
  await expect(actionsOf(page).getByRole('button', { name: 'Launch' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /^Search/ }).fill('launch');
  await expect(page.getByRole('option', { name: `Launch: ${name}` })).toBeVisible();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: `Launch ${name}?` });
  await expect(dialog.getByRole('button', { name: 'Launch farm' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('link', { name: 'web #1' })).toBeVisible();
});

test('an environment without farms leads to the form of one', async ({ page }) => {
  const { envId } = await createEnvironment(page);
  const at = { scope: 'environment', environmentId: envId } as const;
  await page.goto(paths.farms(at));
  await expect(page.getByRole('heading', { name: 'No farms here yet' })).toBeVisible();
  await page.getByRole('link', { name: 'New farm' }).last().click();
  await expect(page.getByRole('heading', { level: 1, name: 'New farm' })).toBeVisible();
});

test('the dialogs and forms of farms are accessible, and fit 320 px', async ({ page }) => {
  const { at, farmId, envId } = await createFarm(page);
  await post(page, `user/${envId}/farms/${farmId}/actions/lock/`, { lockComment: 'Frozen' });
  await page.goto(paths.farm(at, farmId, { dialog: 'add-role' }));
  await expect(page.getByRole('dialog')).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(paths.newFarm(at));
  await expect(page.getByRole('form', { name: 'New farm' })).toBeVisible();
  await checkAccessibility(page);
  await expectNoSidewaysScroll(page);
  await page.goto(paths.farm(at, farmId));
  await expect(page.getByRole('link', { name: 'web #1' })).toBeVisible();
  await expectNoSidewaysScroll(page);
});
