import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createFarm } from './own-farms.ts';
import { post, registerImage } from './own-objects.ts';

test.describe('usage over time', () => {
  test.use({ user: 'viewer@example.com' });

  test('is read by keyboard alone, as a chart and as a table with the same counts', async ({
    page,
  }) => {
    await page.goto('/accounts/1/usage');
    const moment = page.getByRole('slider', { name: 'Moment' });
    await moment.focus();
    const words = async () => (await moment.getAttribute('aria-valuetext')) ?? '';
    const last = await words();
    await expect(page.getByText(last, { exact: true })).toBeVisible();
    await page.keyboard.press('Home');
    await expect.poll(words).not.toBe(last);
    const first = await words();
    await page.keyboard.press('ArrowRight');
    await expect.poll(words).not.toBe(first);
    const second = await words();

    await page.getByRole('combobox', { name: 'Split' }).selectOption('By environment');
    const legend = page.getByRole('listitem').filter({ hasText: /^production \d+$/ });
    await expect(legend).toBeVisible();
    await checkAccessibility(page);

    await page.getByText('Table', { exact: true }).click();
    const rows = page.getByRole('row');
    for (const counted of [first, second]) {
      const [, at = '', servers = ''] = /^(.+): ([\d,]+) servers?$/.exec(counted) ?? [];
      const cells = rows
        .filter({ hasText: new RegExp(`^${at.replaceAll('+', String.raw`\+`)}`) })
        .getByRole('cell');
      await expect(cells.first()).toHaveText(servers);
    }
    await checkAccessibility(page);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
    await page.getByText('Chart', { exact: true }).click();
    await expectNoSidewaysScroll(page);
  });

  test('follows the filters, and stays closed for whoever closes it', async ({ page }) => {
    await page.goto('/accounts/1/usage?why=stale');
    const totals = await page.request.get('/api/v1beta0/account/1/usage/totals/?why=stale');
    const { servers } = ((await totals.json()) as { data: { servers: number } }).data;
    await expect(page.getByText(`${servers} servers on old images now.`)).toBeVisible();
    await page.getByText('Over time', { exact: true }).click();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Usage' })).toBeVisible();
    await expect(page.getByRole('table')).toBeVisible();
    await expect(page.getByRole('slider', { name: 'Moment' })).toBeHidden();
  });
});

test('a replacement burns down before ones eyes, and then its old image is ready to delete', async ({
  page,
}) => {
  const { envId, farmId, image } = await createFarm(page, { minInstances: 2, maxInstances: 2 });
  const newImage = await registerImage(page, envId);
  const found = await page.request.get(`/api/v1beta0/user/${envId}/images/?name=${image}`);
  const [old] = ((await found.json()) as { data: { id: string }[] }).data;
  const oldId = old?.id ?? '';
  await post(page, `user/${envId}/images/${oldId}/actions/replace/`, {
    newImage: newImage.id,
    deprecateOldImage: true,
  });
  await page.goto(`/environments/${envId}/replacements`);
  await page.getByRole('table', { name: 'Replacements' }).getByRole('link').first().click();
  const overTime = page.getByRole('region', { name: 'Over time' });
  await expect(overTime).toContainText('2 servers on old images now.');

  await post(page, `user/${envId}/farms/${farmId}/actions/terminate/`, {});
  const waitLong = { timeout: 60_000 };
  await expect(overTime).toContainText('0 servers on old images now. None is left.', waitLong);
  await expect(page.getByRole('region', { name: 'On the old image' })).toContainText(
    'here any more: ready to delete.',
    waitLong,
  );
  await checkAccessibility(page);

  await page.goto(`/environments/${envId}/images/${oldId}`);
  await expect(overTime).toContainText('Nothing uses it any more, at any scope', waitLong);
  await overTime.getByRole('button', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /^Delete/ }).click();
  await expect(page).toHaveURL(new RegExp(`/environments/${envId}/images$`));
});
