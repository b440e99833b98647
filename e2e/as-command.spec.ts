import type { Locator, Page } from '@playwright/test';
import fc from 'fast-check';

import { missingTools } from '../server/testing/automation/shell-tools.ts';
import { paths } from '../src/util/paths.ts';
import { shellWord } from '../src/util/shell.ts';

import { commandOf, expectSent, openTerminal, paste } from './commands.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';
import { createEnvironment, post, registerImage, uniqueName } from './own-objects.ts';

// "As command": what a dialog shows is what it sends, and does the same when it is pasted.

const administrator = 'corporate-admin@example.com';
const nasty = `it's "100 %" of $HOME, \`id\` and \\ é;\n  on two lines & more`;

interface Home {
  page: Page;
  at: { scope: 'environment'; environmentId: number };
  accountId: number;
  envId: number;
  /** The open dialog. */
  dialog: Locator;
}

async function openHome(page: Page): Promise<Home> {
  const { accountId, envId } = await createEnvironment(page);
  const at = { scope: 'environment', environmentId: envId } as const;
  return { page, at, accountId, envId, dialog: page.getByRole('dialog') };
}

async function createRole({ page, envId }: Home, imageId?: string) {
  const name = uniqueName('role');
  const members = { category: { id: 1 }, os: { id: 'ubuntu-24-04' }, useScalrAgent: false };
  const id = Number((await post(page, `user/${envId}/roles/`, { name, ...members }))['id']);
  const image = { image: { id: imageId } };
  if (imageId !== undefined) await post(page, `user/${envId}/roles/${id}/images/`, image);
  return { id, name };
}

async function choose(within: Locator, label: string, name: string): Promise<void> {
  await within.getByRole('combobox', { name: label }).fill(name);
  await within.page().getByRole('option').filter({ hasText: name }).first().click();
}

test.beforeEach(() => {
  const why = `install ${missingTools.join(', ')}`;
  test.skip(missingTools.length > 0 && process.env.CI === undefined, why);
});

test('a word is handed on by bash to the byte, whatever is in it', async () => {
  const printed = (texts: string[]) => paste(`printf '%s\\0' ${texts.map(shellWord).join(' ')}`);
  const nul = '\0';
  const word = fc
    .string({ unit: 'binary', maxLength: 60 })
    .filter((text) => !text.includes(nul) && text.isWellFormed());
  const check = async (texts: string[]) => {
    expect(await printed(texts)).toBe(texts.map((text) => text + nul).join(''));
  };
  await check(['', ' ', "'", "''", '\\', "\\'", '!!', '~', '*', '-n', '#', '\n', '👩‍🚀', nasty]);
  // Many words at once: bash takes longer to start than to read.
  await fc.assert(fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 300 }), check), {
    numRuns: 4,
  });
});

/** Opens a dialog by its address, fills it in, and sees that it sends what it shows. */
async function carryOut(
  { page, dialog }: Home,
  address: string,
  submit: RegExp,
  fill?: () => Promise<void>,
): Promise<void> {
  await page.goto(address);
  await fill?.();
  await expectSent(page, dialog, submit);
  await expect(dialog).toBeHidden();
}

test.describe('what is shown is what is sent', () => {
  test('by the dialogs of images', async ({ page }) => {
    const home = await openHome(page);
    const { at, dialog, envId } = home;
    await page.goto(paths.newImage(at));
    const form = page.getByRole('form', { name: 'Register image' });
    await form.getByText('As command').click();
    await expect(form.getByText('Complete the form first')).toBeVisible();
    await form.getByRole('combobox', { name: 'Location' }).fill('us-east-1');
    await form
      .getByRole('textbox', { name: 'Cloud image ID' })
      .fill(`ami-${String(envId).padStart(8, '0')}`);
    await form.getByRole('textbox', { name: 'Name' }).fill('nginx-1-27');
    await form.getByRole('combobox', { name: 'Operating system' }).selectOption('ubuntu-24-04');
    await form.getByRole('textbox', { name: 'Description' }).fill(nasty);
    await expectSent(page, form, /^Register image in/);
    await expect(page).toHaveURL(/\/images\/[0-9a-f-]{36}$/);
    const imageId = page.url().split('/').at(-1) ?? '';
    const address = (name: string) => paths.image(at, imageId, { dialog: name });
    const successor = await registerImage(page, envId);

    await carryOut(home, address('rename'), /^Save name/, () =>
      dialog.getByRole('textbox', { name: 'Description' }).fill(`${nasty}!`),
    );
    await carryOut(home, address('deprecate'), /^Deprecate image/, async () => {
      await dialog.getByRole('textbox', { name: 'Reason' }).fill(nasty);
      await choose(dialog, 'Use instead', successor.name);
    });
    await carryOut(home, address('restore'), /^Restore image/);
    await carryOut(home, address('delete'), /^Delete image/, () =>
      dialog.getByRole('checkbox', { name: 'Also delete the machine image' }).check(),
    );
    await carryOut(
      home,
      paths.image(at, successor.id, { dialog: 'copy' }),
      /^Copy image to/,
      async () => {
        await dialog.getByRole('combobox', { name: 'Region' }).selectOption('eu-west-1');
      },
    );
    await carryOut(
      home,
      paths.image(at, successor.id, { dialog: 'promote' }),
      /^Promote image and show it/,
    );
  });

  test('by the dialogs of many images, of replacing and of rolling back', async ({ page }) => {
    const home = await openHome(page);
    const { at, dialog, envId } = home;
    const [old, next] = [await registerImage(page, envId), await registerImage(page, envId)];
    await createRole(home, old.id);
    const replace = { dialog: 'replace', with: next.id };
    await page.goto(paths.image(at, old.id, replace));
    await dialog.getByRole('textbox', { name: 'Reason' }).fill(nasty);
    await dialog.getByRole('checkbox', { name: 'Deprecate the old image' }).check();
    await expectSent(page, dialog, /^Replace in 1 role/);
    await dialog.getByRole('link', { name: 'Show this replacement' }).click();
    await page.getByRole('button', { name: 'Roll back' }).click();
    await expectSent(page, dialog, /^Roll back 1 role/);
    await expect(dialog).toBeHidden();

    await page.goto(paths.images(at, { view: 'images', scope: 'environment' }));
    await page.getByRole('checkbox', { name: /Select all/ }).check();
    await page.getByRole('button', { name: 'Deprecate 2 images' }).click();
    await expectSent(page, dialog, /^Deprecate 2 images/);
    await expect(dialog.getByRole('status').first()).toHaveText('2 images deprecated.');
  });

  test('by the dialogs of roles', async ({ page }) => {
    const home = await openHome(page);
    const { at, dialog } = home;
    await page.goto(paths.newRole(at));
    const form = page.getByRole('form', { name: 'New role' });
    await form.getByRole('textbox', { name: 'Name' }).fill(uniqueName('web'));
    await form.getByRole('combobox', { name: 'Operating system' }).selectOption('ubuntu-24-04');
    await choose(form, 'Category', 'Base');
    await form.getByRole('textbox', { name: 'Description' }).fill(nasty);
    await expectSent(page, form, /^Create role in/);
    await expect(page).toHaveURL(/\/roles\/\d+$/);
    const roleId = page.url().split('/').at(-1) ?? '';
    const role = (name: string) => paths.role(at, roleId, { dialog: name });
    const other = await createRole(home);

    await carryOut(home, role('edit'), /^Save role/, () =>
      dialog.getByRole('textbox', { name: 'Description' }).fill(`${nasty}!`),
    );
    await carryOut(home, role('deprecate'), /^Deprecate role/, async () => {
      await dialog.getByRole('textbox', { name: 'Reason' }).fill(nasty);
      await choose(dialog, 'Use instead', other.name);
    });
    await carryOut(home, role('restore'), /^Restore role/);
    await carryOut(home, role('clone'), /^Clone role/, () =>
      dialog.getByRole('textbox', { name: 'Name' }).fill(uniqueName('copy')),
    );
    await carryOut(home, role('delete'), /^Delete role/);
    await carryOut(home, paths.role(at, other.id, { dialog: 'promote' }), /^Promote role/);
  });

  test('by the dialogs of the images of a role', async ({ page }) => {
    const home = await openHome(page);
    const { at, dialog, envId } = home;
    const old = await registerImage(page, envId);
    const next = await registerImage(page, envId, { name: old.name.replace(/1$/, '2') });
    const { id } = await createRole(home);
    const role = (name: string, on?: string) => paths.role(at, id, { dialog: name, on });
    await carryOut(home, role('add-image'), /^Add image/, () => choose(dialog, 'Image', old.name));
    await carryOut(home, role('replace-image', old.id), /^Replace in 1 role/, () =>
      choose(dialog, 'New image', next.name),
    );
    await carryOut(home, role('remove-image', next.id), /^Remove from 1 role/);
  });

  test('by the dialogs of accounts and environments', async ({ page }) => {
    const home = await openHome(page);
    const { accountId, dialog } = home;
    const account = { scope: 'account', accountId } as const;
    const name = (text: string) => () => dialog.getByRole('textbox', { name: 'Name' }).fill(text);
    const open = (at: Parameters<typeof paths.farms>[0], name: string) =>
      paths.farms(at, { dialog: name });
    await carryOut(home, open(account, 'new-environment'), /^Create/, name("Bob's $HOME"));
    await expect(page).toHaveURL(/\/environments\/\d+/);
    const envId = Number(page.url().split('/').at(-2));
    const environment = { scope: 'environment', environmentId: envId } as const;
    await carryOut(home, open(environment, 'rename-scope'), /^Rename/, name('a "b" & c'));
    await carryOut(home, open(environment, 'delete-scope'), /^Delete/);
    await carryOut(home, open(account, 'rename-scope'), /^Rename/, name(uniqueName("it's")));
    await carryOut(
      home,
      open({ scope: 'scalr' }, 'new-account'),
      /^Create/,
      name(uniqueName('$x')),
    );
    await expect(page).toHaveURL(/\/accounts\/\d+\/farms$/);
    const made = { scope: 'account', accountId: Number(page.url().split('/').at(-2)) } as const;
    await carryOut(home, open(made, 'delete-scope'), /^Delete/);
  });
});

test.describe('what is pasted does the same', () => {
  const descriptionOf = async (page: Page, envId: number, imageId: string) => {
    const answer = await page.request.get(`/api/v1beta0/user/${envId}/images/${imageId}/`);
    const { data } = (await answer.json()) as { data: { description: string } };
    return data.description;
  };

  for (const tool of ['scalr-ctl', 'curl'] as const) {
    test(`with ${tool}, to the byte`, async ({ page }) => {
      const { at, dialog, envId } = await openHome(page);
      const { id } = await registerImage(page, envId);
      await page.goto(paths.image(at, id, { dialog: 'rename' }));
      const run = await openTerminal(page, administrator);
      await dialog.getByRole('textbox', { name: 'Description' }).fill(nasty);
      const command = await commandOf(dialog, tool);
      await checkAccessibility(page, '[role=dialog]');
      await run(command);
      expect(await descriptionOf(page, envId, id)).toBe(nasty);
    });

    test(`with ${tool}, where each step builds on the one before`, async ({ page }) => {
      const home = await openHome(page);
      const { at, dialog, envId } = home;
      const [old, next] = [await registerImage(page, envId), await registerImage(page, envId)];
      const role = await createRole(home, old.id);
      const successor = uniqueName('successor');
      await page.goto(paths.image(at, old.id, { dialog: 'new-version', with: next.id }));
      const run = await openTerminal(page, administrator);
      await dialog.getByRole('button', { name: 'Choose the roles' }).click();
      await dialog.getByRole('textbox', { name: /^Name of the role after/ }).fill(successor);
      await run(await commandOf(dialog, tool));
      await page.goto(paths.role(at, role.id));
      await expect(page.getByText('Deprecated').first()).toBeVisible();
      await page.getByRole('link', { name: successor }).click();
      await expect(page.getByRole('table', { name: 'Images by location' })).toContainText(
        next.name,
      );
    });
  }

  test('with scalr-ctl at the other scopes', async ({ page }) => {
    const { accountId, envId, dialog, ...home } = await openHome(page);
    const place = { cloudPlatform: 'ec2', cloudLocation: 'us-east-1' };
    const members = { ...place, os: 'ubuntu-24-04', architecture: 'x86_64' };
    const register = async (name: string) => {
      const image = { ...members, name, cloudImageId: uniqueName('ami') };
      return (await post(page, `account/${accountId}/images/`, image))['id'] as string;
    };
    const [old, next] = [await register('web-1'), await register('web-2')];
    const role = await createRole({ ...home, accountId, envId, dialog }, old);
    const account = { scope: 'account', accountId } as const;
    await page.goto(paths.image(account, old, { dialog: 'replace', with: next }));
    const run = await openTerminal(page, administrator);
    await run(await commandOf(dialog, 'scalr-ctl'));
    await page.goto(paths.role(home.at, role.id));
    await expect(page.getByRole('table', { name: 'Images by location' })).toContainText('web-2');

    await page.goto(paths.farms(account, { dialog: 'rename-scope' }));
    await dialog.getByRole('textbox', { name: 'Name' }).fill('x');
    await expect(dialog.getByText('As command')).toBeVisible();
    await dialog.getByText('As command').click();
    await expect(dialog.getByText('scalr-ctl has no command for this.')).toBeVisible();
  });

  test('for API keys, which only the server’s own command makes', async ({ page }) => {
    const name = uniqueName("it's $HOME");
    await page.goto('/profile?dialog=create-key');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog.getByText('As command').click();
    const command = (await dialog.locator('code').textContent()) ?? '';
    const data = process.env.SLIPWAY_E2E_DATA ?? '';
    await paste(`${command} --data ${shellWord(data)}`);
    await page.goto('/profile');
    await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  });
});
