import { startBehindTls } from '../server/testing/network/behind-tls.ts';
import { missingTools } from '../server/testing/automation/shell-tools.ts';

import { expect, test } from './fixtures.ts';
import { signInPath } from './slipway-command.ts';

// The first page asks who is signed in, which nobody is yet.
test.use({ user: null, ignoreHTTPSErrors: true, expectedErrors: [/status of 401/] });

test('below a path of a host with TLS, people sign in, read, change and reload', async ({
  page,
}) => {
  test.skip(missingTools.includes('openssl') && process.env.CI === undefined, 'needs openssl');
  const { url, close } = await startBehindTls(process.env.SLIPWAY_E2E_DATA ?? '', '/slipway');
  const outside: string[] = [];
  page.on('request', (request) => {
    if (!`${request.url()}/`.startsWith(`${url}/`)) outside.push(request.url());
  });
  try {
    await page.goto(url + (await signInPath('account-owner@example.com')));
    await expect(page).toHaveURL(/\/slipway\/accounts\/1\/images$/);

    await page.goto(`${url}/accounts/1/images?view=images`);
    // By links of a table and of the frame, and by a loader at a whole address.
    const name = page.getByRole('table').getByRole('link').first();
    await name.click();
    await expect(page).toHaveURL(/\/slipway\/accounts\/1\/images\/[0-9a-f-]{36}/);
    await page
      .getByRole('navigation', { name: 'Main' })
      .getByRole('link', { name: /^Farms/ })
      .click();
    await expect(page).toHaveURL(`${url}/accounts/1/farms`);
    await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
    for (const path of ['usage', 'roles', 'replacements']) {
      await page.goto(`${url}/accounts/1/${path}`);
      await expect(page.getByRole('table').getByRole('link').first()).toBeVisible();
    }

    await page.goto(`${url}/profile`);
    await expect(page.getByRole('link', { name: 'API reference' })).toHaveAttribute(
      'href',
      '/slipway/api/docs',
    );
    await page.goto(`${url}/api/docs`);
    // A busy machine takes long over that much code.
    const reference = page.getByRole('heading', { name: /Slipway/ }).first();
    await expect(reference).toBeVisible({ timeout: 60_000 });
    const cookies = await page.context().cookies(url);
    expect(cookies).toMatchObject([{ name: '__Secure-slipway', path: '/slipway', secure: true }]);

    await page.goto(url);
    await page.getByRole('button', { name: /User menu/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
    expect(page.url()).toContain(`${url}/sign-in`);
    expect(outside).toEqual([]);
  } finally {
    // What it still asks for would find nobody.
    await page.close();
    await close();
  }
});
