import { paths } from '../src/util/paths.ts';

import { expect, keepStreamAway, test } from './fixtures.ts';

const account = { scope: 'account', accountId: 1 } as const;

declare global {
  interface Window {
    /** The heights at which the first row stood, one after the other. */
    rowTops: number[];
  }
}

for (const [name, path] of Object.entries({
  images: paths.images(account),
  roles: paths.roles(account),
  farms: paths.farms(account),
  usage: paths.usage(account),
})) {
  test(`rows of ${name} stay where they were first seen while the rest of the page comes`, async ({
    page,
  }) => {
    await keepStreamAway(page);
    await page.addInitScript(() => {
      window.rowTops = [];
      const look = () => {
        const top = document.querySelector('tbody tr[data-key]')?.getBoundingClientRect().top;
        if (top !== undefined && top !== window.rowTops.at(-1)) window.rowTops.push(top);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    await page.goto(path);
    await expect(page.getByRole('navigation', { name: 'Main' }).getByRole('link')).toHaveCount(10);
    await expect(
      page.getByRole('navigation', { name: 'Pages' }).getByRole('combobox'),
    ).toBeVisible();
    await page.waitForLoadState('networkidle');
    expect(await page.evaluate(() => window.rowTops)).toHaveLength(1);
  });
}
