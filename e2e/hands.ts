import type { Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** How somebody works with the page: the same steps by mouse, or by keyboard alone. */
export interface Hands {
  name: string;
  /** Presses a button, follows a link, chooses from a menu. */
  press: (target: Locator) => Promise<void>;
  /** Opens one of the pages that the navigation has. */
  turnTo: (name: string) => Promise<void>;
  /** Chooses from a list of which a field is, as `option` of `field`. */
  choose: (field: Locator, option: Locator) => Promise<void>;
  /** Types into a field. */
  write: (field: Locator, text: string) => Promise<void>;
}

export const mouse = (page: Page): Hands => ({
  name: 'mouse',
  press: (target) => target.click(),
  turnTo: (name) =>
    page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: new RegExp(`^${name}`) })
      .click(),
  choose: (_field, option) => option.click(),
  write: (field, text) => field.fill(text),
});

/** More keys than anybody would press. */
const patience = 120;

/** The key that leads from where the focus is towards an element; undefined once it is there. */
function nextKey(target: Element): string | undefined {
  const focused = document.activeElement;
  if (focused === target || focused === null) return undefined;
  if (target.closest('[role=menu]')?.contains(focused) === true) return 'ArrowDown';
  // A table is one stop for Tab, with arrow keys inside.
  const table = target.closest('table');
  const [row, from] = [target.closest('tr'), focused.closest('tr')];
  const way = focused.compareDocumentPosition(target);
  if (row === null || from === null || table?.contains(focused) !== true)
    return way & Node.DOCUMENT_POSITION_PRECEDING ? 'Shift+Tab' : 'Tab';
  if (row !== from) return row.rowIndex > from.rowIndex ? 'ArrowDown' : 'ArrowUp';
  return way & Node.DOCUMENT_POSITION_FOLLOWING ? 'ArrowRight' : 'ArrowLeft';
}

async function reach(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let presses = 0; presses < patience; presses += 1) {
    const key = await target.evaluate(nextKey);
    if (key === undefined) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The keyboard does not reach ${String(target)}`);
}

/** Keys that `?` lists. */
const shortcuts: Readonly<Record<string, string>> = { Images: 'i', Roles: 'r', Replacements: 'p' };

export const keyboard = (page: Page): Hands => ({
  name: 'keyboard',
  press: async (target) => {
    await reach(page, target);
    await page.keyboard.press('Enter');
  },
  turnTo: async (name) => {
    await page.keyboard.press('g');
    await page.keyboard.press(shortcuts[name] ?? '');
  },
  choose: async (field, option) => {
    await reach(page, field);
    await expect(option).toBeVisible();
    for (let presses = 0; presses < patience; presses += 1) {
      if ((await option.getAttribute('aria-selected')) === 'true') break;
      await page.keyboard.press('ArrowDown');
    }
    await expect(option).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Enter');
  },
  write: async (field, text) => {
    await reach(page, field);
    await page.keyboard.type(text);
  },
});
