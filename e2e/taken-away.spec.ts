import type { Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { expect, test } from './fixtures.ts';
import { createFarm } from './own-farms.ts';
import { createEnvironment, createRoleWith, openAsNew, registerImage } from './own-objects.ts';

// The page reads again what is not there any more.
test.use({ expectedErrors: [/status of 404/] });

const stream = /\/self\/events\//;
const alert = (page: Page) => page.getByRole('main').getByRole('alert');

/** Resolves once a page is told what changes. */
async function openLive(page: Page, address: string): Promise<void> {
  const listening = page.waitForResponse((response) => stream.test(response.url()));
  await page.goto(address);
  await listening;
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

test.describe('an object that somebody else deletes', () => {
  let other: Page;
  test.beforeAll(async ({ browser }) => {
    other = await openAsNew(browser, 'administrator', 'corporate');
  });
  test.afterAll(() => other.context().close());

  async function takeAway(envId: number, path: string): Promise<void> {
    const gone = await other.request.delete(`/api/v1beta0/user/${envId}/${path}/`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(gone.ok()).toBe(true);
  }

  test('is said to be gone, and by whom; what was typed stays, and there is a way on', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await openLive(page, paths.image({ scope: 'environment', environmentId: envId }, image.id));
    await page.getByRole('button', { name: /^More actions for / }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    const dialog = page.getByRole('dialog', { name: /^Rename/ });
    const field = dialog.getByRole('textbox', { name: 'Description' });
    await field.fill('Half a page of text');
    await takeAway(envId, `images/${image.id}`);
    const words = `Image "${image.name}" was deleted by administrator`;
    await expect(dialog.getByRole('alert')).toContainText(words);
    await expect(field).toHaveValue('Half a page of text');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Leave without saving' }).click();
    await expect(alert(page)).toContainText(words);
    await alert(page).getByRole('link', { name: 'Show all images' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await expect(alert(page)).toHaveCount(0);
  });

  test('is said to be gone on the pages of a version, a role and a farm too', async ({ page }) => {
    const farm = await createFarm(page, undefined, false);
    await openLive(page, paths.farm(farm.at, farm.farmId));
    await takeAway(farm.envId, `farms/${farm.farmId}`);
    await expect(alert(page)).toContainText(`Farm "${farm.name}" was deleted by administrator`);

    const image = await registerImage(page, farm.envId);
    const name = await createRoleWith(page, farm.envId, image.id);
    const answer = await page.request.get(`/api/v1beta0/user/${farm.envId}/roles/?name=${name}`);
    const { data } = (await answer.json()) as { data: { id: number }[] };
    const roleId = data[0]?.id ?? 0;
    await openLive(page, paths.role(farm.at, roleId));
    await takeAway(farm.envId, `roles/${roleId}`);
    await expect(alert(page)).toContainText(`Role "${name}" was deleted by administrator`);

    const sets = await page.request.get(
      `/api/v1beta0/user/${farm.envId}/image-sets/?query=${image.name}`,
    );
    const found = (await sets.json()) as { data: { id: number }[] };
    await openLive(page, paths.imageSet(farm.at, found.data[0]?.id ?? 0));
    await takeAway(farm.envId, `images/${image.id}`);
    await expect(alert(page)).toContainText('may have been deleted');
  });
});
