import type { Page } from '@playwright/test';
import { paths } from '../../src/util/paths.ts';
import {
  anyRow,
  firstSeen,
  type Flow,
  lookMs,
  pointMs,
  readImages,
  settleMs,
  table,
  type Visit,
} from './flows.ts';
import { timeFrom } from './probe.ts';

/** Opens the list of the environment's own images, which can be promoted, once for all runs. */
export async function openOwnImages({ tab: { page }, at }: Visit): Promise<void> {
  await page.goto(paths.images(at, { scope: 'environment', view: 'images' }));
  await page.locator(anyRow).first().waitFor();
  await page.waitForTimeout(settleMs);
}

/** The name of an image that can be promoted; another one in each run. */
async function findPromotable({ tab: { page }, at }: Visit, run: number): Promise<string> {
  const { data } = await readImages(page, at, { scope: 'environment', include: 'actions' });
  const possible = data.filter(({ actions }) => actions?.promote.allowed === true);
  const image = possible[run % possible.length];
  if (image === undefined) throw new Error('No image of this environment can be promoted.');
  return image.id;
}

/** Points at something as people do, and measures from pressing it. */
async function press(page: Page, selector: string, found: string): Promise<number> {
  await page.hover(selector);
  await page.waitForTimeout(pointMs);
  return timeFrom(page, 'click', found, () => page.click(selector));
}

const promote: Flow = {
  name: 'Promote, from the menu of a row to all that its dialog says',
  barMs: 330,
  note: 'two waits: for the menu, and for the dialog with who will see the image',
  peer: '657 ms, of its own counterpart',
  sample: async (visit, run) => {
    const { page } = visit.tab;
    if (run === 0) await openOwnImages(visit);
    await page.waitForTimeout(lookMs);
    const button = `${table} tr[data-key="${await findPromotable(visit, run)}"] [data-row-menu]`;
    const item = '[role="menu"] [role="menuitem"]:first-child';
    const menu = await press(page, button, item);
    const dialog = await press(
      page,
      item,
      '[role="dialog"] section[aria-label="Who will newly see it"]',
    );
    await page.keyboard.press('Escape');
    await page.locator('[role="dialog"]').waitFor({ state: 'detached' });
    return menu + dialog;
  },
};

const backToList: Flow = {
  name: 'From a version back to the list',
  barMs: 100,
  note: 'by the link above its name, after looking at it for 0.4 s',
  sample: async ({ tab: { page }, at }, run) => {
    if (run === 0) {
      await page.goto(paths.images(at));
      await page.locator(firstSeen).first().waitFor();
      await page.waitForTimeout(settleMs);
    }
    await page.click(`${firstSeen}:nth-child(${run + 1}) td[data-name] a`);
    await page.locator('main h1').waitFor();
    await page.waitForTimeout(lookMs);
    return press(page, 'nav[aria-label="Breadcrumbs"] li:last-child a', firstSeen);
  },
};

export const listFlows: readonly Flow[] = [promote, backToList];
