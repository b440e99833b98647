import { createEnvironment, post, registerImage, uniqueName } from './own-objects.ts';
import { checkAccessibility, expect, test } from './fixtures.ts';

// Chromium reports every refusal, which one of these tests is about.
test.use({ user: 'corporate-admin@example.com', expectedErrors: [/status of 400/] });

/** Two versions of a line in an environment of the test's own. */
async function createLine(page: Parameters<typeof registerImage>[0]) {
  const { envId } = await createEnvironment(page);
  const line = uniqueName('web').replaceAll(/-1$/g, 'x');
  const old = await registerImage(page, envId, { name: `${line}-1` });
  const next = await registerImage(page, envId, { name: `${line}-2` });
  return { envId, old, next };
}

test('a policy is made, looked at row by row, enforced and undone, and Activity tells of it', async ({
  page,
}) => {
  const { envId, old, next } = await createLine(page);
  await page.goto(`/environments/${envId}/images`);
  await page.getByRole('link', { name: 'Policies' }).click();
  await expect(page.getByText('No policies here yet')).toBeVisible();
  await checkAccessibility(page);

  await page.getByRole('link', { name: 'New policy' }).first().click();
  const dialog = page.getByRole('dialog', { name: 'New policy' });
  await dialog.getByLabel('Name', { exact: true }).fill('Old versions');
  await dialog.getByLabel('Older than (days)').fill('');
  await dialog.getByLabel('Newest that always stay').fill('1');
  await dialog.getByRole('button', { name: 'Make policy' }).click();

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Old versions');
  const enforce = page.getByRole('button', { name: 'Enforce', exact: true });
  await page.getByRole('button', { name: 'Evaluate' }).click();
  await expect(page.getByText('1 due, 0 later, 1 stay')).toBeVisible();
  const findings = page.getByRole('table', { name: 'Findings' });
  await expect(findings.getByRole('row', { name: new RegExp(old.name) })).toContainText(
    'a newer one of its line',
  );
  await expect(findings.getByRole('row', { name: new RegExp(next.name) })).toContainText('Stays');
  await checkAccessibility(page);

  await page.getByRole('link', { name: '1 image', exact: true }).click();
  await expect(findings.getByRole('link', { name: next.name })).toHaveCount(0);
  await expect(findings.getByRole('link', { name: old.name })).toBeVisible();

  await enforce.click();
  const confirm = page.getByRole('dialog', { name: 'Enforce Old versions?' });
  await expect(confirm).toContainText('1 image is deprecated within a minute');
  await confirm.getByRole('button', { name: 'Enforce policy' }).click();
  await expect(page.getByRole('button', { name: 'Back to audit' })).toBeVisible();

  const did = page.getByRole('region', { name: 'What it did' });
  await expect(did).toContainText('1 image was deprecated.', { timeout: 30_000 });
  await did.getByRole('button', { name: 'Undo' }).click();
  await page
    .getByRole('dialog', { name: 'Undo this run?' })
    .getByRole('button', { name: 'Restore images' })
    .click();
  await expect(did).toContainText('1 restored');
  await expect(enforce).toBeVisible();
  // Closing goes a step back, which would take the next page away.
  await expect(page.getByRole('dialog')).toBeHidden();

  await page.goto(`/environments/${envId}/activity`);
  await expect(page.getByText('carried out a policy')).toBeVisible();
  await expect(page.getByText('undid what a policy did')).toBeVisible();
});

test('a protected image cannot be deleted until its protection is ended', async ({ page }) => {
  const { envId, old } = await createLine(page);
  await page.goto(`/environments/${envId}/images/${old.id}?dialog=protect`);
  const dialog = page.getByRole('dialog', { name: `Protect ${old.name}?` });
  await dialog.getByLabel('Reason').fill('Audit until May');
  await dialog.getByRole('button', { name: 'Protect image' }).click();
  const isProtected = page.getByText('Protected', { exact: true });
  await expect(isProtected).toBeVisible();
  await expect(page.getByText('Audit until May').first()).toBeVisible();
  await page.getByRole('button', { name: /More actions/ }).click();
  await expect(page.getByRole('menuitem', { name: /^Delete/ })).toContainText(
    'End its protection first',
  );
  await page.getByRole('menuitem', { name: 'End protection' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End protection' }).click();
  await expect(isProtected).toHaveCount(0);
});

test('a policy is made with the keyboard alone, and a wrong pattern is told on its field', async ({
  page,
}) => {
  const { envId } = await createEnvironment(page);
  await page.goto(`/environments/${envId}/policies?dialog=new`);
  const dialog = page.getByRole('dialog', { name: 'New policy' });
  await dialog.getByLabel('What it does').selectOption('names');
  await dialog.getByLabel('Name', { exact: true }).fill('Names of ours');
  const pattern = dialog.getByLabel('Pattern');
  await pattern.fill('(a+)+');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText(/is no part of a pattern/)).toBeVisible();
  await expect(pattern).toBeFocused();
  await pattern.fill('team-{software}-{version}');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Names of ours');
});

test('policies fit a narrow window', async ({ page }) => {
  const { envId } = await createLine(page);
  const policy = await post(page, `user/${envId}/policies/`, {
    name: 'Old versions',
    kind: 'deprecate',
    rule: { olderThanDays: 30, keepNewest: 1 },
  });
  await post(page, `user/${envId}/policies/${String(policy['id'])}/actions/evaluate/`, {});
  await page.setViewportSize({ width: 320, height: 800 });
  await page.goto(`/environments/${envId}/policies/${String(policy['id'])}`);
  await expect(page.getByText('0 due, 1 later, 1 stay')).toBeVisible();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});
