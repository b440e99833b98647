import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, post, registerImage, uniqueName } from './own-objects.ts';

test.use({ user: 'corporate-admin@example.com' });

test('an observed group is moved to the image that replaces its own, watched until nothing is old, and moved back', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const credentials = uniqueName('cloud');
  const { id } = await post(page, `account/${accountId}/cloud-credentials/`, {
    name: credentials,
    cloudCredentialsType: 'SimulatedCloudCredentials',
    provider: 'ec2',
  });
  await post(page, `account/${accountId}/environments/${envId}/clouds/ec2/`, {
    credentials: { id },
  });
  await page.goto(`/environments/${envId}/farms`);
  const farm = page.getByRole('link', { name: 'shop-web (us-east-1)' });
  await expect(farm).toBeVisible({ timeout: 60_000 });
  const list = await page.request.get(
    `/api/v1beta0/user/${envId}/cloud-images/?query=web-2026-10&cloudLocation=us-east-1`,
  );
  const found = ((await list.json()) as { data: { cloudImageId: string; cloudLocation: string }[] })
    .data;
  const runs = found.find(({ cloudLocation }) => cloudLocation === 'us-east-1');
  expect(runs?.cloudImageId).toMatch(/^ami-/);
  const old = await registerImage(page, envId, { cloudImageId: runs?.cloudImageId });
  const next = await registerImage(page, envId);
  await post(page, `user/${envId}/images/${old.id}/actions/replace/`, {
    newImage: next.id,
    deprecateOldImage: true,
  });

  await farm.click();
  const move = page.getByRole('button', { name: 'Move to the new image' });
  await expect(page.getByText('3 servers of 3 run an image')).toBeVisible();
  await expect(move).toHaveAttribute('aria-disabled', 'true');
  const whyNot = `"${credentials}" do not let Slipway change groups of servers.`;
  await expect(page.getByText(whyNot).first()).toBeVisible();
  const patched = await page.request.patch(
    `/api/v1beta0/account/${accountId}/cloud-credentials/${String(id)}/`,
    { data: { rights: { changeGroups: true } }, headers: { 'sec-fetch-site': 'same-origin' } },
  );
  expect(patched.ok()).toBe(true);
  await page.reload();
  await move.click();
  const dialog = page.getByRole('dialog', { name: 'Move servers to the new image' });
  await dialog.getByLabel('Bake time').fill('0');
  await dialog.getByRole('button', { name: 'Plan it' }).click();

  const groups = page.getByRole('table', { name: 'Groups that their cloud moves' });
  await expect(groups.getByRole('row').filter({ hasText: 'shop-web' })).toContainText(next.name);
  await expect(page.getByText('It names $Latest of its template now')).toBeVisible();
  await checkAccessibility(page);
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Move 3 servers' }).click();
  const waitLong = { timeout: 60_000 };
  await expect(page.getByText('3 of 3 moved')).toBeVisible(waitLong);
  await expect(groups.getByRole('row').filter({ hasText: 'shop-web' })).toContainText('Moved');
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await page.setViewportSize({ width: 1280, height: 800 });
  const rollout = page.url();

  await page.goto(`/environments/${envId}/farms`);
  await farm.click();
  await expect(page.getByText('run an image that is deprecated')).toHaveCount(0, waitLong);

  await page.goto(rollout);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo rollout' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Back: /);
  await expect(groups.getByRole('row').filter({ hasText: 'shop-web' })).toContainText(old.name);
  await expect(page.getByText('3 of 3 moved')).toBeVisible(waitLong);
  await page.goto(`/environments/${envId}/farms`);
  await farm.click();
  await expect(page.getByText('3 servers of 3 run an image')).toBeVisible(waitLong);
});
