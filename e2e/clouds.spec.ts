import type { Page } from '@playwright/test';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, uniqueName } from './own-objects.ts';

test.use({ user: 'corporate-admin@example.com' });

async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click();
}

test('cloud credentials are added, tested, attached, given rights and deleted', async ({
  page,
}) => {
  const { accountId } = await createEnvironment(page);
  const name = uniqueName('cloud');
  await page.goto(`/accounts/${accountId}/images`);
  await page.getByRole('link', { name: 'Clouds' }).click();
  await page.getByRole('link', { name: 'Add cloud credentials' }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Client key')).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Add cloud credentials' }).click();
  await expect(dialog.getByText('Type a name first.')).toBeVisible();
  await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
  await dialog.getByLabel('Cloud').selectOption('Simulated cloud');
  await dialog.getByLabel('Platform').selectOption('EC2');
  await page.keyboard.press('Enter');

  const row = page.getByRole('row').filter({ hasText: name });
  await expect(row).toContainText('Not tested');
  await expect(row).toContainText('Read only');
  await choose(page, name, 'Test');
  await expect(dialog.getByText('The simulated cloud refuses nobody.').first()).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(row).toContainText('Working');

  await choose(page, name, 'Edit name and rights');
  await dialog.getByRole('checkbox', { name: 'Launch, resume and reboot servers' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(row).toContainText('1 of 7');

  await choose(page, name, 'Attach to environments');
  const find = dialog.getByRole('textbox', { name: 'Find an environment' });
  await find.fill('no such environment');
  await expect(dialog.getByText('No environment has this in its name.')).toBeVisible();
  await find.fill('test');
  await dialog.getByRole('button', { name: 'Attach to test' }).click();
  await expect(dialog.getByRole('button', { name: 'Detach from test' })).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(row).toContainText('test');
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  const deletion = page.getByRole('menuitem', { name: 'Delete' });
  await expect(deletion).toContainText('are used by 1 environment');
  await page.keyboard.press('Escape');

  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  await choose(page, name, 'Attach to environments');
  await dialog.getByRole('button', { name: 'Detach from test' }).click();
  await expect(dialog.getByRole('button', { name: 'Attach to test' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await choose(page, name, 'Delete');
  await dialog.getByRole('button', { name: 'Delete cloud credentials' }).click();
  await expect(page.getByText('No cloud credentials here yet')).toBeVisible();
});

test('what is shown of a secret in a command is not the secret', async ({ page }) => {
  const { accountId } = await createEnvironment(page);
  await page.goto(`/accounts/${accountId}/clouds?dialog=add`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Name' }).fill('LXD');
  await dialog.getByLabel('Address').fill('https://lxd.example.com:8443');
  await dialog.getByLabel('Client certificate').fill('a certificate');
  await dialog.getByLabel('Client key').fill('canary-4f1c');
  await dialog.getByText('As command').click();
  await expect(dialog.getByText('THE KEY').first()).toBeVisible();
  expect(await dialog.innerText()).not.toContain('canary-4f1c');
  await dialog.getByLabel('Cloud').selectOption('OpenStack');
  await dialog.getByRole('textbox', { name: 'Keystone' }).fill('https://keystone.example.com/v3');
  await dialog.getByRole('textbox', { name: 'User' }).fill('slipway');
  await dialog.getByRole('textbox', { name: 'Project' }).fill('fleet');
  await dialog.getByLabel('Password').fill('canary-4f1c');
  await expect(dialog.getByText('THE PASSWORD').first()).toBeVisible();
  await checkAccessibility(page, '[role=dialog]');
  expect(await dialog.innerText()).not.toContain('canary-4f1c');
});

test.describe('AWS', () => {
  // The server refuses a region.
  test.use({ expectedErrors: [/status of 400/] });

  test('credentials of AWS are added with the policies to paste, and get another key', async ({
    page,
  }) => {
    const { accountId } = await createEnvironment(page);
    const name = uniqueName('aws');
    await page.goto(`/accounts/${accountId}/clouds?dialog=add`);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByLabel('Cloud', { exact: true }).selectOption('AWS');
    await dialog.getByText('The smallest policy to read').click();
    await expect(dialog.getByText('"ec2:DescribeInstances"')).toBeVisible();
    await dialog.getByLabel('Access key').fill('AKIAIOSFODNN7EXAMPLE');
    await dialog.getByLabel('Regions').fill('eu-west-1, us-gov-west-1');
    await checkAccessibility(page, '[role=dialog]');
    const add = dialog.getByRole('button', { name: 'Add cloud credentials' });
    await add.click();
    await expect(dialog.getByText('Paste the secret key.')).toBeVisible();
    await dialog.getByLabel('Secret key').fill('SlipwayCanary');
    await add.click();
    await expect(dialog.getByText('us-gov-west-1 is not a region of accountType')).toBeVisible();
    await dialog.getByLabel('Regions').fill('eu-west-1');
    await dialog.getByText('As command').click();
    await expect(dialog).toContainText('THE KEY');
    await expect(dialog).not.toContainText('SlipwayCanary');
    await add.click();
    const row = page.getByRole('row').filter({ hasText: name });
    await expect(row).toContainText('Not tested');
    await choose(page, name, 'Replace the secret');
    await dialog.getByLabel('Secret key').fill('another');
    await dialog.getByRole('button', { name: 'Replace the secret' }).click();
    await expect(page.getByText(`${name} has a new key. Test it.`)).toBeVisible();
  });
});
