import { expect, expectSettled, test } from './fixtures.ts';

for (const address of [
  '/corporate/images?view=images&pageSize=100',
  '/accounts/1/images?view=images&pageSize=100',
  '/accounts/1/images?view=images&pageSize=100&sort=-name',
  '/environments/1/images?view=images&pageSize=100',
  '/accounts/1/roles?pageSize=100',
  '/corporate/roles?pageSize=100',
  '/accounts/1/farms?pageSize=100',
  '/accounts/1/usage?pageSize=100',
  '/accounts/1/usage?by=farm&pageSize=100',
  '/accounts/1/usage?by=owner&pageSize=100',
  '/accounts/1/usage?by=image&pageSize=100',
]) {
  test(`no two rows of ${address} have buttons or boxes of one name`, async ({ page }) => {
    await page.goto(address);
    const table = page.getByRole('main').getByRole('table').first();
    await expect(table.locator('tbody tr[data-key]').first()).toBeVisible();
    await expectSettled(table);
    const names = await table
      .locator('tbody :is(button, input)[aria-label]')
      .evaluateAll((parts) => parts.map((part) => part.getAttribute('aria-label') ?? ''));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
}
