import type { Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, post, registerImage, uniqueName } from './own-objects.ts';

// Images and a role show what was here at an earlier moment, say so, and lead back to the present.

test.use({ user: 'corporate-admin@example.com' });

const past = (page: Page) => page.getByText('Nothing can be changed in the past');

/** An environment with a role that held one image and holds another; and a moment between. */
async function makeHistory(page: Page) {
  const { envId } = await createEnvironment(page);
  const [first, second] = [await registerImage(page, envId), await registerImage(page, envId)];
  const role = await post(page, `user/${envId}/roles/`, {
    name: uniqueName('role'),
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  const roleId = Number(role['id']);
  await post(page, `user/${envId}/roles/${roleId}/images/`, { image: { id: first.id } });
  const moment = new Date(Date.now() + 2).toISOString();
  await expect.poll(() => new Date().toISOString() > moment).toBe(true);
  await post(page, `user/${envId}/images/${first.id}/actions/replace/`, { newImage: second.id });
  const later = await registerImage(page, envId);
  return {
    at: { scope: 'environment', environmentId: envId } as const,
    roleId,
    first,
    second,
    later,
    moment,
  };
}

test('the list of images as of a moment has those of then, and leads back to now', async ({
  page,
}) => {
  const { at, first, later, moment } = await makeHistory(page);
  await page.goto(`${paths.images(at)}?view=images`);
  await expect(page.getByRole('link', { name: later.name })).toBeVisible();
  await page.getByText('Earlier', { exact: true }).click();
  await expect(past(page)).toBeVisible();
  await expect(page.getByRole('link', { name: first.name })).toBeHidden();
  await page.goto(`${paths.images(at)}?view=then&at=${moment}`);
  await expect(page.getByRole('link', { name: first.name })).toBeVisible();
  await expect(page.getByRole('link', { name: later.name })).toBeHidden();
  await expect(page.getByRole('button', { name: /^Actions/ })).toHaveCount(0);
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(past(page)).toBeHidden();
});

test.describe('a moment that is typed', () => {
  test.use({ expectedErrors: [/status of 400/] });

  test('a moment is chosen in a field, and one to come is refused in words', async ({ page }) => {
    const { at, first, moment } = await makeHistory(page);
    await page.goto(`${paths.images(at)}?view=then&at=${moment}`);
    await expect(page.getByRole('link', { name: first.name })).toBeVisible();
    await page.getByLabel('As of').fill('2999-01-01T00:00:00');
    await expect(page.getByText(/still to come/)).toBeVisible();
    await page.getByLabel('As of').fill('2020-01-01T00:00:00');
    await expect(page.getByText('No images here yet')).toBeVisible();
    await expect(page).toHaveURL(/at=2020-01-01T|at=2019-12-31T/);
  });
});

test('a role shows what stood in it then, and leads back to now', async ({ page }) => {
  const { at, roleId, first, second, moment } = await makeHistory(page);
  await page.goto(paths.role(at, roleId));
  await expect(page.getByRole('table', { name: 'Images by location' })).toContainText(second.name);
  await page.getByRole('button', { name: 'Earlier' }).click();
  await expect(page.getByText('It had no images then')).toBeVisible();
  await page.goto(`${paths.role(at, roleId)}?at=${moment}`);
  const then = page.getByRole('table', { name: 'Images by location, then' });
  await expect(then).toContainText(first.name);
  await expect(then).not.toContainText(second.name);
  await expect(page.getByRole('button', { name: /^Add image/ })).toHaveCount(0);
  await checkAccessibility(page);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await expect(page.getByRole('table', { name: 'Images by location' })).toContainText(second.name);
});
