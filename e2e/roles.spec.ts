import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';

async function chooseCategory(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Category' }).fill(name);
  await page.getByRole('option', { name: new RegExp(`^${name}`) }).click();
}

const account = { scope: 'account', accountId: 1 } as const;
const coreOs = 'Fedora CoreOS';
const older = 'fcos-44-20260621-3-1';
const newest = 'fcos-44-20260707-3-1';

test.use({ user: 'account-owner@example.com' });

function randomName(what: string): string {
  return `${what}-${randomUUID().slice(0, 8)}`;
}

/** Fills in the form and lands on the page of the new role. */
async function createRole(page: Page, name: string): Promise<void> {
  await page.goto(paths.newRole(account));
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('combobox', { name: 'Operating system' }).selectOption(coreOs);
  await chooseCategory(page, 'App servers');
  await page.getByRole('button', { name: 'Create role in Storefront' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function addImage(page: Page, location: string, image: string): Promise<void> {
  await page.getByRole('button', { name: `Add image in ${location}` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Image' }).fill(image);
  await page.getByRole('option').filter({ hasText: image }).filter({ hasText: 'x86_64' }).click();
  await dialog.getByRole('button', { name: 'Add image' }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, location).getByRole('link', { name: image })).toBeVisible();
}

function rowOf(page: Page, location: string) {
  const table = page.getByRole('table', { name: 'Images by location' });
  return table.getByRole('row').filter({ hasText: location });
}

async function choose(page: Page, action: string): Promise<void> {
  await page
    .getByRole('region', { name: 'Actions' })
    .getByRole('button', { name: /^More/ })
    .click();
  await page.getByRole('menuitem', { name: action }).click();
}

/** What a click in the middle of it reaches, if that is not itself, and where it is. */
function whatCovers(element: HTMLElement | SVGElement): string | undefined {
  const { left, top, width, height } = element.getBoundingClientRect();
  const reached = document.elementFromPoint(left + width / 2, top + height / 2);
  return element.contains(reached)
    ? undefined
    : `${reached?.outerHTML.slice(0, 300)} at ${left}, ${top}, ${width} x ${height}`;
}

test('a role is created, given images in two places, and one of them is replaced', async ({
  page,
}) => {
  const name = randomName('search-2');
  await createRole(page, name);
  await addImage(page, 'EC2 us-east-1', older);
  await addImage(page, 'EC2 eu-west-1', older);
  await expect(page.getByRole('heading', { name: 'Images in 2 locations' })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for EC2 us-east-1' }).click();
  await page.getByRole('menuitem', { name: 'Replace in this role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'New image' }).fill(newest);
  // The image itself is read late: by then it is being replaced already.
  const replaced = page.waitForRequest(/\/actions\/replace\/$/);
  await page.route(/\/images\/[\da-f-]{36}\/\?/, async (route) => {
    await replaced;
    await route.continue();
  });
  // Options elsewhere say "us-east-1" too, as the reason why they are refused: the name tells them apart.
  await page
    .getByRole('option', { name: new RegExp(`^${newest} .*EC2 us-east-1 · .* · x86_64`) })
    .click();
  await dialog.getByRole('button', { name: 'Replace in 1 role' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText(`new servers in EC2 us-east-1 start from ${newest}`)).toBeVisible();
  await expect(rowOf(page, 'us-east-1').getByRole('link', { name: newest })).toBeVisible();
  await expect(rowOf(page, 'eu-west-1').getByRole('link', { name: older })).toBeVisible();

  await page.getByRole('button', { name: 'Actions for EC2 eu-west-1' }).click();
  await page.getByRole('menuitem', { name: 'Remove from this role' }).click();
  await page.getByRole('button', { name: 'Remove from 1 role' }).click();
  await expect(page.getByRole('heading', { name: 'Images in 1 location' })).toBeVisible();
});

test('a new role gets a version in all its places, and fills holes from another; what is behind says so', async ({
  page,
}) => {
  const name = randomName('fleet-1');
  await page.goto(paths.newRole(account));
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.getByRole('combobox', { name: 'Operating system' }).selectOption(coreOs);
  await chooseCategory(page, 'App servers');
  const version = page.getByRole('combobox', { name: 'Version' });
  await version.fill('20260621-2-1');
  await page.getByRole('option', { name: /^fcos-44-20260621-2-1 .*6 places/ }).click();
  await page.getByRole('button', { name: 'Create role in Storefront' }).click();
  const dialog = page.getByRole('dialog', { name: `Add a version to ${name}` });
  await expect(dialog.getByRole('combobox', { name: 'Version' })).toHaveValue(
    'fcos-44-20260621-2-1',
  );
  await expect(dialog.getByRole('listitem').filter({ hasText: 'is added' })).toHaveCount(6);
  await dialog.getByRole('button', { name: 'Add 6 images' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole('heading', { name: 'Images in 6 locations' })).toBeVisible();
  const behind = rowOf(page, 'us-east-1');
  await expect(behind).toContainText('behind');

  await page.getByRole('button', { name: 'Add version' }).click();
  await dialog.getByRole('combobox', { name: 'Version' }).fill(newest);
  await page.getByRole('option', { name: new RegExp(`^${newest} .*newest of its line`) }).click();
  await dialog.getByRole('combobox', { name: 'Architecture' }).selectOption('x86_64');
  await expect(dialog.getByRole('listitem').filter({ hasText: 'already' })).toHaveCount(6);
  await dialog.getByRole('button', { name: /^Add \d+ images$/ }).click();
  await expect(dialog).toBeHidden();
  await expect(rowOf(page, 'us-west-1').getByRole('link', { name: newest })).toBeVisible();
  await expect(rowOf(page, 'us-west-1')).not.toContainText('behind');
  await expect(rowOf(page, 'us-east-1').getByRole('link', { name: '20260621-2-1' })).toBeVisible();

  await page.goto(paths.roles(account, { view: 'matrix', query: name }));
  const matrix = page.getByRole('table', { name: 'Roles by location' });
  await expect(
    matrix.getByRole('link', { name: `fcos-44-20260621-2-1, behind ${newest}` }),
  ).toHaveCount(6);
  await page.goto(paths.roles(account, { query: name }));
  await page.getByRole('main').getByRole('table').getByRole('link', { name }).click();
  await behind.getByRole('link', { name: newest }).click();
  await expect(page).toHaveURL(/\/image-sets\/\d+$/);
  await expect(page.getByRole('heading', { level: 1, name: newest })).toBeVisible();
});

test('a role is cloned, deprecated in favour of the copy, and restored', async ({ page }) => {
  const name = randomName('queue-1');
  const copy = randomName('queue-2');
  await createRole(page, name);
  await addImage(page, 'EC2 us-east-1', newest);

  await page.getByRole('button', { name: 'Clone', exact: true }).click();
  await page.getByRole('textbox', { name: 'Name of the copy' }).fill(copy);
  await page.getByRole('button', { name: 'Clone role with 1 image' }).click();
  await expect(page.getByRole('heading', { level: 1, name: copy })).toBeVisible();
  await expect(rowOf(page, 'us-east-1').getByRole('link', { name: newest })).toBeVisible();

  await page.goto(paths.roles(account, { query: name }));
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Deprecate' }).click();
  await page.getByRole('textbox', { name: 'Reason' }).fill('The copy has the new index.');
  await page.getByRole('combobox', { name: 'Use instead' }).fill(copy);
  await page.getByRole('option', { name: copy }).click();
  await page.getByRole('button', { name: 'Deprecate role' }).click();
  // Held by the pointer, the announcement stays: it must not cover the menu that is opened next.
  const announced = page.getByText(`${copy} is named instead.`);
  await announced.hover();

  await page.getByRole('link', { name, exact: true }).press('Enter');
  await expect(page.getByText('Reason: The copy has the new index.')).toBeVisible();
  await page.getByRole('button', { name: /^More/ }).press('Enter');
  const restore = page.getByRole('menuitem', { name: 'Restore' });
  await expect(restore).toBeVisible();
  await expect.poll(() => restore.evaluate(whatCovers)).toBeUndefined();
  await expect(announced).toBeVisible();
  await restore.click();
  await page.getByRole('button', { name: 'Restore role' }).click();
  await expect(page.getByText(`${name} is active again`)).toBeVisible();

  await choose(page, 'Delete');
  await page.getByRole('button', { name: 'Delete role' }).click();
  await expect(page.getByText(`${name} is deleted. Its 1 image stayed.`)).toBeVisible();
  await expect(page).toHaveURL(paths.roles(account));
});

test('a menu stays in sight where the page moves beneath it', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 2000 });
  await page.goto(paths.roles(account));
  await page.getByRole('table').getByRole('link').first().press('Enter');
  const more = page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: /^More/ });
  const last = page.getByRole('menuitem').last();
  await more.focus();
  // From the second time on, its place was kept once chosen.
  await page.keyboard.press('Enter');
  await expect(last).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(last).toBeHidden();
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(last).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 1280, height: 600 });
  await expect(more).toBeInViewport({ ratio: 1 });
  await expect(last).toBeInViewport({ ratio: 1 });
});

test.describe('refusals', () => {
  test.use({ expectedErrors: [/status of 409/] });

  test('an image with another operating system is refused in words', async ({ page }) => {
    const name = randomName('cache-1');
    await createRole(page, name);
    await page.getByRole('button', { name: 'Add image', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: 'Offer images that do not fit as well' }).check();
    await dialog.getByRole('combobox', { name: 'Image' }).fill('postgresql-16');
    await page.getByRole('option').filter({ hasText: 'postgresql-16' }).first().click();
    await dialog.getByRole('button', { name: 'Add image' }).click();
    await expect(dialog.getByText(`but role "${name}" is for ${coreOs}.`)).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('heading', { name: 'Images in 0 locations' })).toBeVisible();
  });

  test('a role in use cannot be deleted, and the farms in the way are links', async ({ page }) => {
    await page.goto(paths.roles(account, { query: 'catalog-api' }));
    await page.getByRole('link', { name: 'catalog-api', exact: true }).click();
    await choose(page, 'Delete');
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: 'Delete role' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    const refusal = dialog.getByRole('paragraph').filter({ hasText: 'is used by farms' });
    await expect(refusal).toBeVisible();
    await expect(dialog.getByRole('list', { name: /^\d+ farm roles?$/ })).toContainText(
      'Environment',
    );
    await dialog.getByRole('link', { name: 'in farm' }).first().click();
    await expect(page.getByRole('heading', { name: 'What it is' })).toBeVisible();
    await expect(page).toHaveURL(/\/farms\/\d+$/);
  });

  test('a name that is taken is refused on its field', async ({ page }) => {
    await page.goto(paths.newRole(account));
    await page.getByRole('textbox', { name: 'Name' }).fill('catalog-api');
    await page.getByRole('combobox', { name: 'Operating system' }).selectOption(coreOs);
    await chooseCategory(page, 'Base');
    await page.getByRole('button', { name: 'Create role in Storefront' }).click();
    const field = page.getByRole('textbox', { name: 'Name' });
    await expect(field).toBeFocused();
    await expect(field).toHaveAccessibleDescription(/is called "catalog-api" already/);
  });
});

test('the list keeps its state in the address and shows the same roles by location', async ({
  page,
}) => {
  await page.goto(paths.roles(account));
  await page.getByRole('searchbox', { name: 'Search roles' }).fill('search-node');
  const table = page.getByRole('table', { name: 'Roles' });
  await expect(table.getByRole('link', { name: 'search-node', exact: true })).toBeVisible();
  await expect(page).toHaveURL(/query=search-node/);
  await page.getByText('By location', { exact: true }).click();
  const matrix = page.getByRole('table', { name: 'Roles by location' });
  const row = matrix.getByRole('row').filter({ hasText: 'search-node' });
  await expect(row.getByText('No image').first()).toBeAttached();
  await expect(row.getByRole('link', { name: /^fcos-/ })).not.toHaveCount(0);
  await page.reload();
  await expect(row).toBeVisible();
  await page.goBack();
  await expect(table).toBeVisible();
});

const views: Record<string, { address: string; sign: (page: Page) => Locator }> = {
  'the list': {
    address: paths.roles(account),
    sign: (page) => page.getByRole('link', { name: 'catalog-api', exact: true }),
  },
  'the list by location': {
    address: paths.roles(account, { view: 'matrix' }),
    sign: (page) => page.getByRole('table', { name: 'Roles by location' }),
  },
  'the form of a new role': {
    address: paths.newRole(account),
    sign: (page) => page.getByRole('form', { name: 'New role' }),
  },
  'a role': {
    address: paths.role(account, 23),
    sign: (page) => page.getByRole('link', { name: /^fcos-/ }).first(),
  },
  'the dialog that adds an image': {
    address: paths.role(account, 23, { dialog: 'add-image' }),
    sign: (page) => page.getByRole('dialog'),
  },
  'the dialog that adds a version': {
    address: paths.role(account, 23, { dialog: 'add-version' }),
    sign: (page) => page.getByRole('dialog'),
  },
  'the dialog that deprecates a role': {
    address: paths.role(account, 23, { dialog: 'deprecate' }),
    sign: (page) => page.getByRole('dialog'),
  },
};

for (const [name, { address, sign }] of Object.entries(views)) {
  test(`${name} is accessible and fits 320 px`, async ({ page }) => {
    await page.goto(address);
    await expect(sign(page)).toBeVisible();
    await checkAccessibility(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expect(sign(page)).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
}
