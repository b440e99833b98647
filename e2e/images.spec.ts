import type { Page } from '@playwright/test';

import {
  checkAccessibility,
  expect,
  expectNoSidewaysScroll,
  expectSettled,
  test,
} from './fixtures.ts';
import { createEnvironment, createRoleWith, registerImage, uniqueName } from './own-objects.ts';

function row(page: Page, name: string) {
  return page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
}

/** Opens the menu of a row and chooses from it. */
async function chooseAction(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

async function chooseFilter(page: Page, filter: string, option: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^Filter by ${filter}`) }).click();
  // A few options are a menu; more are a list to search.
  const found = page.getByRole('menuitemradio').or(page.getByRole('option'));
  await found.filter({ hasText: new RegExp(`^${option}`) }).click();
}

test.describe('the list of images', () => {
  test('shows who uses what, 18 rows on a small laptop', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto('/accounts/1/images?view=images');
    await expect(page.getByRole('row')).not.toHaveCount(0);
    await expect(page.getByRole('columnheader')).toContainText(
      ['Name', 'Scope', 'Location', 'OS', 'Arch.', 'Status', 'Roles', 'Servers'],
      { useInnerText: true },
    );
    const box = await page.getByRole('row').nth(18).boundingBox();
    expect((box?.y ?? Infinity) + (box?.height ?? 0)).toBeLessThanOrEqual(800);
    await checkAccessibility(page);
  });

  test('keeps search, filters and order in the address, and Back restores them', async ({
    page,
  }) => {
    await page.goto('/corporate/images?view=images');
    await chooseFilter(page, 'Location', 'EC2 us-east-1');
    await expect(page).toHaveURL(/cloud=ec2&location=us-east-1/);
    await chooseFilter(page, 'Status', 'Deprecated');
    await page.getByRole('button', { name: 'Name' }).click();
    await expect(page).toHaveURL(/sort=name/);
    await expect(page.getByRole('columnheader', { name: 'Name' })).toHaveAttribute(
      'aria-sort',
      'ascending',
    );
    await page.getByRole('searchbox', { name: 'Search images' }).fill('0607-3');
    const name = 'fcos-44-20260607-3-1';
    await expect(row(page, name).first()).toContainText('Deprecated');
    await expect(page.getByText(/^2 images$/).first()).toBeVisible();

    await row(page, name).first().getByRole('link', { name, exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    await page.goBack();
    await expect(page.getByRole('searchbox', { name: 'Search images' })).toHaveValue('0607-3');
    await expect(
      page.getByRole('button', { name: 'Remove filter Status: Deprecated' }),
    ).toBeVisible();
    await expect(row(page, name)).toHaveCount(2);

    await page.getByRole('button', { name: 'Clear all' }).click();
    await expect(page).toHaveURL(/images\?view=images&sort=name$/);
  });

  test('finds a cloud image by its ID, and takes % for itself', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    const search = page.getByRole('searchbox', { name: 'Search images' });
    await search.fill('ami-01695f9dc8000aeb8');
    await expect(row(page, 'fcos-44-20260707-3-1')).toHaveCount(1);
    await search.fill('fcos%');
    await expect(page.getByRole('heading', { name: 'No images match' })).toBeVisible();
    await page.getByRole('button', { name: 'Remove Search: fcos%' }).click();
    await expect(search).toHaveValue('');
    await expect(page.getByRole('row').nth(2)).toBeVisible();
  });

  test('keeps every letter that is typed while it searches', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    await expect(page.getByRole('row').nth(2)).toBeVisible();
    const search = page.getByRole('searchbox', { name: 'Search images' });
    // A little longer apart than the pause after which it searches: answers come in between.
    for (const delay of [84, 88, 92, 96, 100, 104, 108, 112]) {
      await search.fill('');
      await search.pressSequentially('fcos-44-2026', { delay });
      await expect(page).toHaveURL(/query=fcos-44-2026$/);
      await expect(search).toHaveValue('fcos-44-2026');
    }
  });

  test('goes on to the next page and back', async ({ page }) => {
    await page.goto('/corporate/images?view=images&sort=name&pageSize=25');
    const table = page.getByRole('table', { name: 'Images' });
    const names = () => table.getByRole('row').getByRole('link').allTextContents();
    await expect(table.getByRole('row')).toHaveCount(26);
    const first = await names();
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page).toHaveURL(/cursor=/);
    await expectSettled(table);
    await expect(page.getByRole('button', { name: 'Previous' })).toHaveCount(0);
    await expect(table.getByRole('row')).toHaveCount(26);
    await expect.poll(names).not.toEqual(first);
    await page.goBack();
    await expect(page).not.toHaveURL(/cursor=/);
    await expect.poll(names).toEqual(first);
  });

  test('is read, selected from and left by keyboard', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    await expect(page.getByRole('row').nth(3)).toBeVisible();
    const search = page.getByRole('searchbox', { name: 'Search images' });
    await expect(search).toBeVisible();
    await page.keyboard.press('/');
    await expect(search).toBeFocused();
    const second = page.getByRole('row').nth(2);
    await page.getByRole('row').nth(1).getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect(second.getByRole('checkbox')).toBeChecked();
    await expect(page.getByText('1 image selected')).toBeVisible();
    const name = await second.getByRole('link').first().textContent();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: name ?? '' })).toBeVisible();
  });

  test('becomes labelled rows on a phone, without scrolling sideways', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 700 });
    await page.goto('/environments/1/images?view=images');
    await expect(page.getByRole('row').nth(3)).toBeVisible();
    await expectNoSidewaysScroll(page);
    await checkAccessibility(page);
    await page.goto('/environments/1/images/8e9e9225-8024-473a-8905-4560db13f6ab');
    await expect(page.getByRole('heading', { name: 'Used by' })).toBeVisible();
    await expectNoSidewaysScroll(page);
    await page.goto('/environments/1/images/new');
    await expect(page.getByRole('textbox', { name: 'Name' })).toBeVisible();
    await expectNoSidewaysScroll(page);
  });
});

test.describe('many images at once', () => {
  test.use({ expectedErrors: [/status of 409/] });

  test('are deprecated, and each outcome is named', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const first = await registerImage(page, envId);
    const second = await registerImage(page, envId);
    await registerImage(page, envId, { deprecated: true });
    await page.goto(`/environments/${envId}/images?view=images&scope=environment`);
    await page.getByRole('checkbox', { name: /Select all/ }).check();
    await page.getByRole('button', { name: 'Deprecate 2 images' }).click();
    const dialog = page.getByRole('dialog', { name: 'Deprecate 2 images?' });
    await expect(dialog.getByText('It is deprecated already.')).toBeVisible();
    await checkAccessibility(page, '[role="dialog"]');
    await dialog.getByRole('button', { name: 'Deprecate 2 images' }).click();
    await expect(dialog.getByRole('status')).toHaveText('2 images deprecated.');
    for (const { name } of [first, second]) {
      await expect(dialog.getByRole('listitem').filter({ hasText: name })).toContainText(
        'deprecated',
      );
    }
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(row(page, first.name)).toContainText('Deprecated');
    await expect(page.getByText(/selected$/)).toHaveCount(0);
  });

  test('are deleted but for one that came into use meanwhile', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const free = await registerImage(page, envId);
    const used = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images?view=images&scope=environment`);
    await page.getByRole('checkbox', { name: `Select ${free.name}` }).check();
    await page.getByRole('checkbox', { name: `Select ${used.name}` }).check();
    await createRoleWith(page, envId, used.id);
    await page.getByRole('button', { name: 'Delete 2 images' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Delete 2 images' }).click();
    await expect(dialog.getByRole('status')).toHaveText('1 image deleted. 1 could not be.');
    await expect(dialog.getByRole('listitem').filter({ hasText: used.name })).toContainText(
      'is used by 1 role',
    );
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await expect(row(page, free.name)).toHaveCount(0);
    await expect(row(page, used.name)).toHaveCount(1);
  });
});

test.describe('registering an image', () => {
  test.use({ expectedErrors: [/status of 409/] });

  test('says what is wrong on the field, then leads to the image', async ({ page }) => {
    const { envId, accountName } = await createEnvironment(page);
    await page.goto(`/environments/${envId}/images?view=images`);
    await page.getByRole('link', { name: 'Register image' }).click();
    const submit = page.getByRole('button', { name: `Register image in ${accountName} / test` });
    await submit.click();
    await expect(page.getByRole('combobox', { name: 'Location' })).toBeFocused();
    const name = page.getByRole('textbox', { name: 'Name' });
    await expect(name).toHaveAccessibleDescription(/at least 2 characters/);
    await checkAccessibility(page);

    await name.fill('web_1');
    await name.blur();
    await expect(name).toHaveAccessibleDescription(/letters, digits and dashes only/);
    const own = uniqueName('nginx');
    await name.fill(own);
    await page.getByRole('combobox', { name: 'Location' }).fill('eu-west-1');
    await page.getByRole('textbox', { name: 'Cloud image ID' }).fill(`ami-${own}`);
    await page.getByRole('checkbox', { name: /This is right/ }).check();
    await page.getByRole('combobox', { name: 'Operating system' }).selectOption('ubuntu-24-04');
    await page.getByRole('combobox', { name: 'Architecture' }).selectOption('aarch64');
    await submit.click();
    await expect(page.getByText(`${own} is registered in ${accountName} / test.`)).toBeVisible();
    await expect(page.getByRole('heading', { level: 1, name: own })).toBeVisible();
    await expect(page.getByText('aarch64')).toBeVisible();
    await expect(page.getByText(/^not checked/)).toBeVisible();
  });

  test('of a cloud image that is registered already leads to that image', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const other = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/new?from=${other.id}`);
    await expect(page.getByText(`A new version of ${other.name}`)).toBeVisible();
    await expect(page.getByRole('combobox', { name: 'Location' })).toHaveValue('us-east-1');
    await page.getByRole('textbox', { name: 'Name' }).fill('nginx-2');
    await page.getByRole('textbox', { name: 'Cloud image ID' }).fill(other.cloudImageId);
    await page.getByRole('button', { name: /^Register image in/ }).click();
    const alert = page.getByRole('alert');
    await expect(alert).toContainText('is already registered at the Environment scope');
    await expect(page.getByRole('textbox', { name: 'Cloud image ID' })).toBeFocused();
    await alert.getByRole('link').click();
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await expect(page.getByRole('heading', { level: 1, name: other.name })).toBeVisible();
  });

  test('advises on the name while it is typed, and refuses nothing', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    await page.goto(`/environments/${envId}/images/new`);
    const name = page.getByRole('textbox', { name: 'Name' });
    await expect(name).toHaveAccessibleDescription(/software on it and its version/);
    await page.getByRole('combobox', { name: 'Operating system' }).selectOption('ubuntu-24-04');
    const own = uniqueName('ubuntu-nginx');
    await name.pressSequentially(own);
    await expect(name).toHaveAccessibleDescription(/You can leave out its OS/);
    await page.getByRole('combobox', { name: 'Cloud' }).selectOption('gce');
    await expect(page.getByRole('combobox', { name: 'Location' })).toHaveCount(0);
    await page.getByRole('textbox', { name: 'Cloud image ID' }).fill(own);
    await page.getByRole('button', { name: /^Register image in/ }).click();
    await expect(page.getByRole('heading', { level: 1, name: own })).toBeVisible();
    await expect(page.getByText('all locations').first()).toBeVisible();
  });
});

test.describe('the page of an image', () => {
  test('says what uses it, where else it is and what took its place', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    await page.getByRole('searchbox', { name: 'Search images' }).fill('0607-3-1');
    await chooseFilter(page, 'Location', 'EC2 us-east-1');
    const x86 = row(page, 'fcos-44-20260607-3-1').filter({ hasText: /us-east-1.*x86_64/ });
    await x86.getByRole('link').first().click();
    await expect(page.getByText(/Deprecated .* by /)).toBeVisible();
    await expect(page.getByRole('table', { name: 'Farms that use it' })).toBeVisible();
    const twins = page.getByRole('table', { name: 'The same image in other places' });
    await expect(twins.getByRole('link', { name: 'EC2 eu-west-1' })).toBeVisible();
    const successors = page.getByRole('table', { name: 'Replaced by' });
    await expect(successors.getByRole('link', { name: /^Replaced in/ }).first()).toHaveAttribute(
      'href',
      /\/corporate\/replacements\//,
    );
    await expect(page.getByRole('table', { name: 'It replaced' })).toBeVisible();
    await page.mouse.wheel(0, 10_000);
    const actions = page.getByRole('region', { name: 'Actions' });
    await expect(actions.getByRole('button', { name: 'Replace' })).toBeInViewport();
    await expect(actions.getByRole('button', { name: 'Promote' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await twins.getByRole('link', { name: 'EC2 eu-west-1' }).click();
    await expect(page.getByText('eu-west-1').first()).toBeVisible();
  });

  test('can be used by everybody', async ({ page }) => {
    await page.goto('/environments/1/images/8e9e9225-8024-473a-8905-4560db13f6ab');
    await expect(page.getByRole('table', { name: 'The same image in other places' })).toBeVisible();
    await checkAccessibility(page);
    for (const dialog of ['rename', 'copy', 'deprecate', 'delete']) {
      await page.goto(
        `/environments/1/images/8e9e9225-8024-473a-8905-4560db13f6ab?dialog=${dialog}`,
      );
      await expect(page.getByRole('dialog')).toBeVisible();
      await checkAccessibility(page, '[role="dialog"]');
    }
  });
});

test.describe('an image', () => {
  test.use({ expectedErrors: [/status of 40[49]|ApiError: Image \S+ was deleted/] });

  test('is renamed and described', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    const more = page.getByRole('button', { name: /^More actions/ });
    await more.click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const dialog = page.getByRole('dialog');
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await expect(name).toBeFocused();
    const other = uniqueName('proxy');
    await name.fill(other);
    await dialog.getByRole('textbox', { name: 'Description' }).fill('Behind the firewall');
    await dialog.getByRole('button', { name: 'Save name and description' }).click();
    await expect(page.getByRole('heading', { level: 1, name: other })).toBeVisible();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText('Behind the firewall')).toBeVisible();
    await expect(more).toBeFocused();
  });

  test('is deprecated with a reason and a successor, and restored', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const next = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images?view=images&scope=environment`);
    await chooseAction(page, image.name, 'Deprecate');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('Has an old OpenSSL');
    await dialog.getByRole('combobox', { name: 'Use instead' }).fill(next.cloudImageId);
    await page.getByRole('option', { name: next.name }).click();
    await dialog.getByRole('button', { name: 'Deprecate image' }).click();
    await expect(row(page, image.name)).toContainText('Deprecated');

    await row(page, image.name).getByRole('link').first().click();
    await expect(page.getByText(/Reason: Has an old OpenSSL/)).toBeVisible();
    await expect(page.getByRole('link', { name: next.name })).toBeVisible();
    await page.getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Restore' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Restore image' }).click();
    await expect(page.getByText(/Reason: Has an old OpenSSL/)).toHaveCount(0);
  });

  test('that is used cannot be deleted, and everything in the way is linked, by kind and scope', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const role = await createRoleWith(page, envId, image.id);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    await expect(page.getByRole('table', { name: 'Roles that use it' })).toContainText(role);
    await page.getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('is used by 1 role');
    await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await expect(dialog.getByRole('button', { name: 'Delete image' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    const group = dialog.getByRole('list', { name: '1 role' });
    await expect(group).toContainText('Environment test');
    await checkAccessibility(page, '[role=dialog]');
    const blocker = group.getByRole('link', { name: `role ${role}` });
    await expect(blocker).toHaveAttribute('href', new RegExp(`/environments/${envId}/roles/\\d+$`));
  });

  test('that nothing uses is deleted, and is not found afterwards', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const address = `/environments/${envId}/images/${image.id}`;
    await page.goto(`${address}?dialog=delete`);
    await page.getByRole('button', { name: 'Delete image' }).click();
    await expect(page.getByText(`${image.name} is deleted here.`)).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`/environments/${envId}/images$`));
    await page.goto(address);
    await expect(
      page.getByText(`Image "${image.name}" was deleted by corporate-admin@example.com`),
    ).toBeVisible();
  });

  test('of an environment is deleted from its cloud as well', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}?dialog=delete`);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('checkbox', { name: /Also delete the machine image/ }).check();
    await dialog.getByRole('button', { name: 'Delete image and machine image' }).click();
    await expect(page.getByText(/is being deleted from EC2/)).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`/environments/${envId}/images$`));
  });
});

test.describe('somebody who may only look', () => {
  test.use({ user: 'viewer@example.com' });

  test('sees every action with the right that is missing', async ({ page }) => {
    await page.goto('/accounts/1/images?view=images&scope=account');
    const register = page.getByRole('button', { name: 'Register image' });
    await expect(register).toHaveAttribute('aria-disabled', 'true');
    await expect(register).toHaveAccessibleDescription(/you need the role/);
    await page
      .getByRole('button', { name: /^Actions for/ })
      .first()
      .click();
    for (const action of [
      'Promote',
      'Replace',
      'New version',
      'Copy to',
      'Deprecate',
      'Rename',
      'Delete',
    ]) {
      const item = page.getByRole('menuitem', { name: action });
      await expect(item).toHaveAttribute('aria-disabled', 'true');
      await expect(item).toHaveAccessibleDescription(/you need the role/);
    }
    await page.keyboard.press('Escape');
    await page.goto('/accounts/1/images/new');
    await expect(page.getByRole('heading', { name: /You cannot register images/ })).toBeVisible();
  });
});
