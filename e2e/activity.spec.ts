import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import {
  createEnvironment,
  createRoleWith,
  openAsNew,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

test.use({ user: 'corporate-admin@example.com' });

test('what was done is found, read, followed live and taken back from Activity', async ({
  page,
  browser,
}) => {
  const { accountId, envId, accountName } = await createEnvironment(page);
  const [old, next] = [await registerImage(page, envId), await registerImage(page, envId)];
  const role = await createRoleWith(page, envId, old.id);
  const reason = uniqueName('because');
  const actions = `user/${envId}/images/${old.id}/actions`;
  await post(page, `${actions}/replace/`, { newImage: next.id, reason });

  await page.goto(`/accounts/${accountId}`);
  await page.getByRole('link', { name: 'Activity' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Activity');
  const today = page.getByRole('region', { name: 'Today' });
  const entries = today.getByRole('listitem');
  await expect(entries.first()).toContainText('replaced an image in roles');
  await expect(entries.first()).toContainText(reason);
  await checkAccessibility(page);

  // Another change arrives by itself.
  await post(page, `${actions}/deprecate/`, { deprecate: true });
  await expect(entries.first()).toContainText('deprecated or restored an image');

  // What changed, by the keyboard alone.
  const deprecated = entries.first().getByRole('button', { name: /deprecated or restored/ });
  await deprecated.focus();
  await page.keyboard.press('Enter');
  await expect(deprecated).toHaveAttribute('aria-expanded', 'true');
  const change = entries.first().getByRole('region', { name: `image ${old.name}` });
  await expect(change.getByText('Deprecated', { exact: true })).toBeVisible();
  await expect(change).toContainText('no → yes');
  await expect(entries.first().getByRole('link', { name: 'Restore' })).toBeVisible();
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });

  // The filters are in the address, and so is the search.
  await page.getByRole('searchbox', { name: 'Search activity' }).fill(reason);
  await expect(entries).toHaveCount(1);
  await expect(page).toHaveURL(new RegExp(`query=${reason}`));
  await page.reload();
  await expect(entries).toHaveCount(1);
  await entries
    .first()
    .getByRole('button', { name: /replaced an image/ })
    .click();
  await entries.first().getByRole('link', { name: 'Roll back' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Roll back/ }).click();
  await expect(dialog).toBeHidden();

  // The page of the role tells of both.
  const found = await page.request.get(`/api/v1beta0/user/${envId}/roles/?name=${role}`);
  const [{ id: roleId } = { id: 0 }] = ((await found.json()) as { data: { id: number }[] }).data;
  await page.goto(`/environments/${envId}/roles/${roleId}`);
  const activity = page.getByRole('region', { name: 'Activity' });
  await expect(activity).toContainText('rolled back a replacement');
  await expect(activity).toContainText('replaced an image in roles');

  // Who may only look sees what was done, and not what was refused.
  const viewer = await openAsNew(browser, 'viewer', `account:${accountName}`);
  const refused = await viewer.request.post(`/api/v1beta0/${actions}/deprecate/`, {
    data: { deprecate: true },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(refused.status()).toBe(403);
  await viewer.goto(`/accounts/${accountId}/activity`);
  await expect(viewer.getByText('rolled back a replacement').first()).toBeVisible();
  await expect(viewer.getByText('Refused')).toBeHidden();
  await page.goto(`/accounts/${accountId}/activity`);
  await page.getByText('Refused').click();
  const refusals = page.getByRole('table', { name: 'Refusals' });
  await expect(refusals).toContainText('deprecated or restored an image');
  await checkAccessibility(page);
});
