import { readFile } from 'node:fs/promises';

import type { Page } from '@playwright/test';

import {
  checkAccessibility,
  expect,
  expectNoSidewaysScroll,
  expectSettled,
  test,
} from './fixtures.ts';
import {
  createEnvironment,
  createRoleWith,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

const people = [
  { user: 'viewer@example.com', at: '/accounts/1' },
  { user: 'corporate-admin@example.com', at: '/corporate' },
];
const rows = { name: 'Farm roles with servers on old images' };

/** The cells of a CSV as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\r\n')
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}

for (const { user, at } of people) {
  test.describe(`usage for ${user}`, () => {
    test.use({ user, permissions: ['clipboard-read', 'clipboard-write'] });

    test('leads from the old images to a farm and its servers', async ({ page }) => {
      await page.goto(`${at}/usage`);
      await expect(page.getByRole('heading', { name: 'Usage', level: 1 })).toBeVisible();
      await page.getByText('By image', { exact: true }).click();
      await expect(page).toHaveURL(/by=image/);
      const images = page.getByRole('table', { name: 'Old images that servers run' });
      const image = images.getByRole('link', { name: /^fcos-/ }).first();
      const name = await image.innerText();
      await image.click();

      await expect(page).toHaveURL(/image=/);
      await expect(page.getByRole('button', { name: /^Remove filter Image: / })).toContainText(
        name,
      );
      const table = page.getByRole('table', rows);
      await expectSettled(table);
      const first = table.getByRole('row').nth(1);
      await expect(first).toContainText(name);
      const farm = await first.getByRole('link').first().innerText();
      await first.getByRole('link', { name: /^\d+ of \d+ servers? in / }).click();

      await expect(page).toHaveURL(/\/farms\/\d+\?old=true$/);
      await expect(page.getByRole('heading', { name: farm, level: 1 })).toBeVisible();
      const servers = page.getByRole('table', { name: 'Servers of the farm' });
      await expect(servers.getByText('on an old image').first()).toBeVisible();

      await page.goBack();
      await expect(page.getByRole('button', { name: /^Remove filter Image: / })).toContainText(
        name,
      );
    });

    test('goes from the farms to the rows of one', async ({ page }) => {
      await page.goto(`${at}/usage?by=farm&sort=farm`);
      const farms = page.getByRole('table', { name: 'Farms with servers on old images' });
      const farm = farms.getByRole('row').nth(1).getByRole('link').first();
      const name = await farm.innerText();
      await farm.click();
      await expect(page.getByRole('button', { name: `Remove filter Farm: ${name}` })).toBeVisible();
      const table = page.getByRole('table', rows);
      await expectSettled(table);
      await expect(table.getByRole('row').nth(1)).toContainText(name);
      await page.getByRole('button', { name: `Remove filter Farm: ${name}` }).click();
      await expect(page).not.toHaveURL(/farm=\d/);
    });

    test('exports exactly the filtered rows, and nothing that starts a formula', async ({
      page,
    }) => {
      await page.goto(`${at}/usage?why=stale`);
      const total = page.getByRole('navigation', { name: 'Pages' }).getByText(/^\d+ rows?$/);
      const amount = Number.parseInt(await total.innerText(), 10);
      const downloading = page.waitForEvent('download');
      await page.getByRole('link', { name: 'Download CSV' }).click();
      const file = await downloading;
      expect(file.suggestedFilename()).toMatch(/\.csv$/);
      const [header, ...lines] = parseCsv(await readFile(await file.path(), 'utf8'));
      expect(header).toEqual(
        expect.arrayContaining(['Environment', 'Farm', 'Owner', 'Owner e-mail', 'Role', 'Image']),
      );
      const stale = header?.indexOf('Stale') ?? -1;
      expect(lines).toHaveLength(amount);
      expect(lines.map((line) => line[stale])).toEqual(lines.map(() => 'yes'));
      expect(lines.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
    });

    test('writes to the owner of a farm, and copies what was edited', async ({ page }) => {
      await page.goto(`${at}/usage?by=farm`);
      const farms = page.getByRole('table', { name: 'Farms with servers on old images' });
      const row = farms.getByRole('row').nth(1);
      const farm = await row.getByRole('link').first().innerText();
      const menu = row.getByRole('button', { name: `Actions for ${farm}` });
      await menu.click();
      await page.getByRole('menuitem', { name: /^Write to / }).click();
      const dialog = page.getByRole('dialog', { name: /^Write to / });
      const message = dialog.getByRole('textbox', { name: 'Message' });
      await expect(message).toHaveValue(new RegExp(`Farm ${farm} \\(`));
      await expect(message).toHaveValue(/Old image: \S+ \(\S+/);
      await expect(message).toHaveValue(/one by one/);
      await checkAccessibility(page, '[role="dialog"]');

      await dialog.getByRole('button', { name: 'Copy message' }).click();
      await expect(dialog.getByText(/It still says \[date\]/)).toBeVisible();
      await message.fill((await message.inputValue()).replace('[date]', 'Friday'));
      await dialog.getByRole('button', { name: 'Copy message' }).click();
      await expect(dialog.getByText('Copied the subject and the message.')).toBeVisible();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      expect(copied).toContain('Please have this done by Friday.');
      const link = await dialog
        .getByRole('link', { name: 'Open in mail program' })
        .getAttribute('href');
      expect(link).toMatch(/^mailto:[^?]+@example\.com\?subject=.+&body=.*Friday/);

      await page.keyboard.press('Escape');
      await expect(dialog).toBeHidden();
      await expect(menu).toBeFocused();
    });

    test('is accessible, in rows and in groups', async ({ page }) => {
      await page.goto(`${at}/usage?pageSize=25`);
      await expect(page.getByRole('table', rows).getByRole('link').first()).toBeVisible();
      await checkAccessibility(page);
      await page.goto(`${at}/usage?by=image&pageSize=25`);
      await expect(page.getByRole('link', { name: /^fcos-/ }).first()).toBeVisible();
      await checkAccessibility(page);
    });
  });
}

test('a message goes to one owner: rows of several say so', async ({ page }) => {
  await page.goto('/corporate/usage?by=farm&sort=farm');
  await page.getByText('All rows', { exact: true }).click();
  const table = page.getByRole('table', rows);
  await expect(table.getByRole('checkbox').nth(1)).toBeVisible();
  await table.getByRole('checkbox', { name: /^Select all/ }).check();
  const write = page.getByRole('button', { name: /^Write to / });
  await expect(write).toHaveAttribute('aria-disabled', 'true');
  await expect(write).toHaveAccessibleDescription(/A message goes to one owner/);
  await page.getByRole('button', { name: 'Clear selection' }).click();

  await table.getByRole('row').nth(1).getByRole('checkbox').check();
  await write.click();
  await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Message' })).toHaveValue(
    /^Hello /,
  );
});

test('nothing old is good news', async ({ page }) => {
  await page.goto('/corporate/usage?query=no-such-farm');
  await expect(page.getByText('No farm roles on old images match')).toBeVisible();
  const { accountId, envId } = await createEnvironment(page);
  await page.goto(`/accounts/${accountId}/usage`);
  await expect(page.getByText('No servers run here yet')).toBeVisible();
  await checkAccessibility(page);
  await launchServer(page, envId);
  await page.reload();
  await expect(page.getByText('Nothing runs on an old image here')).toBeVisible();
  await checkAccessibility(page);
});

/** A farm with one server, on the image that its role has now. */
async function launchServer(page: Page, envId: number): Promise<void> {
  const { id } = await registerImage(page, envId);
  const role = await createRoleWith(page, envId, id);
  const found = await page.request.get(`/api/v1beta0/user/${envId}/roles/?name=${role}`);
  const { data } = (await found.json()) as { data: { id: number }[] };
  const farm = await post(page, `user/${envId}/farms/`, { name: uniqueName('farm') });
  const path = `user/${envId}/farms/${String(farm['id'])}/`;
  await post(page, `${path}farm-roles/`, {
    alias: 'web-1',
    role: { id: data[0]?.id },
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    instanceType: { id: 'm7g.large' },
    scaling: { enabled: true, minInstances: 1, maxInstances: 2 },
  });
  await post(page, `${path}actions/launch/`, {});
}

test('a filter that fits nothing says which to remove', async ({ page }) => {
  await page.goto('/corporate/usage?query=no-such-farm');
  await page.getByRole('button', { name: 'Remove Search: no-such-farm' }).click();
  await expect(page.getByRole('table', rows).getByRole('link').first()).toBeVisible();
});

test('where no server runs, usage says so, and not that all are up to date', async ({ page }) => {
  const { accountId } = await createEnvironment(page);
  await page.goto(`/accounts/${accountId}/usage`);
  await expect(page.getByText('No servers run here yet')).toBeVisible();
  const header = page.getByRole('main').locator('header');
  await expect(header).toContainText('no live servers');
  await expect(header.getByRole('link', { name: /server/ })).toHaveCount(0);
});

test('usage does not scroll sideways at 320 px', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 800 });
  for (const search of ['', '?by=farm', '?by=owner', '?by=image']) {
    await page.goto(`/accounts/1/usage${search}`);
    await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
    await expectNoSidewaysScroll(page);
  }
});
