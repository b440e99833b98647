import type { Page } from '@playwright/test';

import { expect, expectSettled, holdRequests, keepStreamAway, test } from './fixtures.ts';

declare global {
  interface Window {
    /** The keys of the rows, each time they were others. */
    seenRows: string[][];
  }
}

const table = (page: Page) => page.getByRole('table', { name: 'Images' });
const field = (page: Page) => page.getByRole('searchbox', { name: 'Search images' });
const names = (page: Page) => table(page).locator('[data-name] a').allTextContents();

/** The date in the name of an image. */
const dateIn = (name = '') => /\d{8}/.exec(name)?.[0] ?? 'no date';

test.describe('a search', () => {
  test('narrows what is on the screen before the server has answered', async ({ page }) => {
    await page.goto('/corporate/images?view=images');
    await expectSettled(table(page));
    // What fits the window is there first, and may all be of one day.
    await expect.poll(async () => new Set((await names(page)).map(dateIn)).size).toBeGreaterThan(1);
    const before = await names(page);
    const text = dateIn(before[3]);
    const wanted = before.filter((name) => name.includes(text));
    expect(wanted.length).toBeLessThan(before.length);
    const release = await holdRequests(page, '**/images/?*query=*');
    await field(page).fill(text);
    await expect.poll(() => names(page)).toEqual(wanted);
    await expect(table(page)).toHaveAttribute('aria-busy', 'true');
    release();
    await expectSettled(table(page));
    for (const name of await names(page)) expect(name).toContain(text);
  });

  test('asks for the first key at once, and once for those that come before its answer', async ({
    page,
  }) => {
    await page.goto('/corporate/images?view=images');
    await expectSettled(table(page));
    const asked: (string | null)[] = [];
    const gate = Promise.withResolvers<void>();
    await page.route('**/images/?*query=*cursor=start*', async (route) => {
      asked.push(new URL(route.request().url()).searchParams.get('query'));
      if (asked.length === 1) await gate.promise;
      await route.continue();
    });
    // Typed in one moment: nobody is as fast.
    await field(page).evaluate((input: HTMLInputElement) => {
      for (const text of ['f', 'fc', 'fco', 'fcos', 'fcos-']) {
        Reflect.set(HTMLInputElement.prototype, 'value', text, input);
        input.dispatchEvent(new Event('input', { bubbles: true }));
      }
    });
    await expect.poll(() => asked[0]).toBe('f');
    gate.resolve();
    await expect(page).toHaveURL(/query=fcos-$/);
    await expectSettled(table(page));
    expect(asked).toEqual(['f', 'fcos-']);
  });

  test('keeps every row in sight that it finds, from the first key to the last', async ({
    page,
  }) => {
    await page.goto('/corporate/images?view=images');
    await expectSettled(table(page));
    const text = dateIn((await names(page))[3]);
    await page.evaluate(() => {
      window.seenRows = [];
      const look = () => {
        const rows = [...document.querySelectorAll<HTMLElement>('main tr[data-key]')];
        const now = rows.map((row) => row.dataset['key'] ?? '');
        if (now.join() !== window.seenRows.at(-1)?.join()) window.seenRows.push(now);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await field(page).pressSequentially(text, { delay: 40 });
    await expect(page).toHaveURL(new RegExp(`query=${text}$`));
    await expectSettled(table(page));
    const seen = await page.evaluate(() => window.seenRows);
    const [first = []] = seen;
    // Further down, rows come a moment later.
    const kept = first.slice(0, 8).filter((key) => seen.at(-1)?.includes(key));
    expect(seen.length).toBeGreaterThan(1);
    expect(kept.length).toBeGreaterThan(0);
    for (const rows of seen) expect(rows).toEqual(expect.arrayContaining(kept));
  });

  test('does not have the icon of the page fetched again with each key', async ({ page }) => {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Network.enable');
    const fetched = new Map<string, string>();
    cdp.on('Network.requestWillBeSent', ({ requestId, request }) => {
      if (request.url.endsWith('.svg')) fetched.set(requestId, request.url);
    });
    cdp.on('Network.requestServedFromCache', ({ requestId }) => fetched.delete(requestId));
    cdp.on('Network.responseReceived', ({ requestId, response }) => {
      if (response.fromDiskCache === true) fetched.delete(requestId);
    });
    await keepStreamAway(page);
    await page.goto('/corporate/images?view=images');
    await expectSettled(table(page));
    await field(page).pressSequentially('fcos-44', { delay: 60 });
    await expect(page).toHaveURL(/query=fcos-44$/);
    await expectSettled(table(page));
    await page.waitForLoadState('networkidle');
    // By the mark in the page, and by the tab.
    expect(fetched.size).toBeLessThanOrEqual(2);
  });
});
