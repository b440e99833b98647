import type { Locator, Page } from '@playwright/test';

import { expect, test } from './fixtures.ts';
import { keyboard, mouse } from './hands.ts';
import type { Hands } from './hands.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { signInPath } from './slipway-command.ts';

// The whole way of a version in a fresh demo estate, without reading anything but the page: by mouse, and
// by keyboard alone. Each has a server of its own, since it changes what the other looks at.

const newest = 'fcos-44-20260707-3-1';
const behind = 'fcos-44-20260621-3-1';
/** Where the newest version has no image yet, and roles hold one of the version behind. */
const hole = 'ca-central-1';

test.use({ user: null, expectedErrors: [/status of 401/] });

/** A member of the API as the page's session sees it. */
async function read<Data>(page: Page, path: string): Promise<Data> {
  const answer = await page.request.get(`${new URL(page.url()).origin}/api/v1beta0/${path}`);
  expect(answer.ok(), path).toBe(true);
  const { data } = (await answer.json()) as { data: Data };
  return data;
}

interface Named {
  id: number | string;
}

/** What every role of the estate holds: `role: images`, sorted. */
async function allRoleImages(page: Page): Promise<string[]> {
  const found = new Map<number, string>();
  for (const account of await read<Named[]>(page, 'global/accounts/')) {
    for (const { id } of await read<Named[]>(page, `account/${account.id}/environments/`)) {
      const roles = await read<{ id: number; images: { image: { id: string } }[] }[]>(
        page,
        `user/${id}/roles/?include=images&maxResults=100`,
      );
      for (const role of roles)
        found.set(
          role.id,
          role.images
            .map(({ image }) => image.id)
            .toSorted()
            .join(' '),
        );
    }
  }
  return [...found].map(([id, images]) => `${id}: ${images}`).toSorted();
}

/** The newest version was not published in one place. */
async function leaveHole(page: Page): Promise<void> {
  const [image] = await read<Named[]>(
    page,
    `global/images/?name=${newest}&cloudPlatform=ec2&cloudLocation=${hole}`,
  );
  const { origin } = new URL(page.url());
  const gone = await page.request.delete(`${origin}/api/v1beta0/global/images/${image?.id}/`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(gone.ok()).toBe(true);
}

/** Counts clicks, which keys that press a button are as well. */
async function countClicks(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    sessionStorage.setItem('clicks', '0');
    const count = () =>
      sessionStorage.setItem('clicks', String(Number(sessionStorage.getItem('clicks')) + 1));
    document.addEventListener('click', count, { capture: true });
  });
  return () => page.evaluate(() => Number(sessionStorage.getItem('clicks')));
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });
const row = (table: Locator, text: string) => table.getByRole('row').filter({ hasText: text });

/** Switches to the first environment that is called so. */
async function switchTo(page: Page, hands: Hands, place: string): Promise<void> {
  await hands.press(page.getByRole('button', { name: /Switch scope/ }));
  const field = page.getByRole('combobox', { name: 'Find an account or environment' });
  const environment = (name: string) =>
    page.getByRole('treeitem').filter({ hasText: `Environment ${name}` });
  await expect(environment('staging').first()).toBeVisible();
  await hands.write(field, place);
  // Before the list has narrowed, arrows walk the longer one.
  await expect(environment('staging')).toHaveCount(0);
  await hands.choose(field, environment(place).first());
  await expect(page.getByRole('button', { name: /Switch scope/ })).toContainText(place);
}

/** Opens a version from the list of them. */
async function open(page: Page, hands: Hands, name: string): Promise<void> {
  const versions = page.getByRole('table', { name: 'Versions' });
  await hands.press(versions.getByRole('link', { name, exact: true }).first());
  await expect(heading(page)).toHaveText(name);
}

async function findWhatIsBehind(page: Page, hands: Hands): Promise<void> {
  const versions = page.getByRole('table', { name: 'Versions' });
  await expect(versions.getByRole('row').nth(1)).toContainText('newest of its line');
  await hands.press(versions.getByRole('row').nth(1).getByRole('link').first());
  await expect(heading(page)).toHaveText(newest);
  await expect(page.getByText(/^Stable stream: /)).toBeVisible();

  const line = page.getByRole('table', { name: 'Versions of the line' });
  await expect(row(line, behind)).toContainText(/[1-9]\d*.*[1-9]\d*/);
  await hands.press(line.getByRole('link', { name: behind }));
  await expect(heading(page)).toHaveText(behind);
  const places = page.getByRole('table', { name: 'Images by place and architecture' });
  await expect(row(places, 'eu-west-1')).toContainText(/[1-9]\d* roles, [1-9]\d* servers/);
  await hands.press(page.getByRole('link', { name: /^\d+ roles?$/ }).first());
  await expect(page.getByRole('table', { name: 'Roles' }).getByRole('row').nth(2)).toBeVisible();
  await page.goBack();
  await expect(heading(page)).toHaveText(behind);
}

async function replace(page: Page, hands: Hands): Promise<void> {
  const clicks = await countClicks(page);
  await hands.press(page.getByRole('button', { name: 'Replace', exact: true }));
  const dialog = page.getByRole('dialog', { name: `Replace ${behind}` });
  await expect(dialog.getByRole('combobox', { name: 'New version' })).toHaveValue(newest);
  await hands.press(dialog.getByRole('button', { name: 'Plan', exact: true }));

  await expect(heading(page)).toHaveText(`Replace ${behind} by ${newest}`);
  const places = page.getByRole('table', { name: 'Place by place' });
  await expect(row(places, 'No new image here')).toHaveCount(1);
  await expect(row(places, hole)).toContainText(/No new image here: [1-9]\d* roles? keep/);
  await expect(page.getByText(/roles change, in \d+ places\./)).toBeVisible();
  const farms = page.getByRole('table', { name: 'Farms that start on the new images' });
  await expect(farms.getByRole('row').nth(2)).toBeVisible();
  await expect(page.getByRole('table', { name: 'By environment and owner' })).toBeVisible();

  await hands.press(page.getByRole('button', { name: /^Apply: replace in \d+ roles$/ }));
  await expect(page.getByText(/^Replaced in \d+ roles\./)).toBeVisible();
  const made = await clicks();
  expect(made).toBeGreaterThan(0);
  expect(made).toBeLessThanOrEqual(5);
}

async function rollBack(page: Page, hands: Hands): Promise<void> {
  await expect(
    page.getByRole('table', { name: 'Farms with servers on the old image' }),
  ).toBeVisible();
  await hands.press(page.getByRole('button', { name: 'Roll back', exact: true }));
  const dialog = page.getByRole('dialog', { name: `Put ${behind} back?` });
  await hands.press(dialog.getByRole('button', { name: /^Roll back \d+ role images$/ }));
  await expect(page.getByText(/^Replaced .*, then rolled back$/)).toBeVisible();
}

async function promote(page: Page, hands: Hands): Promise<void> {
  const tested = 'fcos-44-20260720-2-1';
  await hands.turnTo('Images');
  await switchTo(page, hands, 'test');
  await open(page, hands, tested);
  await hands.press(
    page.getByRole('region', { name: 'Actions' }).getByRole('button', { name: 'Promote' }),
  );
  await hands.press(
    page.getByRole('button', { name: /^Promote 11 images and show them to \d+ environments$/ }),
  );
  await expect(page).toHaveURL(/\/accounts\/3\/image-sets\/\d+$/);
  await expect(heading(page)).toHaveText(tested);
  await expect(page.getByText('11 images in 6 places')).toBeVisible();
}

/** Clears what stands in the way in the dialog that opens for it. */
async function clear(page: Page, hands: Hands, button: Locator): Promise<void> {
  const what = await button.innerText();
  await hands.press(button);
  const dialog = page.getByRole('dialog').last();
  if (what.startsWith('Replace')) {
    const field = dialog.getByRole('combobox', { name: 'New image' });
    await hands.choose(field, dialog.getByRole('option').first());
    await hands.press(dialog.getByRole('button', { name: 'Replace in 1 role' }));
  } else await hands.press(dialog.getByRole('button', { name: /^(?:Remove from|Terminate)/ }));
  await expect(page.getByRole('dialog')).toHaveCount(1);
}

async function deleteUsed(page: Page, hands: Hands): Promise<void> {
  const used = 'fcos-44-20260707-1-1';
  await hands.turnTo('Images');
  await switchTo(page, hands, 'sandbox');
  await open(page, hands, used);
  await hands.press(page.getByRole('button', { name: `More actions for ${used}` }));
  await hands.press(page.getByRole('menuitem', { name: 'Delete' }));
  const dialog = page.getByRole('dialog', { name: `Delete ${used}?` });
  const submit = dialog.getByRole('button', { name: /^Delete \d images$/ });
  await expect(submit).toHaveAttribute('aria-disabled', 'true');
  await expect(dialog.getByText(/stands in the way/)).toBeVisible();
  const ways = dialog.getByRole('button', { name: /^(?:Replace in|Remove from|Terminate)/ });
  for (let left = await ways.count(); left > 0; left = await ways.count()) {
    await clear(page, hands, ways.first());
    // What was cleared has left the list; a server is ending first.
    await expect.poll(() => ways.count()).toBeLessThan(left);
  }
  await hands.press(dialog.getByRole('button', { name: 'Delete 5 images' }));
  await expect(page).toHaveURL(/\/environments\/5\/images$/);
  await expect(page.getByText('5 images are deleted.')).toBeVisible();
}

for (const handsOf of [mouse, keyboard]) {
  test.describe(`by ${handsOf.name}`, () => {
    let server: OwnServer;
    test.beforeAll(async () => {
      server = await startOwnServer();
    });
    test.afterAll(() => server.remove());

    test('a version is found, replaced over all places in five clicks at most, put back as it was, promoted, and deleted once nothing is in its way', async ({
      page,
    }) => {
      const hands = handsOf(page);
      const link = await signInPath('corporate-admin@example.com', server.data);
      await page.goto(server.address + link);
      await expect(heading(page)).toHaveText('Images');
      await leaveHole(page);
      await page.reload();
      const before = await allRoleImages(page);

      await test.step('finds what is behind', () => findWhatIsBehind(page, hands));
      await test.step('plans and applies', () => replace(page, hands));
      expect(await allRoleImages(page)).not.toEqual(before);
      await test.step('rolls back', () => rollBack(page, hands));
      expect(await allRoleImages(page)).toEqual(before);
      await test.step('promotes', () => promote(page, hands));
      await test.step('deletes', () => deleteUsed(page, hands));
    });
  });
}
