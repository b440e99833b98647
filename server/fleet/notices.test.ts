import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { NewSubscription, SubscriptionEvent } from '#contract/people/subscriptions.ts';
import { signWebhook } from '../contact/webhook.ts';
import { noteHappened } from '../database/queries/people/notices.ts';
import { stopRollout } from '../database/queries/rollouts/rollout-steps.ts';
import { perform } from '../perform.ts';
import { testSecrets } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertFarm, insertImage, insertRole, insertServers } from '../testing/factories.ts';
import { type Client, createClient, createTenant, type Tenant } from '../testing/harness.ts';
import { type MailServer, startMailServer } from '../testing/mail-server.ts';
import { type NoticeSettings, startNotices } from './notices.ts';

// docs/domain.md, "Being told".

const database = withDatabase();
const address = 'https://slipway.test';
const channels = { mail: true, webhook: false, privateWebhooks: true, address };
let t: Tenant;
let other: Tenant;
let mailServer: MailServer;
const stops: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  t = await createTenant(database.db);
  other = await createTenant(database.db);
  mailServer = await startMailServer();
});
afterAll(() => mailServer.close());
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop();
  await database.db.deleteFrom('subscriptions').execute();
});

async function idOf({ email }: Pick<Client, 'email'>): Promise<number> {
  const users = database.db.selectFrom('users').where('email', '=', email).select('id');
  return (await users.executeTakeFirstOrThrow()).id;
}

/** Has somebody subscribe, as they would by the API. */
async function subscribe(
  who: Pick<Client, 'email'>,
  body: Partial<NewSubscription> & { events: SubscriptionEvent[] },
  more: Partial<typeof channels> = {},
) {
  const { data } = await perform(database.db, {
    operation: 'subscriptionCreate',
    caller: { kind: 'user', userId: await idOf(who), email: who.email },
    address: { level: 'self' },
    input: { params: {}, query: {}, body: { channel: 'mail', ...body } },
    channels: { ...channels, ...more },
    secrets: testSecrets,
  });
  return data;
}

const mailer = (): NonNullable<NoticeSettings['smtp']> => ({
  url: mailServer.settings['SMTP_URL'] ?? '',
  demandsTls: false,
  from: { name: 'Slipway', address: 'slipway@example.com' },
});

/** Lets two processes do it until the condition holds. */
async function carryOut(until: () => Promise<void> | void, settings: Partial<NoticeSettings> = {}) {
  const errors: unknown[] = [];
  const usual = { smtp: mailer(), allowsPrivate: true, secrets: testSecrets, ...settings };
  const options = { everyMs: 5, pollMs: 5, onError: (error: unknown) => void errors.push(error) };
  const loops = [1, 2].map(() => startNotices(database.db, usual, options));
  try {
    await vi.waitFor(until, { timeout: 20_000, interval: 10 });
  } finally {
    await Promise.all(loops.map((loop) => loop.stop()));
  }
  expect(errors).toEqual([]);
}

const noticesOf = (subscriptionId: number) =>
  database.db
    .selectFrom('notices')
    .where('subscription_id', '=', subscriptionId)
    .selectAll()
    .orderBy('at')
    .execute();
const mailsTo = ({ email }: Pick<Client, 'email'>) =>
  mailServer.mails.filter(({ to }) => JSON.stringify(to).includes(email));

/** An image that a role holds is replaced, by an administrator of Corporate. */
async function replace(at = t.environment) {
  const [old, next] = [await insertImage(database.db, at), await insertImage(database.db, at)];
  await insertRole(database.db, at, [old.id]);
  const input = { params: { imageId: old.id }, body: { newImage: next.id, reason: 'A fix' } };
  const { meta } = await t.corporateAdmin.call('imageReplace', at, input);
  return { old, next, id: meta?.replacement?.id ?? '' };
}

async function deprecate(at: Tenant['account'] | Tenant['corporate'] | Tenant['environment']) {
  const image = await insertImage(database.db, at);
  const input = { params: { imageId: image.id }, body: { deprecate: true } };
  await t.corporateAdmin.call('imageDeprecate', at, input);
  return image;
}

const member = () => createClient(database.db, 'viewer', t.account);

interface Asked {
  headers: IncomingMessage['headers'];
  body: string;
}

/** A receiver of webhooks on loopback. @param answers the status of each answer in turn; then 204 */
async function openReceiver(answers: number[] = []) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ headers: request.headers, body });
      response.writeHead(answers.shift() ?? 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
  return { asked, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

describe('a mail', () => {
  it('tells once of what happened, with a link to it and one to hear no more', async () => {
    const who = await member();
    const told = await subscribe(who, {
      events: ['replacementApplied'],
      accountId: t.account.accountId,
    });
    const { id, old, next } = await replace();
    await carryOut(async () =>
      expect(await noticesOf(told.id)).toMatchObject([{ state: 'delivered' }]),
    );
    // Whatever is looked for again has been told.
    await carryOut(async () => expect(await noteHappened(database.db)).toBe(0));
    expect(mailsTo(who)).toHaveLength(1);
    const [mail] = mailsTo(who);
    expect(mail?.subject).toContain(old.name);
    expect(mail?.subject).toContain(next.name);
    expect(mail?.text).toContain('Reason: A fix');
    expect(mail?.text).toContain(`${address}/accounts/${t.account.accountId}/replacements/${id}`);
    const [notice] = await noticesOf(told.id);
    expect(mail?.messageId).toContain(notice?.id);
    expect(notice).toMatchObject({ state: 'delivered', error: null });

    const end = /\/unsubscribe#token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
    expect(JSON.stringify(mail?.headers.get('list'))).toContain(end);
    await perform(database.db, {
      operation: 'subscriptionEnd',
      caller: { kind: 'anonymous' },
      address: { level: 'self' },
      input: { params: {}, query: {}, body: { token: end } },
    });
    await replace();
    expect(await noteHappened(database.db)).toBe(0);
    const { data } = await who.call('subscriptionList', { scope: 'scalr' }, {});
    expect(data).toMatchObject([{ id: told.id, active: false, lastTold: expect.any(String) }]);
  });

  it('is one line of subject, whatever people have written', async () => {
    const who = await member();
    const told = await subscribe(who, {
      events: ['imageDeprecated'] as const,
      accountId: t.account.accountId,
    });
    const image = await deprecate(t.environment);
    const reason = 'Old\r\nBcc: everybody@example.com';
    await sql`UPDATE images SET deprecation_reason = ${reason} WHERE id = ${image.id}`.execute(
      database.db,
    );
    await carryOut(async () => expect(mailsTo(who)).toHaveLength(1));
    const [mail] = mailsTo(who);
    expect(mail?.subject).not.toMatch(/[\r\n]/);
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(await noticesOf(told.id)).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it('is asked with a signature that its owner can check, and with one id until it has heard', async () => {
    const { asked, url } = await openReceiver([503]);
    const who = await member();
    const told = await subscribe(who, {
      events: ['replacementApplied'],
      channel: 'webhook',
      url,
      accountId: t.account.accountId,
    });
    expect(told.signingSecret).toMatch(/^[\w-]{43}$/);
    const { id } = await replace();
    await carryOut(async () => {
      // A failed attempt waits before the next one.
      await sql`UPDATE outbox SET next_attempt_at = clock_timestamp()
        WHERE done_at IS NULL AND leased_until IS NULL`.execute(database.db);
      expect(await noticesOf(told.id)).toMatchObject([{ state: 'delivered' }]);
    });
    expect(asked).toHaveLength(2);
    const [first, second] = asked.map(({ body }) => JSON.parse(body));
    expect(first).toEqual(second);
    const [notice] = await noticesOf(told.id);
    expect(first).toMatchObject({
      id: notice?.id,
      type: 'replacementApplied',
      facts: { replacement: id },
    });
    const [{ headers, body }] = asked as [Asked];
    const timestamp = String(headers['x-slipway-timestamp']);
    expect(headers['x-slipway-signature']).toBe(
      signWebhook(told.signingSecret ?? '', timestamp, body),
    );
  });

  it('that says no is not asked again, and its owner sees why', async () => {
    const { asked, url } = await openReceiver([410]);
    const who = await member();
    const told = await subscribe(who, {
      events: ['replacementApplied'],
      channel: 'webhook',
      url,
      accountId: t.account.accountId,
    });
    await replace();
    await carryOut(async () =>
      expect(await noticesOf(told.id)).toMatchObject([{ state: 'failed' }]),
    );
    expect(asked).toHaveLength(1);
    const { data } = await who.call('subscriptionList', { scope: 'scalr' }, {});
    expect(data).toMatchObject([{ lastError: expect.stringContaining('410') }]);
  });

  it('in a private network is refused when it is given, and when it is asked', async () => {
    const { asked, url } = await openReceiver();
    const who = await member();
    const wish = {
      events: ['replacementApplied'] as SubscriptionEvent[],
      channel: 'webhook' as const,
      accountId: t.account.accountId,
    };
    for (const near of [url, 'http://169.254.169.254/latest', 'http://[::1]/', 'http://10.0.0.1/'])
      await expect(
        subscribe(who, { ...wish, url: near }, { privateWebhooks: false }),
      ).rejects.toMatchObject({ code: 'InvalidValue', details: { field: 'url' } });
    const told = await subscribe(who, { ...wish, url });
    await replace();
    await carryOut(
      async () => expect(await noticesOf(told.id)).toMatchObject([{ state: 'failed' }]),
      { allowsPrivate: false },
    );
    expect(asked).toEqual([]);
  });

  it('keeps its secret nowhere in the clear', async () => {
    const { url } = await openReceiver();
    const who = await member();
    const told = await subscribe(who, {
      events: ['replacementApplied'],
      channel: 'webhook',
      url: `${url}?key=in-the-address`,
      accountId: t.account.accountId,
    });
    const { rows } = await sql`SELECT to_jsonb(s) AS kept FROM subscriptions s
      UNION ALL SELECT to_jsonb(l) FROM operations_log l
      UNION ALL SELECT to_jsonb(a) FROM answered_requests a`.execute(database.db);
    expect(JSON.stringify(rows)).not.toContain(told.signingSecret);
    const log =
      await sql`SELECT FROM operations_log l WHERE l::text LIKE '%in-the-address%'`.execute(
        database.db,
      );
    expect(log.rows).toEqual([]);
  });
});

describe('what is told', () => {
  const noted = async (subscriptionId: number) => {
    await noteHappened(database.db);
    return (await noticesOf(subscriptionId)).map(({ key }) => key.replace(/@.*/, ''));
  };
  const all: SubscriptionEvent[] = ['imageDeprecated', 'replacementApplied'];

  it('is what happened at the scope, above it and below it, and nowhere else', async () => {
    const who = await member();
    const mine = await subscribe(who, { events: all, accountId: t.account.accountId });
    const below = await subscribe(who, { events: all, envId: t.environment.environmentId });
    await deprecate(t.corporate);
    await deprecate(t.account);
    await deprecate(t.otherEnvironment);
    await deprecate(other.account);
    expect(await noted(mine.id)).toHaveLength(3);
    expect(await noted(below.id)).toHaveLength(2);
  });

  it('is nothing from before, and nothing while one wants to hear nothing', async () => {
    await deprecate(t.account);
    const who = await member();
    const { id, version } = await subscribe(who, {
      events: all,
      accountId: t.account.accountId,
    });
    expect(await noted(id)).toEqual([]);
    const params = { subscriptionId: id };
    const at = { scope: 'scalr' } as const;
    await who.call('subscriptionUpdate', at, { params, body: { active: false } });
    await deprecate(t.account);
    expect(await noted(id)).toEqual([]);
    await who.call('subscriptionUpdate', at, { params, body: { active: true } });
    expect(await noted(id)).toEqual([]);
    await deprecate(t.account);
    expect(await noted(id)).toHaveLength(1);
    expect(version).toBe(1);
  });

  it('is nothing that one may no longer see', async () => {
    const [gone, out] = [await member(), await member()];
    const taken = await subscribe(gone, { events: all, accountId: t.account.accountId });
    const suspended = await subscribe(out, { events: all, accountId: t.account.accountId });
    await database.db
      .deleteFrom('grants')
      .where('user_id', '=', await idOf(gone))
      .execute();
    await t.corporateAdmin.call('userSuspend', t.corporate, {
      params: { userId: await idOf(out) },
    });
    await deprecate(t.account);
    expect(await noted(taken.id)).toEqual([]);
    expect(await noted(suspended.id)).toEqual([]);
  });

  it('is about what one may see: nobody subscribes to another account, or to Corporate from below', async () => {
    const who = await member();
    for (const where of [
      { accountId: other.account.accountId },
      { envId: other.environment.environmentId },
      { accountId: 2_147_483_647 },
    ])
      await expect(subscribe(who, { events: all, ...where })).rejects.toMatchObject({
        code: 'ObjectNotFound',
      });
    await expect(subscribe(who, { events: all })).rejects.toMatchObject({
      code: 'InvalidValue',
      details: { field: 'accountId' },
    });
  });

  it('of farms on old images is told to their owner alone', async () => {
    const [owner, nosy] = [await member(), await member()];
    const events: SubscriptionEvent[] = ['farmOnOldImage'];
    const where = { accountId: t.account.accountId };
    const [own, others] = [
      await subscribe(owner, { events, ...where }),
      await subscribe(nosy, { events, ...where }),
    ];
    const [old, next] = [
      await insertImage(database.db, t.environment),
      await insertImage(database.db, t.environment),
    ];
    const role = await insertRole(database.db, t.environment, [old.id]);
    const { farmId, farmRoleId } = await insertFarm(database.db, t.environment, role.id);
    const farms = database.db.updateTable('farms').where('id', '=', farmId);
    await farms.set({ owner_id: await idOf(owner) }).execute();
    await insertServers(database.db, farmRoleId, old.id, 2);
    const input = { params: { imageId: old.id }, body: { newImage: next.id } };
    await t.corporateAdmin.call('imageReplace', t.environment, input);
    expect(await noted(own.id)).toEqual([`farm:${farmId}`]);
    expect(await noted(own.id)).toHaveLength(1);
    expect(await noted(others.id)).toEqual([]);
    expect((await noticesOf(own.id))[0]?.facts).toMatchObject({ servers: 2 });
  });

  it('of a rollout is that it stopped, each time', async () => {
    const who = await member();
    const { id } = await subscribe(who, {
      events: ['rolloutStopped'],
      accountId: t.account.accountId,
    });
    const plan = await t.corporateAdmin.call('rolloutPlan', t.account, { body: {} });
    // As one that was started, with nothing to move.
    await sql`UPDATE rollouts SET state = 'running', started_at = clock_timestamp(), started_by = 'test',
        failures = (settings ->> 'stopAfterFailures')::integer
      WHERE id = ${plan.data.id}`.execute(database.db);
    await stopRollout(database.db, plan.data.id);
    expect(await noted(id)).toEqual([`rollout:${plan.data.id}`]);
    await stopRollout(database.db, plan.data.id);
    expect(await noted(id)).toHaveLength(2);
  });
});
