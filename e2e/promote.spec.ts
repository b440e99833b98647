import type { Page } from '@playwright/test';

import { checkAccessibility, expect, test } from './fixtures.ts';
import { createEnvironment, createRoleWith, post, registerImage } from './own-objects.ts';

/** What a list of the API holds. */
async function found(page: Page, path: string): Promise<{ id: number | string }[]> {
  const answer = await page.request.get(`/api/v1beta0/${path}`);
  return ((await answer.json()) as { data: { id: number | string }[] }).data;
}

test.describe('promoting', () => {
  test('a tested image out of a test environment shows it to the whole account', async ({
    page,
  }) => {
    const { accountId, envId, accountName } = await createEnvironment(page);
    await post(page, `account/${accountId}/environments/`, { name: 'production' });
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    await page.getByRole('button', { name: 'Promote' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: `Promote ${image.name}` });
    await expect(
      dialog.getByText(`${accountName} itself and its 1 other environment.`),
    ).toBeVisible();
    await checkAccessibility(page, '[role=dialog]');
    await dialog
      .getByRole('button', { name: 'Promote image and show it to 1 environment' })
      .press('Enter');
    await expect(
      page.getByText(new RegExp(`^${image.name} is at account ${accountName} now`)),
    ).toBeVisible();
    await expect(page).toHaveURL(`/accounts/${accountId}/images/${image.id}`);
    await page.goto(`/accounts/${accountId}/images?view=images`);
    await expect(page.getByRole('link', { name: image.name, exact: true })).toBeVisible();
  });

  test('a cloud image that is there already needs a merge, and then there is one', async ({
    page,
  }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const survivor = await post(page, `account/${accountId}/images/`, {
      name: `${image.name}-above`,
      cloudImageId: image.cloudImageId,
      cloudPlatform: 'ec2',
      cloudLocation: 'us-east-1',
      os: { id: 'ubuntu-24-04' },
      architecture: 'x86_64',
    });
    const role = await createRoleWith(page, envId, image.id);
    await page.goto(`/environments/${envId}/images/${image.id}?dialog=promote`);
    const dialog = page.getByRole('dialog');
    const promote = dialog.getByRole('button', { name: 'Promote image by merging it' });
    await expect(promote).toHaveAttribute('aria-disabled', 'true');
    await expect(dialog.getByRole('link', { name: `${image.name}-above` })).toBeVisible();
    await checkAccessibility(page, '[role=dialog]');
    await dialog.getByRole('checkbox', { name: 'Merge it into the image that is there' }).check();
    await promote.click();
    await expect(page).toHaveURL(`/accounts/${accountId}/images/${String(survivor['id'])}`);
    await expect(page.getByRole('link', { name: role })).toBeVisible();
  });

  test('a role brings its images along', async ({ page }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const role = await createRoleWith(page, envId, image.id);
    await page.goto(`/environments/${envId}/roles?query=${role}`);
    await page.getByRole('link', { name: role, exact: true }).click();
    await page.getByRole('button', { name: 'Promote' }).click();
    const dialog = page.getByRole('dialog', { name: `Promote ${role}` });
    await expect(dialog.getByRole('link', { name: image.name })).toBeVisible();
    await checkAccessibility(page, '[role=dialog]');
    await dialog.getByRole('button', { name: /^Promote role with 1 image/ }).click();
    await expect(page).toHaveURL(new RegExp(`/accounts/${accountId}/roles/\\d+$`));
    await page.goto(`/accounts/${accountId}/images/${image.id}`);
    await expect(page.getByRole('heading', { level: 1, name: image.name })).toBeVisible();
  });

  test('a role whose name is taken says where, and leads to renaming it', async ({ page }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    const role = await createRoleWith(page, envId, image.id);
    const other = await post(page, `account/${accountId}/environments/`, { name: 'other' });
    const taken = await post(page, `user/${Number(other['id'])}/roles/`, {
      name: role,
      os: { id: 'ubuntu-24-04' },
      category: { id: 1 },
    });
    await page.goto(`/environments/${envId}/roles?query=${role}`);
    await page.getByRole('link', { name: role, exact: true }).click();
    await expect(page).toHaveURL(/\/roles\/\d+$/);
    await page.goto(`${page.url()}?dialog=promote`);
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('button', { name: /^Promote role/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expect(dialog.getByText('The name is taken')).toBeVisible();
    await expect(dialog.getByRole('link', { name: role, exact: true })).toHaveAttribute(
      'href',
      new RegExp(`/roles/${String(taken['id'])}$`),
    );
    await expect(dialog.getByRole('link', { name: 'Rename this role first' })).toBeVisible();
  });

  test('an image and a role go back down to the environment that they came from', async ({
    page,
  }) => {
    const { accountId, envId } = await createEnvironment(page);
    await post(page, `account/${accountId}/environments/`, { name: 'other' });
    const image = await registerImage(page, envId);
    const role = await createRoleWith(page, envId, (await registerImage(page, envId)).id);
    const [{ id: roleId } = { id: 0 }] = await found(page, `user/${envId}/roles/?name=${role}`);
    await post(page, `user/${envId}/images/${image.id}/actions/promote/`, {});
    await post(page, `user/${envId}/roles/${roleId}/actions/promote/`, {});
    const objects = [
      { name: image.name, path: `images/${image.id}`, submit: 'Demote image' },
      { name: role, path: `roles/${roleId}`, submit: 'Demote role' },
    ];
    for (const { name, path, submit } of objects) {
      await page.goto(`/accounts/${accountId}/${path}`);
      await page.getByRole('button', { name: /^More actions/ }).click();
      await page.getByRole('menuitem', { name: 'Demote' }).click();
      const dialog = page.getByRole('dialog', { name: `Demote ${name}` });
      await expect(dialog.getByRole('button', { name: submit })).toHaveAttribute(
        'aria-disabled',
        'true',
      );
      await dialog.getByRole('combobox', { name: 'Environment' }).click();
      await page.getByRole('option', { name: 'test' }).click();
      await checkAccessibility(page, '[role=dialog]');
      await dialog.getByRole('button', { name: /^Demote to .*test$/ }).click();
      await expect(page).toHaveURL(`/environments/${envId}/${path}`);
      await expect(page.getByText(/ is at .*test now\./)).toBeVisible();
    }
    const back = await found(page, `user/${envId}/images/?scope=environment`);
    expect(back, 'the role took its image along').toHaveLength(2);
  });

  test('an image that is at the top already says so', async ({ page }) => {
    await page.goto('/corporate/images/8c12d2b8-6543-433f-a5bd-cfe4ca2d4579');
    await expect(page.getByRole('button', { name: 'Promote' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await expect(page.getByRole('button', { name: 'Promote' })).toHaveAccessibleDescription(
      /Corporate/,
    );
  });
});
