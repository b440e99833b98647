import type { Page } from '@playwright/test';

import { checkAccessibility, expect, expectNoSidewaysScroll, test } from './fixtures.ts';
import { createEnvironment, post, uniqueName } from './own-objects.ts';

interface Named {
  id: string;
  name: string;
}

/** Creates an object at an account or an environment: `account/3`, `user/7`. */
async function create(
  page: Page,
  at: string,
  noun: 'images' | 'roles',
  members: object,
): Promise<Named> {
  const name = uniqueName(noun === 'images' ? 'release' : 'service');
  const data = await post(page, `${at}/${noun}/`, { name, os: { id: 'ubuntu-24-04' }, ...members });
  return { id: String(data['id']), name: String(data['name']) };
}

function registerAt(page: Page, at: string, members: object = {}): Promise<Named> {
  return create(page, at, 'images', {
    cloudImageId: `ami-${Math.random().toString(16).slice(2, 14)}`,
    cloudPlatform: 'ec2',
    cloudLocation: 'us-east-1',
    architecture: 'x86_64',
    scalrAgentInstalled: false,
    ...members,
  });
}

async function createRoleAt(page: Page, at: string, image: Named): Promise<Named> {
  const role = await create(page, at, 'roles', { category: { id: 1 }, useScalrAgent: false });
  await post(page, `${at}/roles/${role.id}/images/`, { image: { id: image.id } });
  return role;
}

/** An account with an old and a new image, a role of its own and one in its environment. */
async function createStory(page: Page) {
  const { accountId, envId } = await createEnvironment(page);
  const at = `account/${accountId}`;
  const oldImage = await registerAt(page, at);
  const newImage = await registerAt(page, at, { name: `${oldImage.name}-2` });
  const role = await createRoleAt(page, at, oldImage);
  const below = await createRoleAt(page, `user/${envId}`, oldImage);
  return { accountId, envId, at, oldImage, newImage, role, below };
}

async function openImage(page: Page, accountId: number, image: Named): Promise<void> {
  await page.goto(`/accounts/${accountId}/images/${image.id}`);
  await expect(page.getByRole('heading', { level: 1, name: image.name })).toBeVisible();
}

test.describe('replacing an image', () => {
  test('in all roles of an account, deprecates it, and is rolled back, by keyboard alone', async ({
    page,
  }) => {
    const { accountId, oldImage, newImage, role, below } = await createStory(page);
    await openImage(page, accountId, oldImage);
    const opener = page.getByRole('button', { name: 'Replace', exact: true });
    await opener.press('Enter');
    const dialog = page.getByRole('dialog', { name: `Replace ${oldImage.name}` });
    const picker = dialog.getByRole('combobox', { name: 'New image' });
    await expect(picker).toBeFocused();
    await expect(dialog.getByRole('button', { name: 'Replace', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await page.keyboard.type(newImage.name);
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await checkAccessibility(page, '[role=dialog]');
    await page.keyboard.press('Enter');

    const roles = dialog.getByRole('table', { name: 'Roles in reach' });
    await expect(roles.getByRole('link', { name: role.name })).toBeVisible();
    await expect(roles.getByRole('link', { name: below.name })).toBeVisible();
    await dialog.getByRole('radio', { name: 'Roles of this account only' }).press('Space');
    await expect(dialog.getByText(/1 more role that uses the old image/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Replace in 1 role' })).toBeVisible();
    await dialog.getByRole('radio', { name: /all its environments/ }).press('Space');
    await dialog.getByRole('checkbox', { name: 'Deprecate the old image' }).press('Space');
    await dialog.getByRole('textbox', { name: 'Reason (optional)' }).fill('Security update');
    await checkAccessibility(page, '[role=dialog]');
    const confirm = dialog.getByRole('button', { name: /^Replace in 2 roles/ });
    await confirm.press('Enter');

    await expect(dialog.getByText(/^Replaced in 2 roles\./)).toBeVisible();
    await expect(dialog.getByText(`${oldImage.name} is deprecated now.`)).toBeVisible();
    await expect(page.getByText(/^Deprecated just now by/)).toBeVisible();
    await checkAccessibility(page, '[role=dialog]');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();

    await page.getByRole('link', { name: 'Replaced in 2 roles' }).click();
    await expect(page.getByText('“Security update”')).toBeVisible();
    await checkAccessibility(page);
    await page.getByRole('button', { name: 'Roll back' }).press('Enter');
    const back = page.getByRole('dialog', { name: `Put ${oldImage.name} back?` });
    await expect(back.getByText(`2 roles get ${oldImage.name} back`)).toBeVisible();
    await expect(back.getByText(/that is taken back too/)).toBeVisible();
    await back.getByRole('button', { name: 'Roll back 2 roles' }).press('Enter');
    await expect(page.getByText(`Put ${oldImage.name} back in 2 roles.`)).toBeVisible();
    await expect(page.getByText(/^Replaced .*, then rolled back$/)).toBeVisible();
    const changed = page.getByRole('table', { name: 'Roles that changed' });
    await expect(changed.getByText('has the old image back')).toHaveCount(2);
    await expect(page.getByRole('button', { name: 'Roll back' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });

  test('is put back in the dialog that did it, all but what was changed since', async ({
    page,
  }) => {
    const { accountId, at, oldImage, newImage, role, below } = await createStory(page);
    const third = await registerAt(page, at);
    await page.goto(
      `/accounts/${accountId}/images/${oldImage.id}?dialog=replace&with=${newImage.id}`,
    );
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Replace in 2 roles' }).click();
    await expect(dialog.getByText(/^Replaced in 2 roles\./)).toBeVisible();
    await dialog.getByRole('link', { name: 'Show this replacement' }).click();
    await expect(page.getByRole('table', { name: 'Roles that changed' })).toContainText(below.name);

    await post(page, `${at}/roles/${role.id}/images/${newImage.id}/actions/replace/`, {
      image: { id: third.id },
    });
    await page.reload();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await expect(dialog.getByText('1 role changed since and stays as it is')).toBeVisible();
    await expect(dialog.getByRole('link', { name: role.name })).toBeVisible();
    await dialog.getByRole('button', { name: 'Roll back 1 role' }).click();
    await expect(page.getByText(`Put ${oldImage.name} back in 1 role.`)).toBeVisible();
  });

  test('waits for the preview of what is chosen now, and never goes by an earlier one', async ({
    page,
  }) => {
    const { accountId, oldImage, newImage } = await createStory(page);
    await page.goto(
      `/accounts/${accountId}/images/${oldImage.id}?dialog=replace&with=${newImage.id}`,
    );
    const dialog = page.getByRole('dialog');
    const confirm = dialog.getByRole('button', { name: /^Replace in/ });
    await expect(confirm).toHaveText('Replace in 2 roles');
    await expect(confirm).not.toHaveAttribute('aria-disabled', 'true');

    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    await page.route('**/preview-replace/', async (route) => {
      asked.resolve();
      await answer.promise;
      await route.continue();
    });
    // As long as the clock stands still, the next preview is not even asked for.
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await dialog.getByRole('radio', { name: 'Roles of this account only' }).press('Space');
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    await page.clock.resume();
    await asked.promise;
    await expect(confirm).toHaveAttribute('aria-disabled', 'true');
    await expect(confirm).toHaveText('Replace in 2 roles');
    answer.resolve();
    await expect(confirm).toHaveText('Replace in 1 role');
    await expect(confirm).not.toHaveAttribute('aria-disabled', 'true');
  });

  test('offers to leave roles out only when some cannot take the new image', async ({ page }) => {
    const { accountId, at, oldImage, newImage } = await createStory(page);
    const strict = await create(page, at, 'roles', { category: { id: 1 } });
    const withAgent = await registerAt(page, at, { scalrAgentInstalled: true });
    await post(page, `${at}/roles/${strict.id}/images/`, { image: { id: withAgent.id } });
    const plain = await createRoleAt(page, at, withAgent);

    await page.goto(
      `/accounts/${accountId}/images/${withAgent.id}?dialog=replace&with=${newImage.id}`,
    );
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('alert')).toContainText('1 role of 2 in reach cannot take');
    await expect(dialog.getByRole('row').filter({ hasText: strict.name })).toContainText('Stays.');
    await dialog.getByRole('checkbox', { name: /^Leave 1 role that cannot take it/ }).check();
    await dialog.getByRole('button', { name: 'Replace in 1 role' }).click();
    await expect(dialog.getByText(/^Replaced in 1 role\./)).toBeVisible();
    await expect(dialog.getByText(new RegExp(`"${strict.name}".*was skipped`))).toBeVisible();

    await page.goto(
      `/accounts/${accountId}/images/${oldImage.id}?dialog=replace&with=${newImage.id}`,
    );
    await expect(dialog.getByRole('button', { name: 'Replace in 2 roles' })).toBeVisible();
    await expect(dialog.getByRole('checkbox', { name: /^Leave/ })).toHaveCount(0);
    expect(plain.name).not.toBe(strict.name);
  });

  test('shows what is of the same line first; other software stands below and is asked about', async ({
    page,
  }) => {
    const { accountId, at, oldImage, newImage } = await createStory(page);
    const other = await registerAt(page, at, { name: uniqueName('other-software') });
    await page.goto(`/accounts/${accountId}/images/${oldImage.id}?dialog=replace`);
    const dialog = page.getByRole('dialog');
    const line = dialog.getByRole('group', { name: /^Of the same line/ });
    await expect(line.getByRole('option')).toHaveText([new RegExp(newImage.name)]);
    const others = dialog.getByRole('group', { name: /^Of another line/ });
    await expect(others.getByRole('option').first()).toContainText(other.name);
    await checkAccessibility(page, '[role=dialog]');

    // Two times Enter: the first asks, the second takes nothing.
    await dialog.getByRole('combobox', { name: 'New image' }).fill(other.name);
    await expect(dialog.getByRole('option')).toHaveCount(1);
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('alert')).toContainText('no other version');
    await checkAccessibility(page, '[role=dialog]');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Choose another image' }).click();
    await expect(dialog.getByRole('combobox', { name: 'New image' })).toHaveValue(other.name);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: `Use ${other.name} all the same` }).press('Enter');
    await expect(dialog.getByRole('link', { name: other.name })).toBeVisible();
  });
});

test.describe('when something has changed since it was shown', () => {
  test.use({ expectedErrors: [/409/] });

  test('says what is new, keeps what was typed, and asks again', async ({ page }) => {
    const { accountId, at, oldImage, newImage } = await createStory(page);
    await page.goto(
      `/accounts/${accountId}/images/${oldImage.id}?dialog=replace&with=${newImage.id}`,
    );
    const dialog = page.getByRole('dialog');
    const reason = dialog.getByRole('textbox', { name: 'Reason (optional)' });
    await reason.fill('Security update');
    const confirm = dialog.getByRole('button', { name: 'Replace in 2 roles' });
    await expect(confirm).toBeVisible();
    const late = await createRoleAt(page, at, oldImage);
    await confirm.click();
    await expect(dialog.getByRole('alert')).toContainText(`New: role ${late.name} changes`);
    await expect(reason).toHaveValue('Security update');
    await checkAccessibility(page, '[role=dialog]');
    await dialog.getByRole('button', { name: 'Replace in 3 roles' }).click();
    await expect(dialog.getByText(/^Replaced in 3 roles\./)).toBeVisible();
  });
});

test.describe('the new image', () => {
  test.use({ user: 'account-owner@example.com' });
  const address = '/accounts/1/images/25a22b70-7454-454e-8349-07bd3bc9c45b?dialog=replace';

  test('says of each that cannot be chosen why not', async ({ page }) => {
    await page.goto(address);
    const dialog = page.getByRole('dialog');
    const picker = dialog.getByRole('combobox', { name: 'New image' });
    const options = dialog.getByRole('option');
    await expect(options.first()).not.toHaveAttribute('aria-disabled', 'true');

    await picker.fill('postgresql-16-6');
    const otherSystem = options.filter({ hasText: /Choose an image of the same OS/ });
    await expect(otherSystem.first()).toHaveAttribute('aria-disabled', 'true');
    await picker.fill('fcos-44-20260707-2');
    const elsewhere = options.filter({ hasText: /same cloud and location/ });
    await expect(elsewhere.first()).toHaveAttribute('aria-disabled', 'true');
    // On the element itself: Playwright would wait for ever for what is disabled.
    await elsewhere.first().dispatchEvent('click');
    await expect(picker).toBeVisible();

    await picker.fill('fcos-44-20260607-3-1');
    const deprecated = options.filter({ hasText: /Deprecated: only roles that held it/ });
    await deprecated.filter({ hasText: 'x86_64' }).click();
    await expect(dialog.getByRole('alert')).toContainText(/deprecated/);
    await expect(dialog.getByRole('button', { name: /^Replace in/ })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await dialog.getByRole('button', { name: 'Choose another image' }).click();
    await expect(picker).toBeFocused();
  });

  test('of another architecture has to be allowed', async ({ page }) => {
    await page.goto(address);
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'New image' }).fill('fcos-44-20260707-3-1');
    await dialog
      .getByRole('option')
      .filter({ hasText: /For aarch64/ })
      .first()
      .click();
    await expect(dialog.getByRole('alert')).toContainText('another architecture');
    await dialog.getByRole('checkbox', { name: 'Allow the change of architecture' }).check();
    await expect(dialog.getByRole('alert')).toHaveCount(0);
  });

  test('shows whose servers stay on the old one, also on a small screen', async ({ page }) => {
    await page.setViewportSize({ width: 320, height: 640 });
    await page.goto(`${address}&with=ea952d47-4c45-4cf2-9b0a-ee3a0f6c6f35`);
    const dialog = page.getByRole('dialog');
    await expect(
      dialog.getByText(/\d+ servers in \d+ farms stay on ami-058319937d5719f76 until/),
    ).toBeVisible();
    await expect(
      dialog.getByRole('table', { name: 'Farms with servers on the old image' }),
    ).toContainText('Jonas Weber');
    await expectNoSidewaysScroll(page);
    await checkAccessibility(page, '[role=dialog]');
  });
});

test.describe('a new version', () => {
  test('is offered next to the old one, which is deprecated with a successor', async ({ page }) => {
    const { accountId, oldImage, newImage, role } = await createStory(page);
    const successor = uniqueName('successor');
    await openImage(page, accountId, oldImage);
    await page.getByRole('button', { name: 'New version' }).click();
    const dialog = page.getByRole('dialog', { name: `New version of ${oldImage.name}` });
    await dialog.getByRole('combobox', { name: 'New version' }).fill(newImage.name);
    await dialog.getByRole('option').filter({ hasText: newImage.name }).click();
    await expect(dialog.getByRole('radio', { name: 'Offer it next to the old' })).toBeChecked();
    await checkAccessibility(page, '[role=dialog]');
    await dialog.getByRole('button', { name: 'Choose the roles' }).click();
    await dialog.getByRole('textbox', { name: /^Name of the role after/ }).fill(successor);
    await dialog.getByRole('checkbox', { name: 'Deprecate the old image' }).check();
    await expect(dialog.getByRole('listitem')).toHaveText([
      `Copy role ${role.name} as ${successor}`,
      `Put ${newImage.name} in the place of ${oldImage.name} in ${successor}`,
      `Deprecate role ${role.name}, with ${successor} as its successor`,
      `Deprecate image ${oldImage.name}, in favour of ${newImage.name}`,
    ]);
    await checkAccessibility(page, '[role=dialog]');
    await dialog.getByRole('button', { name: 'Create 1 role with the new version' }).click();
    await expect(
      dialog.getByText(`${newImage.name} is offered next to ${oldImage.name} now.`),
    ).toBeVisible();
    await dialog.getByRole('link', { name: `Copy role ${role.name} as ${successor}` }).click();
    await expect(page.getByRole('heading', { level: 1, name: successor })).toBeVisible();
    await expect(page.getByText(newImage.name).first()).toBeVisible();
  });

  test.describe('whose name is taken', () => {
    test.use({ expectedErrors: [/409/] });

    test('says what was done and what was not, and goes on under another', async ({ page }) => {
      const { accountId, at, oldImage, newImage, role } = await createStory(page);
      const taken = await create(page, at, 'roles', { category: { id: 1 } });
      await page.goto(
        `/accounts/${accountId}/images/${oldImage.id}?dialog=new-version&with=${newImage.id}`,
      );
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Choose the roles' }).click();
      const name = dialog.getByRole('textbox', { name: `Name of the role after ${role.name}` });
      await name.fill(taken.name);
      await dialog.getByRole('button', { name: /^Create 1 role/ }).click();
      await expect(dialog.getByText('Stopped: 0 of 3 steps done, 3 not.')).toBeVisible();
      await expect(dialog.getByRole('alert')).toContainText(taken.name);
      await dialog.getByRole('button', { name: 'Back to the plan' }).click();
      await name.fill(uniqueName('free'));
      await dialog.getByRole('button', { name: /^Create 1 role/ }).click();
      await expect(dialog.getByText(/is offered next to/)).toBeVisible();
    });
  });

  test('goes on to replace everywhere with the image that was chosen', async ({ page }) => {
    const { accountId, oldImage, newImage } = await createStory(page);
    await page.goto(
      `/accounts/${accountId}/images/${oldImage.id}?dialog=new-version&with=${newImage.id}`,
    );
    await page.getByRole('radio', { name: 'Replace everywhere' }).check();
    await page.getByRole('button', { name: 'See what would be replaced' }).click();
    const dialog = page.getByRole('dialog', { name: `Replace ${oldImage.name}` });
    await expect(dialog.getByRole('button', { name: 'Replace in 2 roles' })).toBeVisible();
  });
});
