import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, NewApiKey } from '#contract/people/api-keys.ts';
import type { UserKey } from '#contract/people/user-keys.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { type Client, createTenant, type Tenant } from '../testing/harness.ts';
import { type Key, sendSigned, type SignedSend } from '../testing/signed-client.ts';

const database = withDatabase();
let app: FastifyInstance;
let mine: Tenant;
let others: Tenant;

beforeAll(async () => {
  app = buildTestApp(database.db);
  mine = await createTenant(database.db);
  others = await createTenant(database.db);
});
afterAll(() => app.close());

const path = '/self/api-keys/';
const open = ({ email }: Client): Promise<Browser> => openBrowser(app, database.db, email);

/** A key of somebody, made as they would. */
async function makeKey(owner: Client, wish: Partial<NewApiKey> = {}): Promise<Key & ApiKey> {
  const answer = await (await open(owner)).send('POST', path, { name: 'narrow', ...wish });
  expect(answer.statusCode, answer.body).toBe(201);
  const { secretKey, ...key } = answer.json().data as ApiKey & { secretKey: string };
  return { ...key, secret: secretKey };
}
const send = (key: Key, what: SignedSend) => sendSigned(app, key, what);
const statusOf = async (key: Key, what: SignedSend) => (await send(key, what)).statusCode;
const accountPath = ({ account }: Tenant) => `/account/${account.accountId}/images/`;
const userPath = ({ environmentId }: { environmentId: number }) => `/user/${environmentId}/images/`;

describe('a key that is narrowed to a scope', () => {
  it('reaches that and what is below, and of all else knows as little as somebody without rights', async () => {
    const { account, environment, otherEnvironment, corporateAdmin } = mine;
    const toAccount = await makeKey(corporateAdmin, { accountId: account.accountId });
    expect(toAccount).toMatchObject({ scope: 'account', accountId: account.accountId });
    expect(await statusOf(toAccount, { path: accountPath(mine) })).toBe(200);
    expect(await statusOf(toAccount, { path: userPath(environment) })).toBe(200);
    expect(await statusOf(toAccount, { path: accountPath(others) })).toBe(404);
    expect(await statusOf(toAccount, { path: userPath(others.environment) })).toBe(404);
    expect(await statusOf(toAccount, { path: '/global/images/' })).toBe(403);

    const toEnvironment = await makeKey(corporateAdmin, { envId: environment.environmentId });
    expect(await statusOf(toEnvironment, { path: userPath(environment) })).toBe(200);
    expect(await statusOf(toEnvironment, { path: userPath(otherEnvironment) })).toBe(404);
    expect(await statusOf(toEnvironment, { path: accountPath(mine) })).toBe(404);
    const stranger = await makeKey(others.accountAdmin);
    const text = (body: string) => body.replaceAll(/"requestId":"[^"]*"/g, '');
    const refusals = await Promise.all(
      [toEnvironment, stranger].map(async (key) => send(key, { path: accountPath(mine) })),
    );
    expect(text(refusals[0]?.body ?? '')).toBe(text(refusals[1]?.body ?? 'another'));
  });

  it('changes what is in there and nothing else', async () => {
    const { environment, otherEnvironment, accountAdmin } = mine;
    const key = await makeKey(accountAdmin, { envId: environment.environmentId });
    const rename = async (at: typeof environment) => {
      const { id } = await insertImage(database.db, at);
      const body = { description: 'changed' };
      return statusOf(key, { method: 'PATCH', path: `${userPath(at)}${id}/`, body });
    };
    expect(await rename(environment)).toBe(200);
    expect(await rename(otherEnvironment)).toBe(404);
  });

  it('says who it is with the rights that are left, and lists the scopes that are', async () => {
    const key = await makeKey(mine.corporateAdmin, { envId: mine.environment.environmentId });
    const { grants } = (await send(key, { path: '/self/session/' })).json().data;
    expect(grants).toMatchObject([
      { role: 'administrator', scope: 'environment', envId: mine.environment.environmentId },
    ]);
    const scopes = (await send(key, { path: '/self/scopes/' })).json().data;
    expect(scopes).toMatchObject([{ scope: 'environment', envId: mine.environment.environmentId }]);
  });

  it('stands for its account where a path leaves that out', async () => {
    const { corporateAdmin, account } = mine;
    const key = await makeKey(corporateAdmin, { accountId: account.accountId });
    const answer = await send(key, { path: '/account/scope/' });
    expect(answer.json().data).toMatchObject({ accountId: account.accountId });
    expect(await statusOf(await makeKey(corporateAdmin), { path: '/account/scope/' })).toBe(400);
  });

  it('gives nobody more than they have', async () => {
    const key = await makeKey(mine.viewer, { accountId: mine.account.accountId });
    const body = { name: 'Edge' };
    const create = { method: 'POST', path: `/account/${mine.account.accountId}/role-categories/` };
    expect(await statusOf(key, { ...create, body } as SignedSend)).toBe(403);
  });

  it('is not made for what whoever makes it does not see', async () => {
    const browser = await open(mine.accountAdmin);
    for (const wish of [
      { accountId: others.account.accountId },
      { envId: others.environment.environmentId },
      { envId: 999_999 },
    ]) {
      const answer = await browser.send('POST', path, { name: 'narrow', ...wish });
      expect(answer.statusCode).toBe(404);
      expect(answer.json().errors[0].message).toContain('or you have no access to it');
    }
    const both = { accountId: mine.account.accountId, envId: mine.environment.environmentId };
    expect((await browser.send('POST', path, { name: 'x', ...both })).statusCode).toBe(400);
  });

  it('goes with its scope, rather than to reach everything', async () => {
    const input = { body: { name: `gone-${mine.account.accountId}` } };
    const { data } = await mine.accountAdmin.call('environmentCreate', mine.account, input);
    const key = await makeKey(mine.accountAdmin, { envId: data.id });
    const answer = await mine.accountAdmin.call('environmentDelete', mine.account, {
      params: { envId: data.id },
    });
    expect(await statusOf(key, { path: '/self/session/' })).toBe(401);
    const entry = await database.db
      .selectFrom('operations_log')
      .where('request_id', '=', answer.requestId)
      .select('others')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(entry.others)).toContain(`apiKey:${key.id}`);
  });
});

describe('a key that may only read', () => {
  it('reads what its user does, and is told why it changes nothing', async () => {
    const key = await makeKey(mine.accountAdmin, { readOnly: true });
    const { id } = await insertImage(database.db, mine.account);
    expect(await statusOf(key, { path: `${accountPath(mine)}${id}/` })).toBe(200);
    const denials = `/account/${mine.account.accountId}/denials/`;
    expect(await statusOf(key, { path: denials })).toBe(200);
    const preview = `${accountPath(mine)}${id}/actions/preview-deprecate/`;
    expect(await statusOf(key, { method: 'POST', path: preview })).not.toBe(403);
    const refused = await send(key, {
      method: 'PATCH',
      path: `${accountPath(mine)}${id}/`,
      body: { description: 'changed' },
    });
    expect(refused.statusCode).toBe(403);
    expect(refused.json().errors[0]).toMatchObject({
      code: 'PermissionViolation',
      message: expect.stringContaining('may only read'),
    });
  });

  it('is told beforehand that nothing is possible', async () => {
    const key = await makeKey(mine.accountAdmin, { readOnly: true });
    const { id } = await insertImage(database.db, mine.account);
    const answer = await send(key, { path: `${accountPath(mine)}${id}/?include=actions` });
    const verdicts = Object.values(answer.json().data.actions as Record<string, object>);
    expect(verdicts.length).toBeGreaterThan(0);
    for (const verdict of verdicts) expect(verdict).toMatchObject({ allowed: false });
  });

  it('keeps no plan, although its user may', async () => {
    const key = await makeKey(mine.accountAdmin, { readOnly: true });
    const [oldImage, newImage] = [
      (await insertImage(database.db, mine.account)).id,
      (await insertImage(database.db, mine.account)).id,
    ];
    const plan = {
      method: 'POST' as const,
      path: `/account/${mine.account.accountId}/replacements/`,
      body: { oldImage, newImage },
    };
    const refused = await send(key, plan);
    expect(refused.json().errors[0].message).toContain('may only read');
  });
});

describe('a key that expires', () => {
  it('signs until that moment, and then says that it has expired to whoever signs rightly', async () => {
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    const key = await makeKey(mine.viewer, { expires });
    expect(key.expires).toBe(expires);
    expect(await statusOf(key, { path: '/self/session/' })).toBe(200);
    await sql`UPDATE api_keys SET expires_at = now() WHERE id = ${key.id}`.execute(database.db);
    const refused = await send(key, { path: '/self/session/' });
    expect(refused.statusCode).toBe(401);
    expect(refused.json().errors[0]).toMatchObject({
      code: 'BadAuthentication',
      message: expect.stringContaining('expired at'),
    });
    const guessed = await send({ ...key, secret: 'guessed' }, { path: '/self/session/' });
    expect(guessed.json().errors[0].message).not.toContain('expired');
  });

  it('is not made for a time that is over', async () => {
    const browser = await open(mine.viewer);
    const expires = new Date(Date.now() - 1_000).toISOString();
    const answer = await browser.send('POST', path, { name: 'late', expires });
    expect(answer.json().errors[0]).toMatchObject({ code: 'InvalidValue', field: 'expires' });
  });
});

it('a key shows when and from where it was last used', async () => {
  const key = await makeKey(mine.viewer);
  await send(key, { path: '/self/session/' });
  const { data } = (await (await open(mine.viewer)).send('GET', path)).json();
  const [used] = (data as ApiKey[]).filter(({ id }) => id === key.id);
  expect(used).toMatchObject({ lastUsed: expect.any(String), lastUsedFrom: '127.0.0.1' });
});

describe("other people's keys", () => {
  const listAt = async (browser: Browser, at: string) =>
    (await browser.send('GET', `${at}/api-keys/`)).json().data as UserKey[];
  const accountOf = ({ account }: Tenant) => `/account/${account.accountId}`;
  const disable = (browser: Browser, at: string, id: string) =>
    browser.send('POST', `${at}/api-keys/${id}/actions/disable/`);

  it('are listed where they reach, and nowhere else', async () => {
    const t = await createTenant(database.db);
    const own = await makeKey(t.viewer);
    const narrowed = await makeKey(t.corporateAdmin, { accountId: t.account.accountId });
    const elsewhere = await makeKey(others.viewer);
    const above = await makeKey(t.corporateAdmin);
    const ids = async (of: Client, at: string) =>
      (await listAt(await open(of), at)).map(({ id }) => id);
    const inAccount = await ids(t.accountAdmin, accountOf(t));
    expect(inAccount).toEqual(expect.arrayContaining([own.id, narrowed.id]));
    expect(inAccount).not.toContain(elsewhere.id);
    // It is above this account, and so not at it or below.
    expect(inAccount).not.toContain(above.id);
    expect(await ids(t.corporateAdmin, '/global')).toEqual(
      expect.arrayContaining([own.id, narrowed.id, elsewhere.id, above.id]),
    );
  });

  it('are disabled by administrators of all that they reach, and that is in the log', async () => {
    const t = await createTenant(database.db);
    const key = await makeKey(t.viewer);
    const answer = await disable(await open(t.accountAdmin), accountOf(t), key.id);
    expect(answer.json().data).toMatchObject({ active: false, user: { email: t.viewer.email } });
    expect(await statusOf(key, { path: '/self/session/' })).toBe(401);
    const entries = await database.db
      .selectFrom('operations_log')
      .where('operation', '=', 'userKeyDisable')
      .where('object', '=', `apiKey:${key.id}`)
      .select('actor')
      .execute();
    expect(entries).toEqual([{ actor: t.accountAdmin.email }]);
    // Once more changes nothing.
    expect((await disable(await open(t.accountAdmin), accountOf(t), key.id)).statusCode).toBe(200);
  });

  it('that reach beyond a scope are not disabled from there', async () => {
    const t = await createTenant(database.db);
    const key = await makeKey(t.viewer);
    const environment = `/user/${t.environment.environmentId}`;
    const hidden = await disable(await open(t.environmentAdmin), environment, key.id);
    expect(hidden.statusCode).toBe(404);
    const { id } = await database.db
      .selectFrom('users')
      .where('email', '=', t.viewer.email)
      .select('id')
      .executeTakeFirstOrThrow();
    const { environmentId: environment_id, accountId: account_id } = t.environment;
    await database.db
      .insertInto('grants')
      .values({ user_id: id, role: 'viewer', scope: 'environment', account_id, environment_id })
      .execute();
    const [listed] = await listAt(await open(t.environmentAdmin), environment);
    expect(listed).toMatchObject({ id: key.id, reachesBeyond: true });
    const refused = await disable(await open(t.environmentAdmin), environment, key.id);
    expect(refused.statusCode).toBe(403);
    expect(await statusOf(key, { path: '/self/session/' })).toBe(200);
    const inside = await makeKey(t.viewer, { envId: environment_id });
    expect((await disable(await open(t.environmentAdmin), environment, inside.id)).statusCode).toBe(
      200,
    );
  });

  it('are no business of who does not administer the scope', async () => {
    expect(
      (await (await open(mine.viewer)).send('GET', `${accountOf(mine)}/api-keys/`)).statusCode,
    ).toBe(403);
  });
});
