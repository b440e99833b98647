import type { Page } from '@playwright/test';
import type { ResultRow } from '../results.ts';
import { table, type Visit } from './flows.ts';
import { openOwnImages } from './list-flows.ts';

const mostKeys = 100;
const barTabs = 6;
const barKeys = 12;

/** Presses Tab until the focus is there. @returns how often */
async function tabTo(page: Page, selector: string): Promise<number> {
  for (let keys = 1; keys <= mostKeys; keys += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((at) => document.activeElement?.matches(at) === true, selector))
      return keys;
  }
  throw new Error(`Tab never came to ${selector}.`);
}

/** How many keys it takes, from the top of a page that was just opened, as somebody without a mouse. */
export async function countKeys(visit: Visit): Promise<ResultRow[]> {
  const { page } = visit.tab;
  await openOwnImages(visit);
  // The first image; whether it can be promoted is not asked, since nothing is carried out.
  const tabs = await tabTo(page, 'a[href="#main"] + a');
  await page.keyboard.press('Enter');
  await page.locator(`${table} tbody tr:first-child td[data-name] a:focus`).waitFor();
  await page.keyboard.press('.');
  await page.locator('[role="menuitem"]:focus').waitFor();
  await page.keyboard.press('Enter');
  await page
    .locator('[role="dialog"] button:focus')
    .filter({ hasText: /^Promote image/ })
    .waitFor();
  await page.keyboard.press('Escape');
  // Enter at the link, the key of the menu, Enter in it, and Enter in the dialog, which is left instead.
  const keys = tabs + 4;
  return [
    {
      name: 'Tabs to the first row of the list',
      p95: tabs,
      unit: 'keys',
      peer: '24 to the action of the first row, 5 of them after its skip link',
      bar: `at most ${barTabs}`,
      holds: tabs <= barTabs,
      note: 'by the link that skips to the table; one more key opens the actions of the row',
    },
    {
      name: 'Keys to promote the first image',
      p95: keys,
      unit: 'keys',
      peer: '14, of its own counterpart',
      bar: `at most ${barKeys}`,
      holds: keys <= barKeys,
      note: 'from the top of the page to the confirmation, by keyboard alone',
    },
  ];
}
