import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, post, uniqueName } from './own-objects.ts';
import { runSlipway } from './slipway-command.ts';

test.use({ user: 'corporate-admin@example.com' });

const elsewhere = ['throttled', '--platform', 'ec2', '--location', 'sa-east-1'];

test('whoever connects a cloud sees which images are in use, registers some, and is told what could not be read', async ({
  page,
}) => {
  const { accountId } = await createEnvironment(page);
  const name = uniqueName('cloud');
  const credentials = await post(page, `account/${accountId}/cloud-credentials/`, {
    name,
    cloudCredentialsType: 'SimulatedCloudCredentials',
    provider: 'ec2',
  });
  await page.goto(`/accounts/${accountId}/clouds`);
  await page.getByRole('link', { name: 'Cloud images' }).click();
  const rowOf = (image: string) =>
    page.getByRole('row').filter({ hasText: image }).filter({ hasText: 'us-east-1' });
  await expect(rowOf('web-2026-10')).toContainText('In use');
  await expect(rowOf('web-2026-08')).toContainText('Unused: read 1 account in 3 regions');
  await expect(page.getByText('Everything was read, in 3 places.')).toBeVisible();
  await checkAccessibility(page);

  await page.getByRole('button', { name: /^Actions for web-2026-10.*us-east-1/ }).click();
  await page.getByRole('menuitem', { name: 'What uses it' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('row').filter({ hasText: 'shop-web' })).toContainText(
    'starts servers from it: template web, version 3, which is $Latest now',
  );
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.getByRole('searchbox', { name: 'Search cloud images' }).fill('api-2026-10');
  await expect(page.getByRole('row').filter({ hasText: 'api-2026-10' })).toHaveCount(3);
  await page.getByRole('checkbox', { name: /^Select all/ }).click();
  await page.getByRole('button', { name: 'Register: 3 cloud images' }).click();
  await dialog.getByLabel('Operating system').selectOption('ubuntu-24-04');
  const set = uniqueName('api');
  await dialog.getByRole('textbox', { name: 'Name of api-2026-10' }).fill(set);
  await checkAccessibility(page, '[role=dialog]');
  await dialog.getByRole('button', { name: 'Register 3 images' }).click();
  await expect(page.getByRole('link', { name: set })).toHaveCount(3);

  await runSlipway('clouds', 'fail', ...elsewhere);
  try {
    // Credentials that were changed are read at once.
    const id = String(credentials['id']);
    const response = await page.request.patch(
      `/api/v1beta0/account/${accountId}/cloud-credentials/${id}/`,
      { data: { description: 'x' }, headers: { 'sec-fetch-site': 'same-origin' } },
    );
    expect(response.ok()).toBe(true);
    await expect(page.getByText('1 place of 3 could not be read whole')).toBeVisible({
      timeout: 60_000,
    });
    await page.getByRole('searchbox', { name: 'Search cloud images' }).fill('');
    await expect(rowOf('web-2026-08')).toContainText('Not all was read.');
    await page.getByRole('button', { name: 'Show what was read' }).click();
    await expect(dialog.getByRole('row').filter({ hasText: 'sa-east-1' })).toContainText(
      'RequestLimitExceeded',
    );
    await dialog.getByRole('button', { name: 'Done' }).click();
  } finally {
    await runSlipway('clouds', 'clear', ...elsewhere);
  }
  await page.setViewportSize({ width: 320, height: 700 });
  // In a card a note stands under the value that it is of, whole.
  const note = rowOf('web-2026-08').locator('[data-label="In use?"] [data-note]');
  const cell = rowOf('web-2026-08').locator('[data-label="In use?"]');
  const indent = async () =>
    ((await note.boundingBox())?.x ?? 0) - ((await cell.boundingBox())?.x ?? 0);
  await expect.poll(indent).toBeGreaterThanOrEqual(96);
  expect(await note.evaluate((text) => text.scrollWidth <= text.clientWidth)).toBe(true);
  await expectNoSidewaysScroll(page);
});
