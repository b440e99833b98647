import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationSpec } from '#contract/operation.ts';
import { operations } from '#contract/operations.ts';
import { encodeCursor } from '../database/queries/lists/cursor.ts';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { type Browser, buildTestApp, openBrowser } from '../testing/app.ts';
import { withDatabase } from '../testing/database.ts';
import { insertImage } from '../testing/factories.ts';
import { createTenant, type Tenant } from '../testing/harness.ts';
import { levelPaths } from './address.ts';

const test = withDatabase();
let app: FastifyInstance;
let tenant: Tenant;
let browser: Browser;

beforeAll(async () => {
  app = buildTestApp(test.db);
  tenant = await createTenant(test.db);
  browser = await openBrowser(app, test.db, tenant.accountAdmin.email);
});
afterAll(() => app.close());

const everyMethod = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'] as const;
/** Every path of the contract at every level, with the methods that it has there. */
const paths = [
  ...Map.groupBy(
    (Object.values(operations) as OperationSpec[]).flatMap(({ path, levels, method }) =>
      levels.map((level) => ({ path: `${levelPaths[level][0]}${path}`, method })),
    ),
    ({ path }) => path.replaceAll(/:\w+|\{\w+\}/g, '1'),
  ),
].map(([path, all]) => [path, new Set<string>(all.map(({ method }) => method))] as const);

const account = () => `/account/${tenant.account.accountId}`;

describe('every answer', () => {
  it('has the envelope, a request id and the revision', async () => {
    const answer = await browser.send('GET', `${account()}/os/`);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(answer.headers['x-revision']).toMatch(/^\d+\.\d+$/);
    expect(answer.headers['cache-control']).toBe('no-store');
    const body = answer.json();
    expect(Object.keys(body).sort()).toEqual(['data', 'meta', 'pagination', 'warnings']);
    expect(body.meta.requestId).toBe(answer.headers['x-request-id']);
    expect(body.pagination).toEqual({ first: null, last: null, prev: null, next: null });
  });

  it('carries a policy: data is never run, shown or framed, pages run scripts of their own', async () => {
    const data = await browser.send('GET', `${account()}/os/`);
    const refusal = await browser.send('GET', `${account()}/nothing/`);
    for (const { headers } of [data, refusal]) {
      expect(headers['content-security-policy']).toBe("default-src 'none';frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
    for (const url of ['/', '/api/docs', '/corporate/images']) {
      const { headers } = await app.inject({ url, headers: { host: 'localhost' } });
      expect(headers['content-security-policy']).toContain("script-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    }
  });

  it('tells the revision that was looked at, a refusal too, but not of what nobody may see', async () => {
    const { id } = await insertImage(test.db, tenant.account, { version: 3 });
    const path = `${account()}/images/${id}/`;
    const viewer = await openBrowser(app, test.db, tenant.viewer.email);
    const stranger = await openBrowser(app, test.db, (await createTenant(test.db)).viewer.email);
    const body = { description: 'changed' };
    const answers = await Promise.all([
      browser.send('PATCH', path, body, { 'if-match': '"2"' }),
      browser.send('GET', `${account()}/images/${crypto.randomUUID()}/`),
      viewer.send('PATCH', path, body),
      stranger.send('PATCH', path, body),
    ]);
    expect(answers.map((answer) => answer.statusCode)).toEqual([412, 404, 403, 404]);
    const revision = (await browser.send('GET', path)).headers['x-revision'];
    const told = answers.map((answer) => answer.headers['x-revision']);
    expect(told).toEqual([revision, revision, revision, undefined]);
  });
});

describe('pages by number', () => {
  it('link as paths, and the last page is exact', async () => {
    const first = (await browser.send('GET', `${account()}/os/?maxResults=5`)).json();
    expect(first.pagination.prev).toBeNull();
    expect(first.pagination.next).toBe(`/api/v1beta0${account()}/os/?maxResults=5&pageNum=2`);
    const last = (
      await browser.send('GET', first.pagination.last.slice('/api/v1beta0'.length))
    ).json();
    expect(last.data.length).toBeGreaterThan(0);
    expect(last.pagination.next).toBeNull();
  });
});

describe('pages by cursor', () => {
  /** A link as a path below the base. */
  const below = (link: string | null) => link?.slice('/api/v1beta0'.length);

  it('link as paths too, and walk the whole list forwards and back again', async () => {
    const forwards: string[][] = [];
    let path: string | undefined = `${account()}/os/?maxResults=7&cursor=start&include=total`;
    let prev: string | undefined;
    while (path) {
      const { data, pagination } = (await browser.send('GET', path)).json();
      forwards.push(data.map((os: { id: string }) => os.id));
      expect(pagination.total).toBeGreaterThan(7);
      prev = below(pagination.prev);
      path = below(pagination.next);
    }
    expect(forwards.flat()).toEqual([...new Set(forwards.flat())]);
    const backwards: string[][] = [];
    while (prev) {
      const { data, pagination } = (await browser.send('GET', prev)).json();
      backwards.unshift(data.map((os: { id: string }) => os.id));
      prev = below(pagination.prev);
    }
    expect(backwards).toEqual(forwards.slice(0, -1));
  });

  it('refuse a cursor that was altered or is of another sort', async () => {
    const { pagination } = (
      await browser.send('GET', `${account()}/os/?maxResults=7&cursor=start`)
    ).json();
    const next = below(pagination.next) ?? '';
    for (const path of [
      next.slice(0, -2),
      `${next}&sort=-id`,
      `${account()}/os/?cursor=nonsense`,
    ]) {
      const answer = await browser.send('GET', path);
      expect(answer.statusCode).toBe(400);
      expect(answer.json().errors[0]).toMatchObject({ code: 'InvalidValue', field: 'cursor' });
    }
  });

  it('refuse a cursor that was made up by somebody who knows how, or has something behind it', async () => {
    const list = ['imageList', tenant.account, {}];
    const side = 'after' as const;
    const uuid = crypto.randomUUID();
    for (const place of [
      { key: 'yesterday or so', id: uuid, side },
      { key: '99999-99-99', id: uuid, side },
      { key: '2026-01-01', id: 'nobody', side },
      { key: {} as string, id: [] as unknown as string, side },
    ]) {
      const cursor = encodeCursor(place, list);
      const answer = await browser.send('GET', `${account()}/images/?cursor=${cursor}`);
      expect(answer.json()).toMatchObject({ errors: [{ code: 'InvalidValue' }] });
    }
    const good = encodeCursor({ key: '2026-01-01', id: uuid, side }, list);
    const answers = await Promise.all(
      [good, `${good}!`].map((cursor) =>
        browser.send('GET', `${account()}/images/?cursor=${cursor}`),
      ),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 400]);
  });
});

describe('signing in', () => {
  it('works once per link, and one text tells nothing about the others', async () => {
    const link = await createSignInLink(test.db, {
      email: tenant.viewer.email,
      baseUrl: 'http://localhost',
    });
    const token = new URL(link.url).hash.replace('#token=', '');
    // One of its own: who signs in anew ends the session before.
    const own = await openBrowser(app, test.db, tenant.viewer.email);
    const redeem = (value: string) => own.send('POST', '/self/session/', { token: value });
    const answers = await Promise.all([redeem(token), redeem(token), redeem(token)]);
    expect(answers.map((answer) => answer.statusCode).toSorted((a, b) => a - b)).toEqual([
      201, 401, 401,
    ]);
    const cookie = String(
      answers.find((answer) => answer.statusCode === 201)?.headers['set-cookie'],
    );
    expect(cookie).toContain('HttpOnly');
    expect(cookie).toContain('SameSite=Lax');
    const refused = await redeem('no-such-token');
    expect(refused.json().errors[0].message).toBe(
      answers.find((answer) => answer.statusCode === 401)?.json().errors[0].message,
    );
  });

  it('ends the session that it replaces in this browser, and no other', async () => {
    const { email } = tenant.viewer;
    const [first, elsewhere] = [
      await openBrowser(app, test.db, email),
      await openBrowser(app, test.db, email),
    ];
    const link = await createSignInLink(test.db, { email, baseUrl: 'http://localhost' });
    const token = new URL(link.url).hash.replace('#token=', '');
    expect((await first.send('POST', '/self/session/', { token: 'wrong' })).statusCode).toBe(401);
    expect((await first.send('GET', '/self/session/')).statusCode).toBe(200);
    expect((await first.send('POST', '/self/session/', { token })).statusCode).toBe(201);
    expect((await first.send('GET', '/self/session/')).statusCode).toBe(401);
    expect((await elsewhere.send('GET', '/self/session/')).statusCode).toBe(200);
  });

  it('ends with signing out', async () => {
    const other = await openBrowser(app, test.db, tenant.viewer.email);
    expect((await other.send('GET', '/self/session/')).statusCode).toBe(200);
    expect((await other.send('DELETE', '/self/session/')).statusCode).toBe(200);
    expect((await other.send('GET', '/self/session/')).statusCode).toBe(401);
  });
});

describe('a change asked for with a cookie', () => {
  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling of the site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused from %s', async (_name, headers) => {
    const answer = await browser.send('DELETE', '/self/session/', undefined, headers as never);
    expect(answer.statusCode).toBe(403);
  });

  it('is refused without any proof of its origin', async () => {
    const answer = await app.inject({
      method: 'DELETE',
      url: '/api/v1beta0/self/session/',
      headers: { host: 'localhost' },
    });
    expect(answer.statusCode).toBe(403);
  });
});

describe('If-Match', () => {
  const describeImage = async (ifMatch: string) => {
    const { id } = await insertImage(test.db, tenant.account, { version: 3 });
    const body = { description: 'changed' };
    const headers = { 'if-match': ifMatch };
    return browser.send('PATCH', `${account()}/images/${id}/`, body, headers);
  };

  it.each(['"3"', '*'])('of %s lets a change of version 3 through', async (ifMatch) => {
    expect((await describeImage(ifMatch)).statusCode).toBe(200);
  });

  it.each(['"2"', '"4"'])('of %s refuses it: somebody else was there before', async (ifMatch) => {
    const answer = await describeImage(ifMatch);
    expect(answer.statusCode).toBe(412);
    expect(answer.json().errors[0].code).toBe('PreconditionFailed');
  });

  it.each(['3', '"x"', '""', '"3", "4"', 'W/"3"', '"0"'])(
    'of %s is refused for itself, and never passed over',
    async (ifMatch) => {
      expect((await describeImage(ifMatch)).statusCode).toBe(400);
    },
  );
});

describe('what is not there', () => {
  it.each([
    ['an account of others', '/account/2147483647/os/', 404, 'ObjectNotFound'],
    ['an unknown path', '/account/1/nothing/', 404, 'EndpointNotFound'],
    ['an account id that is no number', '/account/x/os/', 400, 'InvalidValue'],
    ['an account id of 0', '/account/0/os/', 400, 'InvalidValue'],
    ['an account id above 2^63', '/account/9223372036854775808/os/', 400, 'InvalidValue'],
    ['Corporate without a role there', '/global/os/', 403, 'PermissionViolation'],
    ['an unknown filter', '/account/{account}/os/?colour=red', 400, 'InvalidStructure'],
    ['a page of 0', '/account/{account}/os/?pageNum=0', 400, 'InvalidValue'],
    ['a page size of 101', '/account/{account}/os/?maxResults=101', 400, 'InvalidValue'],
    ['a parameter twice', '/account/{account}/os/?id=a&id=b', 400, 'InvalidStructure'],
    ['a double slash', '/account/{account}//os/', 400, 'BadRequest'],
    ['an encoded slash', '/account/{account}/os%2f', 400, 'BadRequest'],
    ['broken percent-encoding in the path', '/account/%zz/os/', 400, 'BadRequest'],
    ['broken percent-encoding in the query', '/account/{account}/os/?id=%ff', 400, 'BadRequest'],
  ])('%s is answered with a clear refusal', async (_name, path, status, code) => {
    const answer = await browser.send(
      'GET',
      path.replace('{account}', String(tenant.account.accountId)),
    );
    expect(answer.json()).toMatchObject({ errors: [{ code }] });
    expect(answer.statusCode).toBe(status);
  });

  it.each(paths)('says which methods there are at %s', async (path, served) => {
    const url = `/api/v1beta0${path}`;
    const allow = served.has('GET') ? [...served, 'HEAD'] : [...served];
    for (const method of everyMethod.filter((one) => !allow.includes(one))) {
      const answer = await app.inject({ method, url, headers: { host: 'localhost' } });
      expect(answer.statusCode, method).toBe(405);
      expect(answer.headers.allow).toBe(allow.join(', '));
      if (method !== 'HEAD') expect(answer.json().errors[0].code).toBe('MethodNotAllowed');
    }
  });

  it('refuses host names that it does not go by', async () => {
    const answer = await app.inject({
      url: '/api/v1beta0/self/session/',
      headers: { host: 'evil.example' },
    });
    expect(answer.statusCode).toBe(400);
  });
});

describe('a body', () => {
  const deep = `{"token":${'['.repeat(500)}${']'.repeat(500)}}`;
  it.each([
    ['that is no JSON', '{', 400, 'InvalidStructure'],
    ['that is a list', '[]', 400, 'InvalidStructure'],
    ['that is null', 'null', 400, 'InvalidStructure'],
    ['with a member twice', '{"token":"a","token":"b"}', 400, 'InvalidStructure'],
    ['nested too deep', deep, 400, 'InvalidStructure'],
    ['with comments', '{"token":"a"/* */}', 400, 'InvalidStructure'],
    ['that is not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'BadRequest'],
    ['with an unknown member', '{"token":"a","admin":true}', 400, 'InvalidStructure'],
    ['with a member missing', '{}', 400, 'InvalidStructure'],
    ['with a wrong type', '{"token":1}', 400, 'InvalidValue'],
    ['over 2 KiB', `{"token":"${'a'.repeat(2_100)}"}`, 413, 'PayloadTooLarge'],
  ])('%s is refused in the envelope', async (_name, body, status, code) => {
    const answer = await browser.send('POST', '/self/session/', body);
    expect(answer.json()).toMatchObject({ errors: [{ code }] });
    expect(answer.statusCode).toBe(status);
  });

  it.each([
    ['that is unknown', `{"name":"a","${'x'.repeat(5_000)}":1}`],
    ['that stands twice', `{"${'x'.repeat(5_000)}":1,"${'x'.repeat(5_000)}":2}`],
  ])('with a very long member %s is refused in few words', async (_name, body) => {
    const answer = await browser.send('POST', `${account()}/environments/`, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.body.length).toBeLessThan(1_000);
  });

  it('over 1 MiB is refused where bodies are long, nested or not', async () => {
    for (const body of [
      `{"name":"${'a'.repeat(1_100_000)}"}`,
      `{"name":${'['.repeat(1_100_000)}}`,
    ]) {
      const answer = await browser.send('POST', `${account()}/environments/`, body);
      expect(answer.statusCode).toBe(413);
      expect(answer.body).toContain('larger than 1024 KiB');
    }
    const deep = `{"name":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    const answer = await browser.send('POST', `${account()}/environments/`, deep);
    expect(answer.json()).toMatchObject({ errors: [{ code: 'InvalidStructure' }] });
  });

  it('with a byte-order mark is refused, and says so', async () => {
    const answer = await browser.send('POST', `${account()}/environments/`, '\ufeff{"name": "x"}');
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].message).toContain('byte-order mark');
  });

  it('of another type is refused', async () => {
    const answer = await browser.send('POST', '/self/session/', '{"token":"a"}', {
      'content-type': 'text/plain',
    });
    expect(answer.statusCode).toBe(415);
  });
});
