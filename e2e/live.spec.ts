import type { BrowserContext, Page } from '@playwright/test';

import { paths } from '../src/util/paths.ts';

import { checkAccessibility, expect, keepStreamAway, test } from './fixtures.ts';
import {
  createEnvironment,
  createRoleWith,
  openAsNew,
  post,
  registerImage,
  uniqueName,
} from './own-objects.ts';

const api = '/api/v1beta0';
const stream = /\/self\/events\//;
const sameOrigin = { 'sec-fetch-site': 'same-origin' };
const rows = (page: Page) => page.getByRole('main').getByRole('table').getByRole('row');
const navigation = (page: Page) => page.getByRole('navigation', { name: 'Main' });
/** How many versions the navigation counts, with Corporate's; undefined while it does not. */
const versionsIn = async (page: Page) =>
  /(\d+) versions/.exec((await navigation(page).textContent()) ?? '')?.[1];
const environmentOf = (envId: number) => ({ scope: 'environment', environmentId: envId }) as const;

/** The streams that are opened in a browser from now on. */
function watchStreams(context: BrowserContext): string[] {
  const opened: string[] = [];
  context.on('request', (request) => {
    if (request.resourceType() === 'eventsource') opened.push(request.url());
  });
  return opened;
}

/** Resolves once a page is told what changes, so that nothing is read again since it has just come. */
async function openLive(page: Page, address: string): Promise<void> {
  const listening = page.waitForResponse((response) => stream.test(response.url()));
  await page.goto(address);
  await listening;
}

test.describe('what somebody else does', () => {
  let other: Page;
  test.beforeAll(async ({ browser }) => {
    other = await openAsNew(browser, 'administrator', 'corporate');
  });
  test.afterAll(() => other.context().close());

  test('shows in an open list and in the counts of the navigation', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const first = await registerImage(page, envId);
    await openLive(page, paths.images(environmentOf(envId), { view: 'images' }));
    await expect(rows(page).filter({ hasText: first.name })).toBeVisible();
    await expect.poll(() => versionsIn(page)).toBeDefined();
    const before = Number(await versionsIn(page));
    const second = await registerImage(other, envId);
    await expect(rows(page).filter({ hasText: second.name })).toBeVisible();
    await expect.poll(() => versionsIn(page)).toBe(String(before + 1));
    const gone = await other.request.delete(`${api}/user/${envId}/images/${first.id}/`, {
      headers: sameOrigin,
    });
    expect(gone.ok()).toBe(true);
    await expect(rows(page).filter({ hasText: first.name })).toHaveCount(0);
  });

  test('shows on the page of an object, whatever it was done to: the object, or what it is in', async ({
    page,
  }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await openLive(page, paths.image(environmentOf(envId), image.id));
    const main = page.getByRole('main');
    await expect(main.getByRole('heading', { level: 1 })).toHaveText(image.name);
    const name = uniqueName('theirs');
    const renamed = await other.request.patch(`${api}/user/${envId}/images/${image.id}/`, {
      data: { name },
      headers: sameOrigin,
    });
    expect(renamed.ok()).toBe(true);
    await expect(main.getByRole('heading', { level: 1 })).toHaveText(name);
    const role = await createRoleWith(other, envId, image.id);
    await expect(main).toContainText(role);
    await other.request.patch(`${api}/account/${accountId}/environments/${envId}/`, {
      data: { name: 'renamed' },
      headers: sameOrigin,
    });
    await expect(page.getByRole('button', { name: /Switch scope/ })).toContainText('renamed');
  });

  test('shows in a list of farms and in usage, and at Corporate, which sees every account', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    await openLive(page, paths.farms(environmentOf(envId)));
    const above = await page.context().newPage();
    await above.goto(paths.farms({ scope: 'scalr' }));
    const name = uniqueName('farm');
    await expect(navigation(above)).toContainText('on old images');
    await post(other, `user/${envId}/farms/`, { name });
    await expect(rows(page).filter({ hasText: name })).toBeVisible();
    await expect(navigation(page)).toContainText('1 farms');
    await above.getByRole('searchbox').fill(name);
    await expect(rows(above).filter({ hasText: name })).toBeVisible();
  });

  test('takes nothing away from whoever is at work: focus, place, and what is being typed', async ({
    page,
  }) => {
    const { envId } = await createEnvironment(page);
    const zz = () => ({ name: uniqueName('zz-web') });
    for (let nth = 0; nth < 20; nth++) await registerImage(page, envId, zz());
    const mine = await registerImage(page, envId, { name: 'zz-zz-1' });
    const list = paths.images(environmentOf(envId), { view: 'images', query: 'zz-', sort: 'name' });
    await openLive(page, list);
    const link = page.getByRole('link', { name: mine.name, exact: true });
    await link.focus();
    await link.scrollIntoViewIfNeeded();
    await expect(link).toBeFocused();
    const place = () => page.evaluate(() => window.scrollY);
    const before = await place();
    const added = await registerImage(other, envId, zz());
    await expect(rows(page).filter({ hasText: added.name })).toHaveCount(1);
    await expect(link).toBeFocused();
    expect(await place()).toBeGreaterThanOrEqual(before);

    await page.goto(`${list}&dialog=rename&on=${mine.id}`);
    const field = page.getByRole('dialog').getByRole('textbox', { name: 'Description' });
    await field.pressSequentially('half a sen');
    const behind = await registerImage(other, envId, zz());
    const renamed = await other.request.patch(`${api}/user/${envId}/images/${mine.id}/`, {
      data: { name: 'zz-zz-2' },
      headers: sameOrigin,
    });
    expect(renamed.ok()).toBe(true);
    await expect(page.locator('main tr', { hasText: behind.name })).toHaveCount(1);
    await expect(page.locator('main tr', { hasText: 'zz-zz-2' })).toHaveCount(1);
    await expect(field).toBeFocused();
    await page.keyboard.type('tence');
    await expect(field).toHaveValue('half a sentence');
    // It is told when it is acted on.
    await expect(page.getByRole('dialog').getByRole('textbox', { name: 'Name' })).toHaveValue(
      mine.name,
    );
    await expect(page.getByRole('table', { name: 'What was changed meanwhile' })).toHaveCount(0);
  });
});

test('all tabs of a browser share one stream, and when its tab closes another one takes over', async ({
  page,
  context,
}) => {
  const { envId } = await createEnvironment(page);
  const streams = watchStreams(context);
  const list = paths.images(environmentOf(envId), { view: 'images' });
  await openLive(page, list);
  const [second, third] = [await context.newPage(), await context.newPage()];
  for (const tab of [second, third]) await openLive(tab, list);
  const seenBy = async (tabs: Page[]) => {
    const { name } = await registerImage(third, envId);
    for (const tab of tabs) await expect(rows(tab).filter({ hasText: name })).toBeVisible();
  };
  await seenBy([page, second, third]);
  expect(streams).toHaveLength(1);
  await page.close();
  await expect.poll(() => streams.length).toBe(2);
  await seenBy([second, third]);
  expect(streams).toHaveLength(2);
});

test.describe('where no stream comes through', () => {
  test.use({ expectedErrors: [/ERR_FAILED|status of 429/] });

  for (const [how, refuse] of [
    ['is held back on its way', keepStreamAway],
    [
      'is refused',
      (page: Page) =>
        page.route(stream, (route, request) =>
          request.resourceType() === 'eventsource'
            ? route.fulfill({ status: 429 })
            : route.continue(),
        ),
    ],
  ] as const)
    test(`since it ${how}, a page asks again and again, and shows what changes all the same`, async ({
      page,
    }) => {
      const { envId } = await createEnvironment(page);
      await refuse(page);
      await page.goto(paths.images(environmentOf(envId), { view: 'images' }));
      await expect.poll(() => versionsIn(page)).toBeDefined();
      for (const _turn of [1, 2]) {
        const { name } = await registerImage(page, envId);
        await expect(rows(page).filter({ hasText: name })).toBeVisible({ timeout: 20_000 });
      }
      await expect(page.getByText('Not live')).toHaveCount(0);
    });

  test('nor any answer, a page says so quietly until it is live again', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    await page.route(stream, (route) => route.abort());
    await page.goto(paths.images(environmentOf(envId), { view: 'images' }));
    const sign = page.getByRole('status').filter({ hasText: 'Not live' });
    await expect(sign).toBeVisible({ timeout: 20_000 });
    await checkAccessibility(page);
    await registerImage(page, envId, { name: 'missed-1' });
    await page.unroute(stream);
    await expect(rows(page).filter({ hasText: 'missed-1' })).toBeVisible({ timeout: 20_000 });
    await expect(sign).toHaveCount(0);
  });
});

test('a session that is ended elsewhere ends here, without anything being asked', async ({
  browser,
}) => {
  const page = await openAsNew(browser, 'viewer', 'corporate');
  await openLive(page, paths.images({ scope: 'scalr' }));
  const cookies = await page.context().cookies();
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const address = new URL(`${api}/self/session/`, page.url());
  const ended = await fetch(address, {
    method: 'DELETE',
    headers: { cookie, origin: address.origin },
  });
  expect(ended.ok).toBe(true);
  await expect(page).toHaveURL(/sign-in/);
  await page.context().close();
});
