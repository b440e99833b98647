import type { Page } from '@playwright/test';
import { paths } from '../../src/util/paths.ts';
import type { PathScope } from '../../src/util/paths.ts';
import { timeFrom } from './probe.ts';
import { openTab, slowDown, type Tab, type Visitor } from './tab.ts';

/** What is measured, where the estate is largest. */
export interface Visit {
  visitor: Visitor;
  /** A scope that sees the most images. */
  at: PathScope;
  /** The id of the image with the most candidates to replace it. */
  pickerImage: string;
  /** A tab that has been used before: code and styles are there. */
  tab: Tab;
}

/** One thing that people do, in ms from what they do to the frame that shows the answer. */
export interface Flow {
  name: string;
  barMs: number;
  note: string;
  /** What the peer took (main.ts says which that is). */
  peer?: string;
  /** One sample; runs are numbered from 0, so that each can do something that is not in the cache. */
  sample: (visit: Visit, run: number) => Promise<number>;
}

export const table = 'table[aria-label="Images"]';
/** A row of what people land on, which are versions. */
export const firstSeen = 'table[aria-label="Versions"][aria-busy="false"] tbody tr[data-key]';
/** The list in which each row is one image. */
export const singleImages = (at: PathScope) => paths.images(at, { view: 'images' });
export const anyRow = `${table}[aria-busy="false"] tbody tr[data-key]`;
const firstRow = (id: string) =>
  `${table}[aria-busy="false"] tbody tr:first-child[data-key="${id}"]`;

/** People look before they act, and point before they press. */
export const lookMs = 400;
export const pointMs = 100;
/** Between keys; about 100 words a minute. */
const keyMs = 110;
/** After a page was loaded, until it has fetched what it fetches when it is idle. */
export const settleMs = 3000;

interface ImagePage {
  data: {
    id: string;
    name: string;
    cloudImageId: string;
    actions?: { promote: { allowed: boolean } };
  }[];
  pagination: { next: string | null };
}

/** A page of the images, from the API itself. */
export async function readImages(page: Page, at: PathScope, search: object): Promise<ImagePage> {
  const prefix =
    at.scope === 'scalr'
      ? 'global'
      : at.scope === 'account'
        ? `account/${at.accountId}`
        : `user/${at.environmentId}`;
  const query = new URLSearchParams({
    sort: '-added',
    maxResults: '50',
    cursor: 'start',
    ...search,
  });
  const answer = await page.request.get(`/api/v1beta0/${prefix}/images/?${query.toString()}`);
  if (!answer.ok()) throw new Error(`The list of images answered ${answer.status()}.`);
  return (await answer.json()) as ImagePage;
}

const coldLoad: Flow = {
  name: 'Rows of versions after a first visit, slow device and network',
  barMs: 1500,
  note: 'empty cache, processor 4 times slower, 10 Mbit/s, 40 ms to the server',
  sample: async ({ visitor, at }) => {
    const tab = await openTab(visitor);
    await slowDown(tab);
    await tab.page.goto(paths.images(at), { waitUntil: 'commit' });
    const shownAt = await tab.page.evaluate((found) => window.probe.firstShown(found), firstSeen);
    await tab.close();
    return shownAt;
  },
};

/**
 * A text whose last letter changes what a search finds first; another one in each run. What it finds is on
 * the screen already, if further down.
 */
async function findSearch(page: Page, at: PathScope, run: number) {
  const { data } = await readImages(page, at, { query: String(run % 10), sort: 'name' });
  for (let turn = 0; turn < data.length * 3; turn += 1) {
    const id = data[(run * 7 + Math.floor(turn / 3)) % data.length]?.cloudImageId ?? '';
    const text = id.slice((turn % 3) - 4);
    const [whole, part] = await Promise.all(
      [text, text.slice(0, -1)].map((query) => readImages(page, at, { query })),
    );
    const [first] = whole?.data ?? [];
    const at0 = part?.data.findIndex((image) => image.id === first?.id) ?? 0;
    if (first !== undefined && at0 > 0) return { text, id: first.id };
  }
  throw new Error('No search tells its last letter.');
}

/** Types a search, and measures from its last key to where `found` says. */
async function search({ tab: { page }, at }: Visit, run: number, found: (id: string) => string) {
  const { text, id } = await findSearch(page, at, run);
  if (run === 0) {
    await page.goto(singleImages(at));
    await page.locator(anyRow).first().waitFor();
    await page.waitForTimeout(settleMs);
  }
  const field = page.getByRole('searchbox', { name: 'Search images' });
  await field.fill('');
  await page.waitForTimeout(lookMs);
  await field.pressSequentially(text.slice(0, -1), { delay: keyMs });
  await page.waitForTimeout(keyMs);
  return timeFrom(page, 'keydown', found(id), () => page.keyboard.press(text.slice(-1)));
}

const firstChange: Flow = {
  name: 'Last key of a search to the first change on the screen',
  barMs: 30,
  note: 'the rows on the screen, narrowed; two to four keys at 100 words a minute',
  peer: '16 ms, of what it has loaded',
  sample: (visit, run) =>
    search(visit, run, (id) => `${table} tbody tr:first-child[data-key="${id}"]`),
};

const typing: Flow = {
  name: 'Last key of a search to filtered rows',
  barMs: 100,
  note: 'the rows of the server, out of all; another search each time',
  sample: (visit, run) => search(visit, run, firstRow),
};

const changePage: Flow = {
  name: 'Next page of images',
  barMs: 100,
  note: 'after looking at a page for 0.4 s',
  sample: async ({ tab: { page }, at }, run) => {
    if (run === 0) {
      await page.goto(singleImages(at));
      await page.locator(anyRow).first().waitFor();
    }
    await page.waitForTimeout(lookMs);
    const next = page.getByRole('link', { name: 'Next' });
    const href = (await next.getAttribute('href')) ?? '';
    const cursor = new URLSearchParams(href.slice(href.indexOf('?'))).get('cursor') ?? '';
    const { data } = await readImages(page, at, { cursor });
    await next.hover();
    await page.waitForTimeout(pointMs);
    return timeFrom(page, 'click', firstRow(data[0]?.id ?? ''), () => next.click());
  },
};

const openDetail: Flow = {
  name: 'From the list to an image',
  barMs: 150,
  note: 'pointed at for 0.1 s, another image each time',
  sample: async ({ tab: { page }, at }, run) => {
    if (run === 0) {
      await page.goto(singleImages(at));
      await page.locator(anyRow).first().waitFor();
      await page.waitForTimeout(settleMs);
    } else {
      await page.goBack();
      await page.locator(anyRow).first().waitFor();
    }
    await page.waitForTimeout(lookMs);
    const link = `${table} tbody tr:nth-child(${run + 1}) td[data-name] a`;
    const name = (await page.textContent(link)) ?? '';
    await page.hover(link);
    await page.waitForTimeout(pointMs);
    return timeFrom(page, 'click', `h1 == ${name}`, () => page.click(link));
  },
};

const openPicker: Flow = {
  name: 'Image picker with all its candidates',
  barMs: 300,
  note: 'Replace, on the page of an image, to the first of the candidates',
  sample: async ({ tab: { page }, at, pickerImage }) => {
    await page.goto(paths.image(at, pickerImage));
    await page.getByRole('button', { name: 'Replace', exact: true }).waitFor();
    await page.waitForTimeout(settleMs);
    const button = page.getByRole('button', { name: 'Replace', exact: true });
    await button.hover();
    await page.waitForTimeout(pointMs);
    return timeFrom(page, 'click', '[role="listbox"] [role="option"]', () => button.click());
  },
};

export const flows: readonly Flow[] = [
  coldLoad,
  firstChange,
  typing,
  changePage,
  openDetail,
  openPicker,
];

/** Frames a second and the longest gap in ms while somebody types in the open image picker. */
export async function framesWhileTyping({ tab: { page } }: Visit, run: number) {
  const field = page.getByRole('combobox', { name: 'New image' });
  await field.fill('');
  await page.waitForTimeout(lookMs);
  await page.evaluate(() => window.probe.startFrames());
  await field.pressSequentially(`fcos-4${run % 5}-20${20 + (run % 7)}`, { delay: keyMs });
  await page.waitForTimeout(lookMs);
  return framesOf(page);
}

/** The same while nothing happens: what this machine draws at best. */
export async function framesAtRest({ tab: { page } }: Visit) {
  await page.evaluate(() => window.probe.startFrames());
  await page.waitForTimeout(keyMs * 10 + lookMs);
  return framesOf(page);
}

async function framesOf(page: Page): Promise<{ perSecond: number; longestMs: number }> {
  const gaps = await page.evaluate(() => window.probe.stopFrames());
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  return { perSecond: (gaps.length * 1000) / total, longestMs: Math.max(...gaps) };
}
