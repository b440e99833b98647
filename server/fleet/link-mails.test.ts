import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { buildTestApp } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { startOwnerMessages } from './owner-messages.ts';

const database = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let server: MailServer;
let loop: { stop(): Promise<void> };

beforeAll(async () => {
  app = buildTestApp(database.db);
  tenant = await createTenant(database.db);
  server = await startMailServer();
  const from = { name: 'Slipway', address: 'slipway@example.com' };
  const smtp = { url: server.settings['SMTP_URL'] ?? '', demandsTls: false, from };
  loop = startOwnerMessages(database.db, { smtp, webhook: undefined });
});
afterAll(async () => {
  await loop.stop();
  await app.close();
  await server.close();
});

const post = (path: string, payload: object) =>
  app.inject({
    method: 'POST',
    url: `/api/v1beta0/self/${path}/`,
    headers: { host: 'localhost', origin: 'http://localhost' },
    payload,
  });

it('whoever asks for a link gets it by mail, a few times and no more; nobody learns who is there', async () => {
  const { email } = tenant.viewer;
  const unknown = await post('sign-in-links', { email: 'nobody@example.com' });
  const known = await post('sign-in-links', { email: email.toUpperCase() });
  expect([unknown.statusCode, known.statusCode]).toEqual([202, 202]);
  expect(unknown.json().data).toEqual(known.json().data);
  for (let more = 0; more < 4; more += 1)
    expect((await post('sign-in-links', { email })).statusCode).toBe(202);

  await vi.waitFor(async () => {
    const due = database.db.selectFrom('outbox').where('done_at', 'is', null).select('id');
    expect(await due.execute()).toEqual([]);
  }, 20_000);
  expect(server.mails.map(({ to }) => [to].flat()[0]?.text)).toEqual([email, email, email]);
  const token = /#token=(\S+)/.exec(server.mails[0]?.text ?? '')?.[1];
  expect((await post('session', { token })).json().data.user.email).toBe(email);
  // What would let somebody in lies nowhere in the database.
  const jobs = await database.db.selectFrom('outbox').selectAll().execute();
  for (const { text = '' } of server.mails)
    expect(JSON.stringify(jobs)).not.toContain(/#token=(\S+)/.exec(text)?.[1]);
});

it('one network asks for some links and no more', async () => {
  const statuses: number[] = [];
  for (let each = 0; each < 16; each += 1)
    statuses.push(
      (await post('sign-in-links', { email: `nobody-${each}@example.com` })).statusCode,
    );
  expect(statuses.at(-1)).toBe(429);
});

it('without mail, it is said that there is none', async () => {
  const channels = { mail: false, webhook: false, address: '' };
  const without = buildTestApp(database.db, { channels });
  const answer = await without.inject({
    method: 'POST',
    url: '/api/v1beta0/self/sign-in-links/',
    headers: { host: 'localhost', origin: 'http://localhost' },
    payload: { email: 'ann@example.com' },
  });
  expect(answer.statusCode).toBe(409);
  await without.close();
});
