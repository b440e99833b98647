import { checkAccessibility, expect, test } from './fixtures.ts';
import { createEnvironment, registerImage } from './own-objects.ts';

test.describe('an image that is to be published', () => {
  test('is tried with a role, a farm and a server in one dialog, then promoted', async ({
    page,
  }) => {
    const { accountId, envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    await page.getByRole('button', { name: `More actions for ${image.name}` }).click();
    await page.getByRole('menuitem', { name: 'Try it' }).click();
    const dialog = page.getByRole('dialog', { name: `Try ${image.name}` });
    const launch = dialog.getByRole('button', { name: 'Launch a server' });
    await expect(launch).toBeFocused();
    await checkAccessibility(page, '[role="dialog"]');

    // Bad input is said where it is, and nothing that was typed is lost.
    const role = dialog.getByRole('textbox', { name: 'Name of the role' });
    const farm = dialog.getByRole('textbox', { name: 'Name of the farm' });
    await expect(role).toHaveValue(`${image.name}-test`);
    await role.fill('not a name!');
    await farm.fill('Trial farm');
    await launch.press('Enter');
    await expect(role).toHaveAccessibleDescription(/letters, digits and dashes/);
    await expect(role).toBeFocused();
    await dialog.getByRole('radiogroup', { name: 'Role' }).getByText('One that is there').click();
    await dialog.getByRole('radiogroup', { name: 'Role' }).getByText('A new role').click();
    await expect(role).toHaveValue('not a name!');
    await expect(farm).toHaveValue('Trial farm');
    await role.fill(`${image.name}-trial`);
    await role.press('Enter');

    await expect(dialog).toBeHidden();
    const servers = page.getByRole('table', { name: 'Test servers' });
    await expect(servers.getByRole('link', { name: `${image.name}-trial #1` })).toBeVisible();
    await expect(servers.getByRole('link', { name: 'Trial farm' })).toBeVisible();
    // Live: it comes up before one's eyes.
    await expect(servers.getByText('Running', { exact: true })).toBeVisible({ timeout: 60_000 });

    await page
      .getByRole('region', { name: 'Test servers' })
      .getByRole('button', { name: 'Promote' })
      .click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Promote image/ })
      .click();
    await expect(page).toHaveURL(`/accounts/${accountId}/images/${image.id}`);

    // There it cannot be tried, and that is said beforehand.
    await page.getByRole('button', { name: `More actions for ${image.name}` }).click();
    await expect(page.getByRole('menuitem', { name: 'Try it' })).toHaveAccessibleDescription(
      /Servers run in environments/,
    );
  });
});
