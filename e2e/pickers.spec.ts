import { checkAccessibility, expect, expectSettled, test } from './fixtures.ts';
import {
  createEnvironment,
  createRoleWith,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

test('a filter narrows as one types, says how many there are, and Enter picks', async ({
  page,
}) => {
  await page.goto('/corporate/images?view=images');
  await page.getByRole('button', { name: 'Filter by OS' }).click();
  const field = page.getByRole('combobox', { name: 'Find OS' });
  await expect(field).toBeFocused();
  await expect(page.getByText(/^\d+ choices$/)).toBeVisible();
  await checkAccessibility(page, '[role="dialog"]');
  await field.fill('coreos');
  const options = page.getByRole('listbox', { name: 'OS' }).getByRole('option');
  await expect(options).toHaveText(['Fedora CoreOS']);
  await expect(page.getByText('1 choice', { exact: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Remove filter OS: Fedora CoreOS' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Filter by OS, on' })).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(options.and(page.getByRole('option', { selected: true }))).toHaveText(
    'Fedora CoreOS',
  );
  await field.fill('no such system');
  await expect(page.getByText('Nothing has this in its name')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(field).toBeHidden();
  await expect(page.getByRole('button', { name: 'Filter by OS, on' })).toBeFocused();
});

test('a category beyond the first hundred is shown, found and kept by its name', async ({
  page,
}) => {
  const { accountId, envId } = await createEnvironment(page);
  const names = Array.from({ length: 105 }, (_, index) => `Shelf ${index + 1}`);
  for (const name of names) await post(page, `account/${accountId}/role-categories/`, { name });
  await page.goto(`/environments/${envId}/roles/new`);
  await page.getByRole('textbox', { name: 'Name' }).fill(uniqueName('web'));
  await page.getByRole('combobox', { name: 'Operating system' }).selectOption('ubuntu-24-04');
  const category = page.getByRole('combobox', { name: 'Category' });
  await category.click();
  await expect(page.getByText('20 of 113 shown: type to find the others')).toBeVisible();
  await category.fill('shelf 105');
  await page.getByRole('option', { name: /^Shelf 105/ }).click();
  await page.getByRole('button', { name: /^Create role/ }).click();
  await expect(page.getByRole('link', { name: 'Shelf 105' })).toBeVisible();

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('combobox', { name: 'Category' })).toHaveValue('Shelf 105');
  await dialog.getByRole('textbox', { name: 'Description' }).fill('Somebody said more of it.');
  await dialog.getByRole('button', { name: 'Save role' }).click();
  // The field of the dialog says the same until it is gone.
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Somebody said more of it.')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Shelf 105' })).toBeVisible();
});

test('owners are told apart by mail address, and one that is on is named on any page', async ({
  page,
}) => {
  await page.goto('/corporate/usage');
  await page.getByRole('button', { name: 'Filter by Owner' }).click();
  await page.getByRole('combobox', { name: 'Find owner' }).fill('@example.com');
  const owner = page.getByRole('listbox', { name: 'owner' }).getByRole('option').first();
  await expect(owner).toContainText('@example.com');
  await owner.click();
  const chip = page.getByRole('button', { name: /^Remove filter Owner: / });
  const words = (await chip.innerText()).trim();
  await expect(page).toHaveURL(/owner=\d+/);
  await page.goto(page.url().replace('/usage?', '/farms?'));
  await expect(chip).toHaveText(words);
});

test('the person of a replacement is searched among all who made one', async ({ page }) => {
  await page.goto('/corporate/replacements');
  const asked = page.waitForRequest(/\/replacers\/\?.*query=sato/);
  await page.getByRole('button', { name: 'Filter by Person' }).click();
  await page.getByRole('combobox', { name: 'Find person' }).fill('sato');
  await asked;
  const person = page.getByRole('listbox', { name: 'person' }).getByRole('option');
  await expect(person).toHaveText([/hana\.sato@example\.com.*Hana Sato/]);
  await person.click();
  await expect(page).toHaveURL(/by=hana\.sato/);
  await expectSettled(page.getByRole('table'));
  await expect(page.getByRole('table').getByRole('row').nth(1)).toContainText('hana.sato');
});

test('usage at 1280 px shows every chosen column, and no name is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.goto('/accounts/1/usage');
  const table = page.getByRole('table', { name: 'Farm roles with servers on old images' });
  await expectSettled(table);
  await page.getByRole('button', { name: 'Choose columns' }).click();
  const ticked = page.getByRole('menuitemcheckbox', { checked: true });
  await expect(ticked.first()).toBeVisible();
  for (const column of await ticked.allInnerTexts())
    await expect(table.getByRole('columnheader', { name: column, exact: true })).toHaveCount(1);
  const cut = await table.locator('td[data-label]').evaluateAll((cells) =>
    cells
      .filter((cell) =>
        [cell, ...cell.querySelectorAll('a, span')].some(
          // What is for screen readers alone is one pixel wide.
          (part) => part.scrollWidth > part.clientWidth && part.clientWidth > 1,
        ),
      )
      .map((cell) => `${cell.getAttribute('data-label')}: ${cell.textContent}`),
  );
  expect(cut).toEqual([]);
});

test('the farms with most servers on old images are one click away', async ({ page }) => {
  await page.goto('/corporate/farms');
  await page.getByRole('button', { name: 'On old images' }).click();
  await expect(page).toHaveURL(/sort=-oldServers/);
  const table = page.getByRole('table');
  await expectSettled(table);
  const counts = async () => {
    const texts = await table.locator('td[data-label="On old images"]').allInnerTexts();
    return texts.map((text) => Number.parseInt(text.replace(',', ''), 10) || 0);
  };
  // The address changes a moment before the rows do.
  await expect
    .poll(async () => {
      const numbers = await counts();
      return (
        numbers.length > 1 &&
        numbers.every((each, at) => at === 0 || each <= (numbers[at - 1] ?? 0))
      );
    })
    .toBe(true);
});

test.describe('a page that is not there any more', () => {
  test.use({ expectedErrors: [/status of 400/] });

  test('gives way to the page before it, or to the first', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    let last = '';
    for (let index = 0; index < 26; index += 1)
      last = (await registerImage(page, envId, { name: `image-${index + 10}` })).id;
    await page.goto(
      `/environments/${envId}/images?view=images&scope=environment&sort=name&pageSize=25`,
    );
    await page.getByRole('link', { name: 'Next' }).click();
    await expect(page).toHaveURL(/cursor=/);
    await expect(page.getByRole('link', { name: 'image-35' })).toBeVisible();
    const second = page.url();
    const gone = await page.request.delete(`/api/v1beta0/user/${envId}/images/${last}/`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(gone.ok()).toBe(true);
    await page.reload();
    await expect(page.getByRole('link', { name: 'image-34' })).toBeVisible();
    await expect(page.getByRole('link', { name: 'image-10' })).toBeVisible();

    await page.goto(second.replace('sort=name', 'sort=-name'));
    await expect(page.getByRole('link', { name: 'image-34' })).toBeVisible();
    await expect(page).not.toHaveURL(/cursor=/);
  });
});

test('the palette shows an exact name first, and what can be done on the page', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const image = await registerImage(page, envId);
  await registerImage(page, envId, { name: `${image.name}-and-more` });
  await createRoleWith(page, envId, image.id);
  await page.goto(`/environments/${envId}/images/${image.id}`);
  await expect(page.getByRole('heading', { level: 1, name: image.name })).toBeVisible();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Search images/ });
  await field.fill(image.name.toUpperCase());
  const first = page.getByRole('option').first();
  await expect(first).toContainText(image.name);
  await expect(first).not.toContainText('and-more');
  await field.fill('replac');
  await expect(page.getByRole('option', { name: 'Go to Replacements' })).toBeVisible();
  await page.getByRole('option', { name: `Replace: ${image.name}` }).click();
  await expect(page.getByRole('dialog', { name: new RegExp(image.name) })).toBeVisible();
});

test('the palette finds owners, servers and replacements', async ({ page }) => {
  await page.goto('/corporate/farms');
  await expect(page.getByRole('table')).toBeVisible();
  const [server, owner, replacement] = await Promise.all(
    ['servers', 'owners', 'replacements'].map(async (list) => {
      const answer = await page.request.get(`/api/v1beta0/global/${list}/?maxResults=1`);
      const { data } = (await answer.json()) as { data: Record<string, never>[] };
      return data[0] as Record<string, string & { name: string }>;
    }),
  );
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Search images/ });
  for (const [text, hit] of [
    [server?.['cloudServerId'], /· Server|Server ·/],
    [owner?.['email'], /Farms of/],
    [replacement?.['oldImage']?.name, /Replacement ·/],
  ] as const) {
    await field.fill(text ?? '');
    await expect(page.getByRole('option', { name: hit }).first()).toBeVisible();
  }
});
