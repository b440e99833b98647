import AxeBuilder from '@axe-core/playwright';
import { test as base, expect } from '@playwright/test';
import type {
  Browser,
  BrowserContextOptions,
  ConsoleMessage,
  Locator,
  Page,
} from '@playwright/test';

import { signInPath } from './slipway-command.ts';

export { expect } from '@playwright/test';

type RunOptions = Parameters<AxeBuilder['options']>[0];
type StorageState = Exclude<BrowserContextOptions['storageState'], string | undefined>;

interface Options {
  /** Who is signed in, by e-mail address; null for nobody. */
  user: string | null;
  /** Console errors that the test provokes, such as the browser's own line for an answer 409. */
  expectedErrors: RegExp[];
}

interface WorkerFixtures {
  /** The signed-in state of somebody: one link and one session per worker. */
  sessionOf: (email: string) => Promise<StorageState>;
}

const checked: RunOptions = {
  // What passes is not described: that took longer than finding it out.
  resultTypes: ['violations'],
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  // WCAG 2.5.3; axe counts it among its experiments.
  rules: { 'label-content-name-mismatch': { enabled: true } },
};

/** Of these the rules that look at colours: what another colour scheme can break in the same page. */
const checkedColours: RunOptions = {
  resultTypes: ['violations'],
  runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

async function signIn(browser: Browser, baseURL: string, email: string): Promise<StorageState> {
  const page = await browser.newPage({ baseURL });
  await page.goto(await signInPath(email));
  await page.waitForURL((url) => url.pathname !== '/sign-in');
  const state = await page.context().storageState();
  await page.close();
  return state;
}

/** Tests against the real server: signed in as `user`, and failing on any unexpected console error. */
export const test = base.extend<Options & { noErrors: undefined }, WorkerFixtures>({
  user: ['corporate-admin@example.com', { option: true }],
  expectedErrors: [[], { option: true }],

  sessionOf: [
    async ({ browser }, provide, { project }) => {
      const states = new Map<string, Promise<StorageState>>();
      const baseURL = project.use.baseURL ?? '';
      await provide((email) => {
        const known = states.get(email) ?? signIn(browser, baseURL, email);
        states.set(email, known);
        return known;
      });
    },
    { scope: 'worker' },
  ],

  storageState: async ({ user, sessionOf }, provide) => {
    await provide(user === null ? undefined : await sessionOf(user));
  },

  noErrors: [
    async ({ page, expectedErrors }, provide) => {
      const errors: string[] = [];
      const isExpected = (text: string) => expectedErrors.some((pattern) => pattern.test(text));
      const note = (text: string) => {
        if (!isExpected(text)) errors.push(text);
      };
      page.on('console', (message: ConsoleMessage) => {
        if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
      });
      page.on('pageerror', (error) => note(String(error)));
      // Also what was caught, which the console does not tell.
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const { effectiveDirective, blockedURI, sample } = event;
          throw new Error(`${effectiveDirective} forbids ${blockedURI} ${sample}`);
        });
      });
      await provide(undefined);
      expect(errors, 'errors in the console').toEqual([]);
    },
    { auto: true },
  ],
});

/**
 * Fails on any violation of WCAG 2.2 AA that can be found by machine, of colours in light and in dark, naming the
 * element.
 * @param within a selector, for what floats over a page and hides parts of it
 */
export async function checkAccessibility(page: Page, within = 'body'): Promise<void> {
  await expectNoViolations(page, within, checked);
  await turnTo(page, 'dark');
  await expectNoViolations(page, within, checkedColours);
  await turnTo(page, 'light');
}

/** Lets the page follow another colour scheme, until no colour is on its way to another one. */
async function turnTo(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  // A page without the app takes the scheme that it is loaded in.
  if ((await page.locator('#root').count()) === 0) await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme);
  await page.evaluate(async () => {
    const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
    await Promise.allSettled(moving.map(({ finished }) => finished));
  });
}

async function expectNoViolations(page: Page, within: string, options: RunOptions): Promise<void> {
  // No page has frames, so nothing need be put together in a page of its own.
  const axe = new AxeBuilder({ page }).include(within).options(options).setLegacyMode();
  const { violations } = await axe.analyze();
  const found = violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
  expect(found).toEqual([]);
}

/** Waits until the page is no wider than its window: after a resize, React lays it out a moment later. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = () => document.documentElement.scrollWidth - window.innerWidth;
  await expect.poll(() => page.evaluate(overflow)).toBeLessThanOrEqual(0);
}

/** Waits until a table shows the answer to what was asked last: until then it keeps the rows before. */
export async function expectSettled(table: Locator): Promise<void> {
  await expect(table).toHaveAttribute('aria-busy', 'false');
}

/**
 * Keeps requests of the page back, so that nothing is known, or noticed, before.
 * @param url which: a pattern
 * @returns how to let them go
 */
export async function holdRequests(page: Page, url: string | RegExp): Promise<() => void> {
  const gate = Promise.withResolvers<void>();
  await page.route(url, async (route) => {
    await gate.promise;
    await route.continue();
  });
  return gate.resolve;
}

/**
 * Keeps a page from being told what changes by a stream, as some proxies do: it asks now and then instead, and its
 * network comes to rest. For pages that are opened from now on.
 */
export async function keepStreamAway(page: Page): Promise<void> {
  await page.addInitScript(() => {
    class SilentSource extends EventTarget {
      close = () => undefined;
    }
    Object.assign(window, { EventSource: SilentSource });
  });
}
