import { createFarm } from './own-farms.ts';
import { post, registerImage } from './own-objects.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';

test.use({ user: 'corporate-admin@example.com' });

test('a farm is moved to the new image from its page, watched, and moved back', async ({
  page,
}) => {
  const { envId, farmId, name, image } = await createFarm(page, {
    minInstances: 2,
    maxInstances: 2,
  });
  const newImage = await registerImage(page, envId);
  const found = await page.request.get(`/api/v1beta0/user/${envId}/images/?name=${image}`);
  const [old] = ((await found.json()) as { data: { id: string }[] }).data;
  const replace = `user/${envId}/images/${old?.id ?? ''}/actions/replace/`;
  await post(page, replace, { newImage: newImage.id });

  await page.goto(`/environments/${envId}/farms/${farmId}`);
  await page.getByRole('button', { name: 'Move to the new image' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move servers to the new image' });
  await dialog.getByLabel('At once').fill('100%');
  await dialog.getByLabel('Most unavailable').fill('100%');
  await dialog.getByLabel('Bake time').fill('0');
  await dialog.getByRole('button', { name: 'Plan it' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Move ${name} to the new image`);
  await expect(page.getByText('2 servers of 1 farm in 1 environment')).toBeVisible();
  await checkAccessibility(page);
  await page.getByRole('button', { name: 'Start' }).click();
  const confirm = page.getByRole('dialog', { name: 'Move 2 servers?' });
  await expect(confirm).toContainText(name);
  await confirm.getByRole('button', { name: 'Move 2 servers' }).click();

  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Resume' }).click();
  const waitLong = { timeout: 60_000 };
  await expect(page.getByText('2 of 2 moved')).toBeVisible(waitLong);
  const servers = page.getByRole('table', { name: 'Servers of the rollout' });
  await expect(servers.getByText('Moved')).toHaveCount(2);
  await checkAccessibility(page);

  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo rollout' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Back: ${name}`);
  await expect(page.getByText('2 of 2 moved')).toBeVisible(waitLong);

  await page.getByRole('link', { name: 'Rollouts' }).first().click();
  const list = page.getByRole('table', { name: 'Rollouts' });
  await expect(list.getByRole('link', { name: `Move ${name} to the new image` })).toBeVisible();
});

test('everything old in an account is planned in waves, and nothing moves by that', async ({
  page,
}) => {
  await page.goto('/accounts/1/usage');
  await page.getByRole('button', { name: 'Move to the new image' }).click();
  await page.getByRole('button', { name: 'Plan it' }).click();
  await page.getByText('Move in waves, environment by environment').click();
  await page.getByRole('combobox', { name: /^Wave of production$/ }).selectOption('2');
  await page.getByRole('button', { name: 'Plan in these waves' }).click();
  const waves = page.getByRole('listitem').filter({ hasText: /\d servers?, about/ });
  await expect(waves).toHaveCount(2);
  await expect(waves.last()).toContainText('production:');
  await page.getByRole('button', { name: 'Start' }).click();
  const confirm = page.getByRole('dialog', { name: /^Move \d+ servers\?$/ });
  const move = confirm.getByRole('button', { name: /^Move \d+ servers$/ });
  await expect(move).toHaveAttribute('aria-disabled', 'true');
  await confirm.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Cancel plan' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel plan' }).click();
  await expect(page.getByText('It was never started.')).toBeVisible();
});
