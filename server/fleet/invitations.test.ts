import { expect, test, vi } from 'vitest';
import { withDatabase } from '../testing/database.ts';
import { createTenant, randomName } from '../testing/harness.ts';
import { startMailServer } from '../testing/mail-server.ts';
import { startOwnerMessages } from './owner-messages.ts';

const database = withDatabase();

test('an invitation is mailed with a link of its own, which no table has, and to nobody who has come since', async () => {
  const t = await createTenant(database.db);
  const invite = async () => {
    const email = `${randomName('ann')}@example.com`;
    const body = { email, role: 'viewer' } as const;
    return (await t.accountAdmin.call('userInvite', t.account, { body })).data;
  };
  const [wanted, here] = [await invite(), await invite()];
  expect(wanted.mailed).toBe(true);
  const users = database.db.updateTable('users').where('id', '=', here.user.id);
  await users.set({ joined_at: new Date() }).execute();

  const server = await startMailServer();
  const from = { name: 'Slipway', address: 'slipway@example.com' };
  const smtp = { url: server.settings['SMTP_URL'] ?? '', demandsTls: false, from };
  const loop = startOwnerMessages(database.db, { smtp, webhook: undefined }, { pollMs: 5 });
  const open = database.db.selectFrom('outbox').where('done_at', 'is', null).select('id');
  await vi.waitFor(async () => expect(await open.execute()).toEqual([]), { timeout: 15_000 });
  await loop.stop();
  await server.close();

  expect(server.mails.map(({ to }) => [to].flat()[0]?.text)).toEqual([
    expect.stringContaining(wanted.user.email),
  ]);
  const text = server.mails[0]?.text ?? '';
  expect(text).toContain(t.accountAdmin.email);
  const [, token = ''] = /#token=([\w-]+)/.exec(text) ?? [];
  expect(token).not.toBe('');
  expect(wanted.link?.url).not.toContain(token);
  const rows = await database.db.selectFrom('outbox').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token);
});
