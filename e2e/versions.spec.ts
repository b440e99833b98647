import type { Page } from '@playwright/test';

import {
  checkAccessibility,
  expect,
  expectNoSidewaysScroll,
  expectSettled,
  holdRequests,
  test,
} from './fixtures.ts';
import { createEnvironment, post, uniqueName } from './own-objects.ts';

const table = (page: Page) => page.getByRole('table', { name: 'Versions' });
const row = (page: Page, name: string) =>
  table(page)
    .getByRole('row')
    .filter({ has: page.locator('[data-name]').getByRole('link', { name, exact: true }) });
const field = (page: Page) => page.getByRole('searchbox', { name: 'Search versions' });

/** Registers an image of a version: each call makes another cloud image. */
async function register(page: Page, envId: number, name: string, more: object) {
  const hex = crypto.randomUUID().replaceAll('-', '').slice(0, 17);
  const { id } = await post(page, `user/${envId}/images/`, {
    name,
    cloudImageId: `ami-${hex}`,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    architecture: 'x86_64',
    os: { id: 'ubuntu-24-04' },
    ...more,
  });
  return String(id);
}

/** Two versions of a line: the older one in one place, the newer one in two, with a gap. */
async function createLine(page: Page) {
  const { envId } = await createEnvironment(page);
  const line = uniqueName('line');
  const [older, newer] = [`${line}-1`, `${line}-2`];
  const images = [
    await register(page, envId, older, {}),
    await register(page, envId, newer, {}),
    await register(page, envId, newer, { architecture: 'aarch64' }),
    await register(page, envId, newer, { cloudLocation: 'eu-west-1' }),
  ];
  return { older, newer, address: `/environments/${envId}/images`, envId, images };
}

test('what a description begins with stands under the name, in rows of one height, on phones too', async ({
  page,
}) => {
  const { envId, address, images } = await createLine(page);
  const description = `Stable stream. ${'It goes on and on. '.repeat(20)}`.trim();
  const name = uniqueName('described');
  await register(page, envId, name, { description });
  for (const view of ['', '&view=images']) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(`${address}?scope=environment${view}`);
    const list = page.getByRole('table', { name: view === '' ? 'Versions' : 'Images' });
    await expectSettled(list);
    const note = list.getByTitle(description);
    await expect(note).toBeVisible();
    await expect(note).toHaveText(/^Stable stream/);
    const heights = await list
      .locator('tbody tr')
      .evaluateAll((rows) => rows.map((one) => one.getBoundingClientRect().height));
    expect(heights.length).toBe(view === '' ? 3 : images.length + 1);
    expect(new Set(heights).size).toBe(1);
    const isOneLine = () =>
      note.evaluate((one) => one.clientHeight <= 20 && one.scrollWidth > one.clientWidth);
    expect(await isOneLine()).toBe(true);
    await page.setViewportSize({ width: 320, height: 700 });
    await expectNoSidewaysScroll(page);
    expect(await isOneLine()).toBe(true);
    await checkAccessibility(page);
  }
});

test('each version is listed once, with its places; the older one names the newest', async ({
  page,
}) => {
  const { older, newer, address } = await createLine(page);
  await page.goto(`${address}?scope=environment`);
  await expectSettled(table(page));
  await expect(row(page, newer).filter({ hasText: 'newest of its line' })).toHaveCount(1);
  await expect(row(page, newer)).toContainText(/2 places: .*eu-west-1.*us-east-1/);
  const behind = table(page)
    .getByRole('row')
    .filter({ hasText: /1 place: .*not in .*eu-west-1/ });
  await expect(behind).toHaveCount(1);
  await expect(behind.getByRole('link')).toHaveText([older, newer]);
});

test('a version counts the role that uses several of its images once', async ({ page }) => {
  const { newer, address, envId, images } = await createLine(page);
  const role = await post(page, `user/${envId}/roles/`, {
    name: uniqueName('role'),
    os: { id: 'ubuntu-24-04' },
    category: { id: 1 },
    useScalrAgent: false,
  });
  for (const id of [images[1], images[3]])
    await post(page, `user/${envId}/roles/${String(role['id'])}/images/`, { image: { id } });
  await page.goto(`${address}?scope=environment`);
  await expect(row(page, newer).locator('[data-label="Roles"]')).toHaveText('1');
  await expect(row(page, newer).locator('[data-label="Servers"]')).toHaveText('0');
});

test('versions that servers run say how many', async ({ page }) => {
  await page.goto('/accounts/1/images?inUse=true');
  await expectSettled(table(page));
  const servers = await table(page).locator('[data-label="Servers"]').allInnerTexts();
  expect(servers.some((text) => /^[1-9]/.test(text.trim()))).toBe(true);
});

test('a filter shows the newest of each line only, and stays in the address', async ({ page }) => {
  const { older, newer, address } = await createLine(page);
  await page.goto(`${address}?scope=environment`);
  await page.getByRole('button', { name: 'Filter by Line' }).click();
  await page
    .getByRole('menuitemradio', { name: 'Newest of their line' })
    .or(page.getByRole('option', { name: 'Newest of their line' }))
    .click();
  await expect(page).toHaveURL(/newest=true/);
  await expect(row(page, older)).toHaveCount(0);
  await expect(row(page, newer)).toHaveCount(1);
});

test('the switch to single images and back keeps the search', async ({ page }) => {
  const { newer, address } = await createLine(page);
  await page.goto(address);
  await field(page).fill(newer);
  await expect(page).toHaveURL(new RegExp(`query=${newer}`));
  const views = page.getByRole('radiogroup', { name: 'Show' });
  await views.getByText('Images').click();
  await expect(page).toHaveURL(new RegExp(`query=${newer}&view=images`));
  const images = page.getByRole('table', { name: 'Images' });
  await expect(images.getByRole('link', { name: newer, exact: true })).toHaveCount(3);
  await expect(page.getByRole('searchbox', { name: 'Search images' })).toHaveValue(newer);
  await views.getByText('Versions').click();
  await expect(page).not.toHaveURL(/view=/);
  await expect(row(page, newer)).toHaveCount(1);
  await page.goBack();
  await expect(images.getByRole('link', { name: newer, exact: true })).toHaveCount(3);
});

test('the switch keeps what both views have, and drops from the address what the other has not', async ({
  page,
}) => {
  const { newer, address } = await createLine(page);
  const views = page.getByRole('radiogroup', { name: 'Show' });
  const shared = `query=${newer}&scope=environment&os=ubuntu-24-04&architecture=x86_64&pageSize=25`;
  await page.goto(`${address}?${shared}&sort=-name&newest=true`);
  await expect(row(page, newer)).toHaveCount(1);
  await views.getByText('Images').click();
  await expect(page).toHaveURL(`${address}?${shared}&sort=-name&view=images`);
  const images = page.getByRole('table', { name: 'Images' });
  // Of its three images two are for the architecture.
  await expect(images.getByRole('link', { name: newer, exact: true })).toHaveCount(2);
  await images.getByRole('button', { name: 'Servers' }).click();
  await expect(page).toHaveURL(/sort=-servers/);
  await views.getByText('Versions').click();
  await expect(page).toHaveURL(`${address}?${shared}`);
  await expect(row(page, newer)).toHaveCount(1);
});

test('versions go on to the next page and back, and the switch starts on the first', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  const line = uniqueName('many');
  for (let n = 1; n <= 27; n++) await register(page, envId, `${line}-${n}`, {});
  await page.goto(`/environments/${envId}/images?scope=environment&sort=name&pageSize=25`);
  await expect(row(page, `${line}-25`)).toHaveCount(1);
  await expect(table(page).getByRole('row')).toHaveCount(26);
  await page.getByRole('link', { name: 'Next' }).click();
  await expect(table(page).getByRole('row')).toHaveCount(3);
  await expect(page).toHaveURL(/cursor=/);
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('Images').click();
  await expect(page).not.toHaveURL(/cursor=/);
  await expect(page.getByRole('table', { name: 'Images' }).getByRole('row')).toHaveCount(26);
});

test('what is shown can be had as CSV: versions, or single images', async ({ page }) => {
  const { older, newer, address } = await createLine(page);
  await page.goto(`${address}?scope=environment&sort=name&newest=true`);
  await expect(row(page, newer)).toHaveCount(1);
  const rows = async () => {
    const href = await page.getByRole('link', { name: 'Download CSV' }).getAttribute('href');
    const answer = await page.request.get(href ?? '');
    expect(answer.headers()['content-type']).toContain('text/csv');
    expect(answer.headers()['content-disposition']).toMatch(/"slipway-image(?:-set)?s\.csv"/);
    return (await answer.text()).trim().split('\r\n');
  };
  const versions = await rows();
  expect(versions.map((line) => /^"?([^",]*)/.exec(line)?.[1])).toEqual(['Version', newer]);
  expect(versions[1]).toContain('"ec2 eu-west-1, ec2 us-east-1"');
  await page.getByRole('radiogroup', { name: 'Show' }).getByText('Images').click();
  await expect(page.getByRole('table', { name: 'Images' })).toBeVisible();
  const images = await rows();
  expect(images.map((line) => /^"?([^",]*)/.exec(line)?.[1])).toEqual([
    'Name',
    older,
    newer,
    newer,
    newer,
  ]);
});

test('each word is explained where it stands, by keyboard alone, and in full by the server itself', async ({
  page,
  context,
}) => {
  await page.goto('/accounts/1/images');
  await expectSettled(table(page));
  let help = page;
  for (const { word, section } of [
    { word: 'version', section: 'Image sets' },
    { word: 'deprecated', section: 'Deprecating an image' },
    { word: 'old', section: 'Usage and staleness' },
  ]) {
    const mark = page.getByRole('button', { name: `What “${word}” means` });
    await mark.focus();
    await page.keyboard.press('Enter');
    const answer = page.getByRole('dialog', { name: `What “${word}” means` });
    await expect(answer).toContainText(/\. .*\./);
    const link = answer.getByRole('link', { name: /All about it/ });
    await expect(link).toBeFocused();
    const opened = context.waitForEvent('page');
    await page.keyboard.press('Enter');
    help = await opened;
    await expect(help.getByRole('heading', { name: section, exact: true })).toBeInViewport();
    expect(new URL(help.url()).origin).toBe(new URL(page.url()).origin);
    await page.bringToFront();
    await page.keyboard.press('Escape');
    await expect(answer).toBeHidden();
    await expect(mark).toBeFocused();
  }
  // The same document, whichever section it was opened at.
  await checkAccessibility(help);
});

test('a search narrows the versions on the screen before the server has answered', async ({
  page,
}) => {
  const { older, newer, address } = await createLine(page);
  await page.goto(`${address}?scope=environment`);
  await expectSettled(table(page));
  const release = await holdRequests(page, '**/image-sets/?*query=*');
  await field(page).fill(older);
  await expect(row(page, newer)).toHaveCount(0);
  await expect(table(page)).toHaveAttribute('aria-busy', 'true');
  release();
  await expectSettled(table(page));
  await expect(table(page).getByRole('row')).toHaveCount(2);
});

test('a version leads to its page: each place and architecture with gaps, and a list of just its images', async ({
  page,
}) => {
  const { newer, address } = await createLine(page);
  await page.goto(`${address}?scope=environment`);
  await row(page, newer).locator('[data-name]').getByRole('link').click();
  const matrix = page.getByRole('table', { name: 'Images by place and architecture' });
  const cells = (place: string) =>
    matrix.getByRole('row').filter({ hasText: place }).getByRole('cell');
  await expect(cells('us-east-1').filter({ hasText: 'ami-' })).toHaveCount(2);
  await expect(cells('eu-west-1').filter({ hasText: 'ami-' })).toHaveCount(1);
  await expect(cells('eu-west-1').filter({ hasText: 'No image' })).toHaveCount(1);
  await page.getByRole('link', { name: 'Show 3 images' }).click();
  await expect(page).toHaveURL(/view=images&imageSet=\d+/);
  await expect(page.getByRole('main').locator('header')).toContainText('3 images');
  await expect(page.getByRole('button', { name: `Remove filter Version: ${newer}` })).toBeVisible();
});

test('the page of a version says what is deprecated of it, and that there is a newer one', async ({
  page,
}) => {
  const { older, newer, address, envId } = await createLine(page);
  await register(page, envId, older, { cloudLocation: 'eu-west-1', deprecated: true });
  await page.goto(`${address}?query=${older}`);
  await row(page, older).locator('[data-name]').getByRole('link').click();
  await expect(page.getByText('1 of its 2 images are deprecated.')).toBeVisible();
  await expect(page.getByRole('link', { name: `Show ${newer}` })).toBeVisible();
});

test('an empty page tells how versions come to be', async ({ page }) => {
  // The demo estate has images at Corporate, which every scope sees: here the answer has none of them.
  await page.route('**/image-sets/?*', async (route) => {
    const answer = await route.fetch();
    const body = (await answer.json()) as { data: unknown[]; pagination: object };
    await route.fulfill({ response: answer, json: { ...body, data: [] } });
  });
  await page.goto('/accounts/1/images');
  await expect(page.getByRole('heading', { name: 'No versions here yet' })).toBeVisible();
  await expect(page.getByText(/Images of one name and OS are one version/)).toBeVisible();
});

test('18 versions or images fit on a small laptop, nothing cut off', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  for (const view of ['', '?view=images']) {
    await page.goto(`/accounts/1/images${view}`);
    const rows = page.getByRole('main').getByRole('table').getByRole('row');
    await expectSettled(page.getByRole('main').getByRole('table'));
    // Versions are 17 there: the last of them has to be whole, the 18th image as well.
    const last = await rows.nth(view === '' ? 17 : 18).boundingBox();
    expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(800);
    expect((last?.x ?? Infinity) + (last?.width ?? 0)).toBeLessThanOrEqual(1280);
    const cut = await page
      .getByRole('main')
      .getByRole('table')
      .locator('td[data-label="Added"], td[data-label="Status"]')
      .evaluateAll((cells) =>
        cells.filter((cell) => cell.scrollWidth > cell.clientWidth).map((cell) => cell.textContent),
      );
    expect(cut).toEqual([]);
  }
});

test('the list of versions is accessible, and no wider than a phone', async ({ page }) => {
  await page.goto('/accounts/1/images');
  await expectSettled(table(page));
  await checkAccessibility(page);
  await page.setViewportSize({ width: 320, height: 700 });
  await expectNoSidewaysScroll(page);
  await checkAccessibility(page);
});
