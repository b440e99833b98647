import type { Locator, Page } from '@playwright/test';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, openAsNew, post, registerImage, uniqueName } from './own-objects.ts';

const places = ['us-east-1', 'eu-west-1', 'us-west-2'];

interface OwnVersion {
  name: string;
  images: string[];
}

/** A version of the test's own in three places of an environment. */
async function registerVersion(page: Page, envId: number): Promise<OwnVersion> {
  const name = uniqueName('shop');
  const images: string[] = [];
  for (const cloudLocation of places)
    images.push((await registerImage(page, envId, { name, cloudLocation })).id);
  return { name, images };
}

/** A role of the environment, which holds these images. */
async function createRole(page: Page, envId: number, images: readonly string[] = []) {
  const name = uniqueName('role');
  const role = await post(page, `user/${envId}/roles/`, {
    name,
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  const id = Number(role['id']);
  for (const image of images)
    await post(page, `user/${envId}/roles/${id}/images/`, { image: { id: image } });
  return { id, name };
}

async function openVersion(page: Page, envId: number, { name }: OwnVersion): Promise<void> {
  await page.goto(`/environments/${envId}/images?query=${name}`);
  await page.getByRole('link', { name, exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

async function choose(page: Page, action: string): Promise<Locator> {
  await page
    .getByRole('region', { name: 'Actions' })
    .getByRole('button', { name: /^More/ })
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
  return page.getByRole('dialog');
}

/** Presses Tab until the focus is on it. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let press = 0; press < 60; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error('The keyboard does not reach it');
}

test('a tested version is promoted with all its places, after telling who will see it', async ({
  page,
}) => {
  const { accountId, envId, accountName } = await createEnvironment(page);
  await post(page, `account/${accountId}/environments/`, { name: 'production' });
  const version = await registerVersion(page, envId);
  await openVersion(page, envId, version);
  await page
    .getByRole('region', { name: 'Actions' })
    .getByRole('button', { name: 'Promote' })
    .click();
  const dialog = page.getByRole('dialog', { name: `Promote ${version.name}` });
  await expect(
    dialog.getByText(`${accountName} itself and its 1 other environment.`),
  ).toBeVisible();
  await dialog.getByText('Who they are').click();
  await expect(dialog.getByText('production')).toBeVisible();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'is moved' })).toHaveCount(3);
  await dialog.getByText('As command').click();
  await expect(dialog.getByText(/image-sets\/\d+\/actions\/promote\//)).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await dialog
    .getByRole('button', { name: 'Promote 3 images and show them to 1 environment' })
    .click();
  await expect(page).toHaveURL(new RegExp(`/accounts/${accountId}/image-sets/\\d+$`));
  await expect(page.getByText('3 images in 3 places')).toBeVisible();
});

test('what is promoted by mistake is demoted, and not while something outside uses it', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const other = await post(page, `account/${accountId}/environments/`, { name: 'other' });
  const version = await registerVersion(page, envId);
  await openVersion(page, envId, version);
  const setId = page.url().split('/').at(-1);
  const moved = await post(page, `user/${envId}/image-sets/${setId}/actions/promote/`, {});
  const { id } = moved['imageSet'] as { id: number };
  const user = await createRole(page, Number(other['id']), version.images.slice(0, 1));

  await page.goto(`/accounts/${accountId}/image-sets/${id}`);
  const dialog = await choose(page, 'Demote');
  await dialog.getByRole('combobox', { name: 'Environment' }).click();
  await page.getByRole('option', { name: 'test' }).click();
  await expect(dialog.getByRole('list', { name: '1 role' })).toContainText(user.name);
  await expect(dialog.getByRole('button', { name: /^Demote to/ })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByRole('checkbox', { name: 'Leave out what cannot be moved' }).check();
  await dialog.getByRole('button', { name: /^Demote to/ }).click();
  const answer = page.getByRole('dialog', { name: /^2 images are moved, and 1 was left out/ });
  await expect(answer.getByRole('listitem').filter({ hasText: 'is left out' })).toHaveCount(1);
  await answer.getByRole('button', { name: 'Close' }).last().click();
  await expect(page).toHaveURL(new RegExp(`/environments/${envId}/image-sets/\\d+$`));
  await expect(page.getByText('2 images in 2 places')).toBeVisible();
});

test('a version is deprecated with a reason, wholly restored, and partly deprecated', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  await openVersion(page, envId, version);
  const dialog = await choose(page, 'Deprecate');
  await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('A hole in openssl');
  await dialog.getByRole('button', { name: 'Deprecate 3 images' }).click();
  await expect(page.getByText('All its 3 images are deprecated.')).toBeVisible();

  await choose(page, 'Restore');
  await dialog.getByRole('button', { name: 'Restore 3 images' }).click();
  await expect(page.getByText('All its 3 images are deprecated.')).toBeHidden();

  const matrix = page.getByRole('table', { name: 'Images by place and architecture' });
  await matrix.getByRole('checkbox', { name: /us-east-1/ }).check();
  const selection = page.getByRole('region', { name: 'Selection' });
  await expect(selection).toContainText('1 image selected');
  await selection.getByRole('button', { name: 'Deprecate' }).click();
  await dialog.getByRole('button', { name: 'Deprecate 1 image' }).click();
  await expect(page.getByText('1 of its 3 images are deprecated.')).toBeVisible();
});

test('a version is renamed from the list, and its page is that of the new name', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  await page.goto(`/environments/${envId}/images?query=${version.name}`);
  await page.getByRole('button', { name: `Actions for ${version.name}` }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  const dialog = page.getByRole('dialog', { name: `Rename ${version.name}` });
  const name = uniqueName('checkout');
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByRole('textbox', { name: 'Description' }).fill('With the new basket');
  await dialog.getByRole('button', { name: 'Save name and description' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('3 images in 3 places')).toBeVisible();
});

test('a version is copied to the regions that it is missing in', async ({ page }) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  await openVersion(page, envId, version);
  const dialog = await choose(page, 'Copy to missing places');
  await dialog.getByRole('combobox', { name: 'Regions' }).fill('eu-central');
  await page.getByRole('option', { name: 'eu-central-1' }).click();
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Make 1 copy' }).click();
  await expect(page.getByText('4 images in 4 places')).toBeVisible();
});

test('a version comes into a role in all its places, and a hole is filled from the version beside it', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  const role = await createRole(page, envId);
  await openVersion(page, envId, version);
  await page.getByRole('button', { name: 'Add to a role' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'Role' }).fill(role.name);
  await page.getByRole('option', { name: role.name }).click();
  await dialog.getByRole('button', { name: 'Add 3 images' }).click();
  await expect(dialog).toBeHidden();

  await page.goto(`/environments/${envId}/roles/${role.id}`);
  await expect(page.getByRole('heading', { name: 'Images in 3 locations' })).toBeVisible();
  await page.getByRole('button', { name: 'Actions for EC2 us-west-2' }).click();
  await page.getByRole('menuitem', { name: 'Remove from this role' }).click();
  await dialog.getByRole('button', { name: 'Remove from 1 role' }).click();
  await page.getByRole('button', { name: `Fill with ${version.name} in EC2 us-west-2` }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  await dialog.getByRole('button', { name: 'Add 1 image' }).click();
  await expect(page.getByRole('heading', { name: 'Images in 3 locations' })).toBeVisible();
});

test('what keeps a version from being deleted is cleared from its list, by keyboard alone, until it is deleted', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  const first = await createRole(page, envId, version.images);
  const second = await createRole(page, envId, version.images.slice(0, 1));
  await openVersion(page, envId, version);
  await tabTo(page, page.getByRole('button', { name: `More actions for ${version.name}` }));
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: `Delete ${version.name}?` });
  const submit = dialog.getByRole('button', { name: /^Delete \d images?$/ });
  await expect(submit).toHaveAttribute('aria-disabled', 'true');
  // A role that holds several of them stands in the list once for each.
  const holders = [first, first, first, second];
  for (const [cleared, { name }] of holders.entries()) {
    // What was cleared leaves the list a moment after its dialog is gone.
    const buttons = dialog.getByRole('button', { name: /^Remove from role / });
    await expect(buttons).toHaveCount(holders.length - cleared);
    await tabTo(page, dialog.getByRole('button', { name: `Remove from role ${name}` }).first());
    await page.keyboard.press('Enter');
    const clearing = page.getByRole('dialog', { name: `Remove ${version.name} from ${name}?` });
    await tabTo(page, clearing.getByRole('button', { name: 'Remove from 1 role' }));
    await page.keyboard.press('Enter');
    await expect(clearing).toBeHidden();
  }
  await expect(dialog.getByText('stands in the way')).toBeHidden();
  await tabTo(page, dialog.getByRole('button', { name: 'Delete 3 images' }));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`/environments/${envId}/images`);
  await expect(page.getByText('3 images are deleted.')).toBeVisible();
});

test('a version is protected, and cannot be deleted until that is ended', async ({ page }) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  await openVersion(page, envId, version);
  let dialog = await choose(page, 'Protect');
  await dialog.getByLabel('Reason (optional)').fill('Audit until May');
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Protect 3 images' }).click();
  const isProtected = page.getByRole('main').getByText('Protected', { exact: true });
  await expect(isProtected).toBeVisible();
  await page
    .getByRole('region', { name: 'Actions' })
    .getByRole('button', { name: /^More/ })
    .click();
  await expect(page.getByRole('menuitem', { name: /^Delete/ })).toContainText(
    'End its protection first',
  );
  await page.keyboard.press('Escape');
  dialog = await choose(page, 'End protection');
  await dialog.getByRole('button', { name: 'End protection of 3 images' }).click();
  await expect(isProtected).toHaveCount(0);
});

test.describe('the page of what is being deleted', () => {
  // What a page still shows may be gone when it is read again.
  test.use({ expectedErrors: [/status of 404/] });

  test('a version is deleted with its machine images, and gone once its cloud has deleted them', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const version = await registerVersion(page, envId);
    await openVersion(page, envId, version);
    const dialog = await choose(page, 'Delete');
    await dialog.getByRole('checkbox', { name: /^Also delete the machine images/ }).check();
    await expect(dialog.getByText(/That cannot be undone/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Delete 3 images and their machine images' }).click();
    await expect(page.getByText('3 images are being deleted from the cloud.')).toBeVisible();
    await expect
      .poll(async () => {
        const path = `/api/v1beta0/user/${envId}/images/?name=${version.name}`;
        return ((await (await page.request.get(path)).json()) as { data: unknown[] }).data;
      })
      .toEqual([]);
    await page.goto(`/environments/${envId}/images?query=${version.name}`);
    await expect(page.getByRole('link', { name: version.name })).toHaveCount(0);
  });
});

test('what stands in the way where one may not look is a count with its scope', async ({
  page,
  browser,
}) => {
  const { envId, accountName } = await createEnvironment(page);
  const name = uniqueName('shop');
  const image = await registerImage(page, envId, { name });
  const scope = `environment:${accountName}/test`;
  const theirs = await openAsNew(browser, 'publisher', scope);
  await openVersion(theirs, envId, { name, images: [image.id] });
  const dialog = await choose(theirs, 'Delete');
  await dialog.getByRole('checkbox', { name: /^Also delete the machine images/ }).check();
  const submit = dialog.getByRole('button', { name: 'Delete 1 image and its machine image' });
  await expect(submit).not.toHaveAttribute('aria-disabled', 'true');

  const elsewhere = await createEnvironment(page);
  await registerImage(page, elsewhere.envId, { cloudImageId: image.cloudImageId });
  await submit.click();
  await expect(dialog.getByText('1 object that you may not see')).toBeVisible();
  await expect(
    dialog.getByText('1 at Environment: somebody who may see them there can clear them.'),
  ).toBeVisible();
  await expect(dialog).not.toContainText(elsewhere.accountName);
  await checkAccessibility(theirs, '[role=dialog]');
  await theirs.context().close();
});

test('a role that a farm uses is taken out of it from the list, and deleted', async ({ page }) => {
  const { envId } = await createEnvironment(page);
  const image = await registerImage(page, envId);
  const role = await createRole(page, envId, [image.id]);
  const farm = await post(page, `user/${envId}/farms/`, { name: uniqueName('farm') });
  await post(page, `user/${envId}/farms/${Number(farm['id'])}/farm-roles/`, {
    alias: 'web-1',
    role: { id: role.id },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    instanceType: { id: 'm7g.large' },
  });
  await page.goto(`/environments/${envId}/roles/${role.id}?dialog=delete`);
  const dialog = page.getByRole('dialog', { name: `Delete ${role.name}?` });
  await expect(dialog.getByRole('button', { name: 'Delete role' })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await dialog.getByRole('button', { name: /^Remove from farm web-1/ }).click();
  const clearing = page.getByRole('dialog', { name: /^Remove web-1 of farm/ });
  await checkAccessibility(page, '[role=dialog]');
  await clearing.getByRole('button', { name: 'Remove from farm' }).click();
  await dialog.getByRole('button', { name: 'Delete role' }).click();
  await expect(page).toHaveURL(`/environments/${envId}/roles`);
});

test('the dialogs about a version are accessible and fit 320 px', async ({ page }) => {
  const { envId } = await createEnvironment(page);
  const version = await registerVersion(page, envId);
  await createRole(page, envId, version.images);
  await openVersion(page, envId, version);
  await page.getByRole('checkbox', { name: /us-east-1/ }).check();
  await checkAccessibility(page);
  const address = page.url();
  for (const name of ['add-to-role', 'copy', 'rename', 'deprecate', 'promote', 'delete']) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${address}?dialog=${name}`);
    await expect(page.getByRole('dialog')).toBeVisible();
    await expect(page.getByText(/^Working out/)).toHaveCount(0);
    await checkAccessibility(page, '[role=dialog]');
    await page.setViewportSize({ width: 320, height: 700 });
    await expectNoSidewaysScroll(page);
  }
});
