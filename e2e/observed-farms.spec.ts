import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, post, uniqueName } from './own-objects.ts';

test.use({ user: 'corporate-admin@example.com' });

test('what something else runs is among the farms and in usage, and says that Slipway does not change it', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const { id } = await post(page, `account/${accountId}/cloud-credentials/`, {
    name: uniqueName('cloud'),
    cloudCredentialsType: 'SimulatedCloudCredentials',
    provider: 'ec2',
  });
  await post(page, `account/${accountId}/environments/${envId}/clouds/ec2/`, {
    credentials: { id },
  });
  await page.goto(`/environments/${envId}/farms`);
  const row = page.getByRole('row').filter({ hasText: 'shop-web (us-east-1)' });
  await expect(row).toContainText('observed', { timeout: 60_000 });
  await page.getByRole('button', { name: /^Filter by Run by/ }).click();
  await page.getByRole('menuitemradio', { name: 'Slipway', exact: true }).click();
  await expect(page.getByText('shop-web (us-east-1)')).toHaveCount(0);
  await page.goto(`/environments/${envId}/farms?observed=true`);
  await expect(page.getByRole('row').filter({ hasText: 'observed' })).toHaveCount(12);
  await checkAccessibility(page);

  await row.getByRole('link', { name: 'shop-web (us-east-1)' }).click();
  await expect(page.getByText('the group "shop-web" runs it, which keeps 3 servers')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Edit', exact: true })).toHaveAttribute(
    'aria-disabled',
    'true',
  );
  await page.getByRole('button', { name: /^Why web starts from/ }).click();
  await expect(page.getByText('template web, version 3, which is $Latest now')).toBeVisible();
  await checkAccessibility(page);
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Review 1 server on old images' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'web-2026-09' })).toContainText('observed');
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
});
