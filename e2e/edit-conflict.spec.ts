import type { Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, test } from './fixtures.ts';
import {
  createEnvironment,
  createRoleWith,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

// Chromium reports every refusal, which is what these tests are about.
test.use({ expectedErrors: [/status of 412/] });

const fields = (page: Page) => ({
  dialog: page.getByRole('dialog'),
  name: page.getByRole('dialog').getByRole('textbox', { name: 'Name' }),
  description: page.getByRole('dialog').getByRole('textbox', { name: 'Description' }),
  changes: page.getByRole('table', { name: 'What was changed meanwhile' }),
  save: page.getByRole('dialog').getByRole('button', { name: /^Save/ }),
});

/** An image in two tabs, with its form open in the first and changed in the second. */
async function editInTwoTabs(page: Page): Promise<{ name: string }> {
  const { envId } = await createEnvironment(page);
  const image = await registerImage(page, envId);
  const address = `${paths.image({ scope: 'environment', environmentId: envId }, image.id)}?dialog=rename`;
  await page.goto(address);
  const mine = fields(page);
  await mine.description.fill('mine');
  const tab = await page.context().newPage();
  await tab.goto(address);
  const theirs = fields(tab);
  await theirs.name.fill(`${image.name}-theirs`);
  await theirs.description.fill('theirs');
  await theirs.save.click();
  await expect(theirs.dialog).toHaveCount(0);
  await tab.close();
  return image;
}

test('an edit that somebody else was faster with shows what is different, and keeps what was typed', async ({
  page,
}) => {
  const { name } = await editInTwoTabs(page);
  const { dialog, changes, description, save } = fields(page);
  await save.click();
  await expect(changes.getByRole('row')).toContainText([
    'WhatNowYours',
    `Name${name}-theirsnot changed`,
    'Descriptiontheirsmine',
  ]);
  await checkAccessibility(page, '[role=dialog]');
  await expect(description).toHaveValue('mine');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await expect(changes).toHaveCount(0);
  await save.click();
  await expect(dialog).toHaveCount(0);
  const main = page.getByRole('main');
  await expect(main).toContainText('mine');
  await expect(main.getByRole('heading', { level: 1 })).toHaveText(`${name}-theirs`);
});

test('taking what somebody else changed leaves nothing to save', async ({ page }) => {
  const { name: before } = await editInTwoTabs(page);
  const { dialog, changes, description, name, save } = fields(page);
  await save.click();
  await dialog.getByRole('button', { name: 'Take theirs' }).click();
  await expect(changes).toHaveCount(0);
  await expect(name).toHaveValue(`${before}-theirs`);
  await expect(description).toHaveValue('theirs');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** A form with a name in it, which somebody else changes meanwhile. */
async function renameMeanwhile(page: Page, path: string, mine: string, theirs: string) {
  const changed = await page.request.patch(`/api/v1beta0/${path}`, {
    data: { name: theirs },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(changed.ok()).toBe(true);
  const { dialog, changes, name } = fields(page);
  const send = dialog.getByRole('button', { name: /^Rename / });
  await name.fill(mine);
  await send.click();
  await expect(changes.getByRole('row')).toContainText(['WhatNowYours', `Name${theirs}${mine}`]);
  await expect(name).toHaveValue(mine);
  return { dialog, changes, name, send };
}

test('an account, an environment and an API key that somebody else renames meanwhile are not renamed over', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const at = { scope: 'environment', environmentId: envId } as const;
  await page.goto(paths.farms(at, { dialog: 'rename-scope' }));
  await expect(fields(page).dialog).toBeVisible();
  const environment = `account/${accountId}/environments/${envId}/`;
  const { dialog, send } = await renameMeanwhile(page, environment, 'mine', 'theirs');
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await send.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('button', { name: /Switch scope/ })).toContainText('mine');

  const theirs = uniqueName('theirs');
  await page.goto(paths.farms({ scope: 'account', accountId }, { dialog: 'rename-scope' }));
  await expect(fields(page).dialog).toBeVisible();
  const account = `global/accounts/${accountId}/`;
  const { name, changes } = await renameMeanwhile(page, account, uniqueName('mine'), theirs);
  await dialog.getByRole('button', { name: 'Take theirs' }).click();
  await expect(changes).toHaveCount(0);
  await expect(name).toHaveValue(theirs);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /Switch scope/ })).toContainText(theirs);

  const key = await post(page, 'self/api-keys/', { name: uniqueName('key') });
  await page.goto(`/profile?dialog=rename-key&on=${String(key['id'])}`);
  await expect(fields(page).dialog).toBeVisible();
  await renameMeanwhile(page, `self/api-keys/${String(key['id'])}/`, 'my key', 'their key');
  await dialog.getByRole('button', { name: 'Keep mine' }).click();
  await send.click();
  await expect(page.getByRole('row').filter({ hasText: 'my key' })).toBeVisible();
});

test('what changed beside the form is no conflict: a role whose images changed can be edited on', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const image = await registerImage(page, envId);
  const role = await createRoleWith(page, envId, image.id);
  await page.goto(paths.roles({ scope: 'environment', environmentId: envId }));
  await page.getByRole('link', { name: role }).click();
  await page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: 'Edit' }).click();
  const { dialog, description, save } = fields(page);
  await description.fill('mine');
  const roleId = /\/roles\/(\d+)/.exec(page.url())?.[1];
  const removed = await page.request.delete(
    `/api/v1beta0/user/${envId}/roles/${roleId}/images/${image.id}/`,
    { headers: { 'sec-fetch-site': 'same-origin' } },
  );
  expect(removed.ok()).toBe(true);
  await save.click();
  await expect(dialog.getByRole('alert')).toBeVisible();
  await save.click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('main')).toContainText('mine');
});
