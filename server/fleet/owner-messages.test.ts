import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ContactState } from '#contract/farms/owner-contacts.ts';
import type { Data, ServiceInput } from '#contract/operations.ts';
import { addressOf } from '../auth/authorise.ts';
import { perform } from '../perform.ts';
import { withDatabase } from '../testing/database.ts';
import { insertOldServers, insertServers } from '../testing/factories.ts';
import { createTenant, randomName, type Tenant } from '../testing/harness.ts';
import { type ContactSettings, startOwnerMessages } from './owner-messages.ts';

// Roles hold images that the test replaced in the table.
const database = withDatabase();
const template = {
  subject: '{servers} on old images {where}',
  body: 'Hello {owner},\n{farms}\n{advice}\n{links}\n{sender}',
};
const stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
});

interface Received {
  to: string[];
  mail: ParsedMail;
}

/** A real mail server on loopback. @param refuse says no to a recipient, with these words */
async function openMailServer(refuse: (to: string) => string | undefined = () => undefined) {
  const mails: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      const words = refuse(address);
      if (words === undefined) return done();
      const error = Object.assign(new Error(words.slice(4)), {
        responseCode: Number.parseInt(words, 10),
      });
      done(error);
    },
    onData: (stream, session, done) => {
      simpleParser(stream).then(
        (mail) => {
          mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), mail });
          done();
        },
        (error: Error) => done(error),
      );
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  const from = { name: 'Slipway', address: 'slipway@example.com' };
  return { mails, settings: { url: `smtp://127.0.0.1:${port}`, demandsTls: false, from } };
}

/** Has what is queued carried out until the condition holds. */
async function carryOut(settings: Partial<ContactSettings>, until: () => Promise<void> | void) {
  const errors: unknown[] = [];
  const loop = startOwnerMessages(
    database.db,
    { smtp: undefined, webhook: undefined, ...settings },
    { pollMs: 5, onError: (error) => void errors.push(error) },
  );
  try {
    await vi.waitFor(until, { timeout: 15_000, interval: 10 });
  } finally {
    await loop.stop();
  }
  expect(errors).toEqual([]);
}

async function insertOwner(values: { email?: string; status?: 'suspended' } = {}) {
  const name = randomName('Owner');
  const row = { name, email: `${name.toLowerCase()}@example.com`, ...values };
  const insert = database.db.insertInto('users').values(row).returning(['id', 'email', 'name']);
  return insert.executeTakeFirstOrThrow();
}

type ContactOperation = 'ownerContactPreview' | 'ownerContactSend' | 'ownerContactAnswer';

/** Calls as somebody for whom mail and webhooks are set up. */
async function call<Id extends ContactOperation>(
  t: Tenant,
  operation: Id,
  body: ServiceInput<Id>['body'],
  { email = t.environmentAdmin.email, channels = { mail: true, webhook: false } } = {},
): Promise<Data<Id>> {
  const user = database.db.selectFrom('users').where('email', '=', email).select('id');
  const { id: userId } = await user.executeTakeFirstOrThrow();
  const answer = await perform(database.db, {
    operation,
    caller: { kind: 'user', userId, email },
    address: addressOf(t.environment),
    input: { params: {}, query: {}, body } as unknown as ServiceInput<Id>,
    channels: { ...channels, address: 'https://slipway.test' },
  });
  return answer.data;
}

/** Where it stands with each owner, by name. */
async function statesOf(t: Tenant): Promise<Record<string, ContactState>> {
  const { owners } = await call(t, 'ownerContactPreview', {});
  return Object.fromEntries(owners.map(({ owner, state }) => [owner.name, state]));
}

async function jobsOf(kind: string, messages: readonly { id: string }[]) {
  return database.db
    .selectFrom('outbox')
    .selectAll()
    .where('kind', '=', kind)
    .where(
      'subject',
      'in',
      messages.map(({ id }) => id),
    )
    .execute();
}

describe('mail to owners', () => {
  it('is one for each owner, with their farms and servers and nobody else’s', async () => {
    const t = await createTenant(database.db);
    const [ann, bob] = [await insertOwner(), await insertOwner()];
    const own = await insertOldServers(database.db, t.environment, { ownerId: ann.id, count: 2 });
    const other = await insertOldServers(database.db, t.environment, { ownerId: bob.id });
    const { mails, settings } = await openMailServer();
    const { messages } = await call(t, 'ownerContactSend', { template });
    expect(messages.map(({ owner }) => owner.name).sort()).toEqual([ann.name, bob.name].sort());
    await carryOut({ smtp: settings }, async () => {
      expect(mails).toHaveLength(2);
      expect(new Set(Object.values(await statesOf(t)))).toEqual(new Set(['sent']));
    });
    const toAnn = mails.find(({ to }) => to.includes(ann.email));
    expect(toAnn?.to).toEqual([ann.email]);
    expect(toAnn?.mail.subject).toMatch(/^2 servers on old images in farm farm-/);
    const text = toAnn?.mail.text ?? '';
    expect(text).toContain(
      `https://slipway.test/environments/${t.environment.environmentId}/farms/${own.farmId}?old=true`,
    );
    expect(text).toContain(`/usage?owner=${ann.id}`);
    expect(text).not.toContain(`/farms/${other.farmId}?`);
    expect(text).not.toContain(bob.name);
  });

  it('that the server refuses has failed with its words; what it puts off is tried again', async () => {
    const t = await createTenant(database.db);
    const [ann, bob] = [await insertOwner(), await insertOwner()];
    for (const { id } of [ann, bob])
      await insertOldServers(database.db, t.environment, { ownerId: id });
    const { settings } = await openMailServer((to) =>
      to === ann.email ? '550 no such mailbox here' : '451 come back later',
    );
    const { messages } = await call(t, 'ownerContactSend', { template });
    await carryOut({ smtp: settings }, async () => {
      expect(await statesOf(t)).toEqual({ [ann.name]: 'failed', [bob.name]: 'sending' });
      const { owners } = await call(t, 'ownerContactPreview', {});
      const words = new Map(owners.map((one) => [one.owner.name, one.words]));
      expect(words.get(ann.name)).toContain('550 no such mailbox here');
      expect(words.get(bob.name)).toContain('451 come back later');
    });
    const open = (await jobsOf('owner-message', messages)).filter(
      ({ done_at }) => done_at === null,
    );
    expect(open).toHaveLength(1);
  });

  it('never goes to an address with a line break, nor to somebody who is suspended', async () => {
    const t = await createTenant(database.db);
    const ann = await insertOwner();
    const injected = await insertOwner({
      email: `${randomName('a')}@example.com\r\nbcc: evil@example.com`,
    });
    const gone = await insertOwner({ status: 'suspended' });
    for (const { id } of [ann, injected, gone])
      await insertOldServers(database.db, t.environment, { ownerId: id });
    const { messages } = await call(t, 'ownerContactSend', { template });
    expect(messages.map(({ owner }) => owner.name)).toEqual([ann.name]);
    const owners = [{ id: injected.id }];
    await expect(call(t, 'ownerContactSend', { template, owners })).rejects.toMatchObject({
      code: 'InvalidValue',
      message: expect.stringContaining('The mail address is not one'),
    });
    // Even if the address turns bad on the way.
    const { mails, settings } = await openMailServer();
    const address = (email: string) =>
      database.db
        .updateTable('owner_messages')
        .set({ email })
        .where('id', '=', messages[0]?.id ?? '')
        .execute();
    await address(injected.email);
    await carryOut({ smtp: settings }, async () =>
      expect(await statesOf(t)).toMatchObject({ [ann.name]: 'failed' }),
    );
    expect(mails).toEqual([]);
    await address(ann.email);
  });

  it('keeps its Message-ID however often it is sent', async () => {
    const t = await createTenant(database.db);
    await insertOldServers(database.db, t.environment);
    const { mails, settings } = await openMailServer();
    const { messages } = await call(t, 'ownerContactSend', { template });
    await carryOut({ smtp: settings }, async () => {
      expect(mails).toHaveLength(1);
      expect(new Set(Object.values(await statesOf(t)))).toEqual(new Set(['sent']));
    });
    // As if the process had been killed right after sending.
    const id = messages[0]?.id ?? '';
    await database.db
      .updateTable('owner_messages')
      .set({ mail: 'queued' })
      .where('id', '=', id)
      .execute();
    await database.db
      .updateTable('outbox')
      .set({ done_at: null, leased_until: null, next_attempt_at: new Date(0) })
      .where('subject', '=', id)
      .execute();
    await carryOut({ smtp: settings }, async () => {
      expect(mails).toHaveLength(2);
      expect(new Set(Object.values(await statesOf(t)))).toEqual(new Set(['sent']));
    });
    const [job] = await jobsOf('owner-message', messages);
    expect(mails.map(({ mail }) => mail.messageId)).toEqual(
      Array.from({ length: 2 }, () => `<${job?.id}@example.com>`),
    );
  });
});

describe('a second run', () => {
  it('reaches those alone who are affected and were not told, and a person may choose others', async () => {
    const t = await createTenant(database.db);
    const [ann, bob, eve] = [await insertOwner(), await insertOwner(), await insertOwner()];
    await insertOldServers(database.db, t.environment, { ownerId: ann.id });
    const done = await insertOldServers(database.db, t.environment, { ownerId: bob.id });
    await call(t, 'ownerContactSend', { template });
    const { mails, settings } = await openMailServer();
    await carryOut({ smtp: settings }, async () =>
      expect(await statesOf(t)).toEqual({ [ann.name]: 'sent', [bob.name]: 'sent' }),
    );
    expect(mails).toHaveLength(2);

    await database.db
      .updateTable('servers')
      .set({ status: 'terminated' })
      .where('farm_id', '=', done.farmId)
      .execute();
    await insertOldServers(database.db, t.environment, { ownerId: eve.id });
    expect(await statesOf(t)).toEqual({
      [ann.name]: 'sent',
      [bob.name]: 'done',
      [eve.name]: 'not_contacted',
    });
    const second = await call(t, 'ownerContactSend', { template });
    expect(second.messages.map(({ owner }) => owner.name)).toEqual([eve.name]);
    const chosen = await call(t, 'ownerContactSend', { template, owners: [{ id: ann.id }] });
    expect(chosen.messages.map(({ owner }) => owner.name)).toEqual([ann.name]);
    await expect(
      call(t, 'ownerContactSend', { template, owners: [{ id: bob.id }] }),
    ).rejects.toMatchObject({ code: 'InvalidValue' });
    // Something new of theirs is old that nobody has told them about.
    await insertOldServers(database.db, t.environment, { ownerId: ann.id });
    expect(await statesOf(t)).toMatchObject({ [ann.name]: 'not_contacted' });
  });

  it('leaves an owner alone until the day that they named', async () => {
    const t = await createTenant(database.db);
    const { email } = t.viewer;
    const user = database.db.selectFrom('users').where('email', '=', email).select(['id', 'name']);
    const owner = await user.executeTakeFirstOrThrow();
    const { farmRoleId, oldImageId } = await insertOldServers(database.db, t.environment, {
      ownerId: owner.id,
    });
    await insertServers(database.db, farmRoleId, oldImageId, 2);
    const answer = await call(t, 'ownerContactAnswer', { until: '2999-12-31' }, { email });
    expect(answer).toEqual({ until: '2999-12-31', farms: 1, servers: 3 });
    expect(await statesOf(t)).toEqual({ [owner.name]: 'asked' });
    expect((await call(t, 'ownerContactSend', { template })).messages).toEqual([]);
    await database.db
      .updateTable('owner_contacts')
      .set({ asked_until: '2020-01-01' })
      .where('owner_id', '=', owner.id)
      .execute();
    expect((await call(t, 'ownerContactSend', { template })).messages).toHaveLength(1);
    expect(await statesOf(t)).toEqual({ [owner.name]: 'sending' });
  });

  it('is for the farms of others nobody’s to answer, nor for a day that has passed', async () => {
    const t = await createTenant(database.db);
    await insertOldServers(database.db, t.environment);
    const { email } = t.viewer;
    await expect(
      call(t, 'ownerContactAnswer', { until: '2999-12-31' }, { email }),
    ).rejects.toMatchObject({ code: 'UnacceptableState' });
    await expect(
      call(t, 'ownerContactAnswer', { until: '2020-12-31' }, { email }),
    ).rejects.toMatchObject({ code: 'InvalidValue' });
  });
});

describe('what is not sent', () => {
  it('is what nobody has set up a way for, what is not filled in, and what a viewer asks for', async () => {
    const t = await createTenant(database.db);
    await insertOldServers(database.db, t.environment);
    const none = { channels: { mail: false, webhook: false } };
    await expect(call(t, 'ownerContactSend', { template }, none)).rejects.toMatchObject({
      code: 'UnacceptableState',
      message: expect.stringContaining('SMTP_URL'),
    });
    const usual = (await call(t, 'ownerContactPreview', {})).template;
    await expect(call(t, 'ownerContactSend', { template: usual })).rejects.toMatchObject({
      details: { field: 'template.body' },
    });
    await expect(
      call(t, 'ownerContactSend', { template: { subject: 'x', body: '{password}' } }),
    ).rejects.toMatchObject({ message: expect.stringContaining('{password}') });
    const { email } = t.viewer;
    await expect(call(t, 'ownerContactSend', { template }, { email })).rejects.toMatchObject({
      code: 'PermissionViolation',
    });
  });
});

interface Told {
  headers: IncomingMessage['headers'];
  body: string;
}

async function openReceiver(status = () => 204) {
  const told: Told[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      told.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(status(), { location: 'http://127.0.0.1:1/' }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(async () => server.close());
  const { port } = server.address() as AddressInfo;
  const secret = 'a secret of sixteen';
  return { told, settings: { url: `http://127.0.0.1:${port}/hook`, secret, allowsPrivate: true } };
}

const byHook = { channels: { mail: false, webhook: true } };

describe('the webhook', () => {
  it('is told of each owner once, signed over time and body', async () => {
    const t = await createTenant(database.db);
    const ann = await insertOwner();
    const { farmId } = await insertOldServers(database.db, t.environment, { ownerId: ann.id });
    const { told, settings } = await openReceiver();
    const { messages } = await call(t, 'ownerContactSend', { template }, byHook);
    await carryOut({ webhook: settings }, async () =>
      expect(await statesOf(t)).toEqual({ [ann.name]: 'sent' }),
    );
    expect(told).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = told;
    const timestamp = String(headers['x-slipway-timestamp']);
    const digest = createHmac('sha256', settings.secret)
      .update(`${timestamp}.${body}`)
      .digest('hex');
    expect(headers['x-slipway-signature']).toBe(`v1=${digest}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(300);
    const [job] = await jobsOf('owner-webhook', messages);
    expect(JSON.parse(body)).toMatchObject({
      id: job?.id,
      type: 'owner.contacted',
      owner: { id: ann.id },
      servers: 1,
      farms: [{ farm: { id: farmId } }],
    });
  });

  it.each([301, 400, 404])(
    'that answers %d has failed, and nothing is followed',
    async (status) => {
      const t = await createTenant(database.db);
      await insertOldServers(database.db, t.environment);
      const { told, settings } = await openReceiver(() => status);
      await call(t, 'ownerContactSend', { template }, byHook);
      await carryOut({ webhook: settings }, async () =>
        expect(Object.values(await statesOf(t))).toEqual(['failed']),
      );
      expect(told).toHaveLength(1);
    },
  );

  it.each([
    '127.0.0.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    '2130706433',
    'localhost',
    '169.254.169.254',
    '10.0.0.1',
    '[fe80::1]',
    '[fd00::1]',
    '0.0.0.0',
  ])('at %s is refused unless it is allowed', async (host) => {
    const t = await createTenant(database.db);
    await insertOldServers(database.db, t.environment);
    const { told, settings } = await openReceiver();
    const url = settings.url.replace('127.0.0.1', host);
    await call(t, 'ownerContactSend', { template }, byHook);
    await carryOut({ webhook: { ...settings, url, allowsPrivate: false } }, async () => {
      const { owners } = await call(t, 'ownerContactPreview', {});
      expect(owners).toMatchObject([
        { state: 'failed', words: expect.stringContaining('may not be asked') },
      ]);
    });
    expect(told).toEqual([]);
  });
});
