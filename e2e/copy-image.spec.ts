import { checkAccessibility, expect, test } from './fixtures.ts';
import { whileLoopRests } from '../server/testing/held-loop.ts';
import { createEnvironment, registerImage } from './own-objects.ts';

test.describe('copying an image to another location', () => {
  test('leads to the copy, which becomes usable when its cloud has made it', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const image = await registerImage(page, envId);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    await page.getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Copy to another location' }).click();
    const dialog = page.getByRole('dialog', { name: `Copy ${image.name} to another location` });
    const region = dialog.getByRole('combobox', { name: 'Region' });
    await expect(region).toBeFocused();
    await expect(region.getByRole('option', { name: 'us-east-1' })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Copy image' }).click();
    await expect(region).toHaveAccessibleDescription(/Choose a region/);
    await region.selectOption('eu-west-1');
    const promote = page.getByRole('button', { name: 'Promote' });
    await whileLoopRests('image-copies', process.env.SLIPWAY_E2E_DATA ?? '', async () => {
      await dialog.getByRole('button', { name: 'Copy image to eu-west-1' }).click();
      await expect(page.getByText(`${image.name} is being copied to eu-west-1.`)).toBeVisible();
      await expect(page.getByRole('heading', { level: 1, name: image.name })).toBeVisible();
      await expect(page.getByText('The cloud is still making this copy.')).toBeVisible();
      await expect(promote).toHaveAccessibleDescription(/still being copied/);
      await checkAccessibility(page);
    });

    // No reload: the page looks by itself until the cloud has finished.
    await expect(page.getByText('The cloud is still making this copy.')).toHaveCount(0, {
      timeout: 30_000,
    });
    await expect(
      page.getByRole('button', { name: /^Copy cloud image ID ami-/ }).first(),
    ).toBeVisible();
    await expect(promote).not.toHaveAttribute('aria-disabled', 'true');
    const twins = page.getByRole('table', { name: 'The same image in other places' });
    await twins.getByRole('link', { name: 'EC2 us-east-1' }).click();

    await page.getByRole('button', { name: /^More actions/ }).click();
    await page.getByRole('menuitem', { name: 'Copy to another location' }).click();
    await expect(region.getByRole('option', { name: 'eu-west-2' })).toHaveCount(1);
    await expect(region.getByRole('option', { name: 'eu-west-1' })).toHaveCount(0);
  });

  test('is not offered for an image of another cloud, and says why', async ({ page }) => {
    const { envId } = await createEnvironment(page);
    const onGce = { cloudPlatform: 'gce', cloudLocation: '' };
    const image = await registerImage(page, envId, onGce);
    await page.goto(`/environments/${envId}/images/${image.id}`);
    await page.getByRole('button', { name: /^More actions/ }).click();
    const item = page.getByRole('menuitem', { name: 'Copy to another location' });
    await expect(item).toHaveAttribute('aria-disabled', 'true');
    await expect(item).toHaveAccessibleDescription(/only images on ec2 can be copied/);
  });
});
