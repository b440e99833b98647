import { checkAccessibility, expect, test } from './fixtures.ts';
import { startMailServer } from '../server/testing/mail-server.ts';
import type { MailServer } from '../server/testing/mail-server.ts';
import { startOwnServer } from './own-server.ts';
import type { OwnServer } from './own-server.ts';
import { signInPath } from './slipway-command.ts';

test.describe('owners of farms on old images', () => {
  let post: MailServer;
  let server: OwnServer;

  test.beforeAll(async () => {
    post = await startMailServer();
    server = await startOwnServer(post.settings);
  });
  test.afterAll(async () => {
    await server.remove();
    await post.close();
  });
  // The browser's own line for asking who is signed in before somebody is.
  test.use({ user: null, expectedErrors: [/401/] });

  test('are listed, get the message that was edited and looked at, and are then no longer due', async ({
    page,
  }) => {
    const signIn = await signInPath('corporate-admin@example.com', server.data);
    await page.goto(server.address + signIn);
    await expect(page.getByRole('heading', { level: 1, name: 'Images' })).toBeVisible();
    await page.goto(`${server.address}/accounts/1/usage`);
    await page.getByRole('button', { name: 'Contact owners' }).click();
    const dialog = page.getByRole('dialog', { name: 'Contact owners' });
    const owners = dialog.getByRole('table', { name: /^Owners of farms/ });
    await expect(owners.getByText('Not contacted').first()).toBeVisible();
    const send = dialog.getByRole('button', { name: /^Send/ });
    await expect(send).toHaveAccessibleDescription(/Put a date in place of \[date\]/);

    const message = dialog.getByRole('textbox', { name: 'Message' });
    await message.fill((await message.inputValue()).replace('[date]', 'Friday'));
    await dialog.getByText('Preview', { exact: true }).click();
    await expect(message).toHaveValue(/^Hello [^{]+,/);
    await expect(message).toHaveValue(/Please have this done by Friday/);
    const seen = await message.inputValue();
    await checkAccessibility(page, '[role="dialog"]');

    const { mails } = post;
    const count = Number(/\d+/.exec(await send.innerText())?.[0]);
    await send.click();
    await expect.poll(() => mails.length).toBe(count);
    expect(mails.map(({ text = '' }) => text.trim())).toContain(seen.trim());
    const addressees = mails.map(({ to }) => JSON.stringify(to));
    expect(new Set(addressees).size).toBe(count);
    await expect(owners.getByRole('cell', { name: /^Sent / }).first()).toBeVisible();
    await expect(owners.getByText('Not contacted')).toHaveCount(0);
    await expect(send).toHaveAccessibleDescription(/Everybody was written to/);
  });
});
