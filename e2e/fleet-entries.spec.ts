import type { Page } from '@playwright/test';

import { checkAccessibility, expect, test } from './fixtures.ts';
import { createFarm } from './own-farms.ts';
import { post, registerImage } from './own-objects.ts';

const dialogOf = (page: Page, name: string) => page.getByRole('dialog', { name });

/** A launched farm of one's own with two servers on an image that its role has no longer. */
async function createOldFarm(page: Page) {
  const farm = await createFarm(page, { minInstances: 2, maxInstances: 2 });
  const next = await registerImage(page, farm.envId);
  const found = await page.request.get(
    `/api/v1beta0/user/${farm.envId}/images/?name=${farm.image}`,
  );
  const [old] = ((await found.json()) as { data: { id: string }[] }).data;
  const oldId = old?.id ?? '';
  const replace = `user/${farm.envId}/images/${oldId}/actions/replace/`;
  await post(page, replace, { newImage: next.id });
  return { ...farm, oldId, base: `/environments/${farm.envId}` };
}

/** Plans what the open dialog is about, with the keyboard alone. */
async function plan(page: Page, title: string): Promise<void> {
  const dialog = dialogOf(page, 'Move servers to the new image');
  await expect(dialog.getByRole('button', { name: 'Plan it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(title);
  await expect(page.getByText('2 servers of 1 farm in 1 environment')).toBeVisible();
}

/** Looks at whom the open dialog would write to, and closes it. */
async function lookAtOwners(page: Page): Promise<void> {
  const dialog = dialogOf(page, 'Contact owners');
  const owner = dialog
    .getByRole('table', { name: /^Owners of farms/ })
    .getByRole('row')
    .nth(1);
  await expect(owner).toContainText('Not contacted');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
}

test('servers are moved, and their owners are written to, from wherever they are seen', async ({
  page,
}) => {
  const { base, farmId, name, image, oldId } = await createOldFarm(page);

  await page.goto(`${base}/farms/${farmId}`);
  const roles = page.getByRole('table', { name: 'Roles of the farm' });
  await roles.getByRole('button', { name: /^Actions for web/ }).press('Enter');
  await page.getByRole('menuitem', { name: 'Move to the new image' }).press('Enter');
  await plan(page, `Move web of ${name} to the new image`);
  await page.getByRole('button', { name: 'Contact owners' }).press('Enter');
  await lookAtOwners(page);
  await checkAccessibility(page);

  await page.goto(`${base}/images/${oldId}`);
  const more = page.getByRole('button', { name: `More actions for ${image}` });
  await more.press('Enter');
  await page.getByRole('menuitem', { name: 'Contact owners' }).press('Enter');
  await lookAtOwners(page);
  await more.press('Enter');
  await page.getByRole('menuitem', { name: 'Move servers to the new image' }).press('Enter');
  await plan(page, `Move ${image} to the new image`);

  await page.goto(`${base}/servers`);
  await page.getByRole('checkbox', { name: 'Select all 2 on this page' }).check();
  await page.getByRole('button', { name: 'Move to the new image: 2 servers' }).press('Enter');
  await plan(page, 'Move 2 servers to the new image');

  await page.goto(`${base}/farms`);
  await page.getByRole('button', { name: 'Contact owners' }).press('Enter');
  await lookAtOwners(page);
  await page.getByRole('checkbox', { name: new RegExp(name) }).check();
  await page.getByRole('button', { name: 'Contact owners: 1 farm' }).press('Enter');
  await lookAtOwners(page);
});

test('where a message leads to, an owner moves their farms or says when', async ({ page }) => {
  const { base, name, envId } = await createOldFarm(page);
  const answer = await post(page, `user/${envId}/owner-contacts/actions/preview/`, {});
  const [{ id, owner }] = answer['owners'] as [{ id: number; owner: { name: string } }];
  const preview = await post(page, `user/${envId}/owner-contacts/actions/preview/`, {
    owner: { id },
  });
  const { body } = preview['message'] as { body: string };
  const link = /https?:\/\/[^/\s]+(\/environments\/\d+\/usage\?owner=\d+)/.exec(body)?.[1];
  expect(link).toBe(`${base}/usage?owner=${id}`);

  await page.goto(link ?? '');
  await expect(page.getByRole('link', { name, exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Say until when' }).press('Enter');
  const until = dialogOf(page, 'Say until when');
  await until.getByLabel('I will have moved them by').fill('2999-12-31');
  await until.getByRole('button', { name: 'Say so' }).press('Enter');
  await expect(page.getByText('Until 2999-12-31, for 1 farm.')).toBeVisible();
  await page.getByRole('button', { name: 'Move to the new image' }).press('Enter');
  await plan(page, `Move the farms of ${owner.name} to the new image`);
});
