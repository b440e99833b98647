import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSignInLink } from '../auth/sign-in-links.ts';
import { testSecretsKey } from '../testing/test-key.ts';
import { withDatabase } from '../testing/database.ts';
import { createTenant } from '../testing/harness.ts';
import { endOf, type ServerProcess, startServerProcess } from '../testing/server-process.ts';
import { createKey } from '../testing/signed-client.ts';
import { signHeaders } from '../testing/sign-headers.ts';

// What a process writes while it is used in every way that involves a secret, with all of its log switched on.

const database = withDatabase();
let server: ServerProcess;

beforeAll(async () => {
  server = await startServerProcess(database.url, {
    environment: {
      LOG_LEVEL: 'trace',
      LOG_FORMAT: 'json',
      SECRETS_KEY: testSecretsKey.toString('base64'),
      METRICS_TOKEN: 'canary-of-metrics',
    },
  });
});

afterAll(async () => {
  server.child.kill('SIGTERM');
  await endOf(server);
});

interface Line {
  level: number;
  time: number;
  msg: string;
  reqId?: string;
  req?: { method: string; path: string };
  res?: { statusCode: number };
}

function linesOf(output: string): Line[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

const canaries = new Set<string>(['canary-of-metrics', testSecretsKey.toString('base64')]);

/** Sends a request. @returns its answer, and the id that it carries */
async function send(
  path: string,
  {
    body,
    headers = {},
    method = body === undefined ? 'GET' : 'POST',
  }: {
    body?: object;
    headers?: Record<string, string>;
    method?: string;
  } = {},
) {
  const answer = await fetch(server.address + path, {
    method,
    redirect: 'manual',
    headers: { origin: server.address, 'content-type': 'application/json', ...headers },
    ...(body && { body: JSON.stringify(body) }),
  });
  const id = answer.headers.get('x-request-id') ?? '';
  return { id, status: answer.status, headers: answer.headers, text: await answer.text() };
}

test('every line is JSON, every request is found by its id, and no secret is in it', async () => {
  const tenant = await createTenant(database.db);
  const { email } = tenant.accountAdmin;
  const session = '/api/v1beta0/self/session/';
  const ids: [id: string, path: string, status: number][] = [];
  const keep = (path: string, answer: Awaited<ReturnType<typeof send>>) => {
    ids.push([answer.id, path, answer.status]);
    return answer;
  };

  const { url } = await createSignInLink(database.db, { email, baseUrl: server.address });
  const token = new URL(url).hash.replace('#token=', '');
  canaries.add(token);
  const signedIn = keep(session, await send(session, { body: { token } }));
  expect(signedIn.status).toBe(201);
  const [cookie = ''] = signedIn.headers.getSetCookie().map((one) => one.split(';')[0]);
  canaries.add(cookie.split('=')[1] ?? '');
  expect(keep(session, await send(session, { headers: { cookie } })).status).toBe(200);

  const password = 'canary-of-password';
  canaries.add(password);
  keep(session, await send(session, { body: { email, password } }));

  const made = await send('/api/v1beta0/self/api-keys/', {
    headers: { cookie },
    body: { name: 'canary' },
  });
  expect(made.status, made.text).toBe(201);
  const { data } = JSON.parse(made.text) as { data: { secretKey: string } };
  expect(data.secretKey).toMatch(/\S{20}/);
  canaries.add(data.secretKey);

  const key = await createKey(database.db, email);
  canaries.add(key.secret);
  const path = `/api/v1beta0/account/${tenant.account.accountId}/images/`;
  const date = new Date().toISOString();
  const signed = { ...signHeaders(key, { method: 'GET', url: path, date, body: '' }) };
  canaries.add(signed['x-scalr-signature'] ?? 'no signature');
  expect(keep(path, await send(path, { headers: signed })).status).toBe(200);
  const wrong = { ...signed, 'x-scalr-signature': 'V1-HMAC-SHA256 Y2FuYXJ5LW9mLXNpZ25hdHVyZQ==' };
  canaries.add('Y2FuYXJ5LW9mLXNpZ25hdHVyZQ');
  expect(keep(path, await send(path, { headers: wrong })).status).toBe(401);

  canaries.add('canary-of-query').add('canary-of-code');
  keep(path, await send(`${path}?query=canary-of-query`, { headers: { cookie } }));
  keep('/api/oidc/callback', await send('/api/oidc/callback?code=canary-of-code&state=x'));
  const bearer = { authorization: 'Bearer canary-of-metrics' };
  keep('/metrics', await send('/metrics', { headers: bearer }));
  canaries.add('canary-of-guess');
  const guess = { authorization: 'Bearer canary-of-guess' };
  expect(keep('/metrics', await send('/metrics', { headers: guess })).status).toBe(401);

  const isWritten = (id: string) =>
    linesOf(server.output()).some(({ reqId, res }) => reqId === id && res !== undefined);
  for (const [id] of ids) await expect.poll(() => isWritten(id)).toBe(true);
  const lines = linesOf(server.output());
  expect(server.errors()).toBe('');
  expect(lines.some(({ msg }) => msg.startsWith('Slipway runs at '))).toBe(true);
  for (const [id, asked, status] of ids) {
    const own = lines.filter((line) => line.reqId === id);
    expect(own.find(({ req }) => req)?.req, asked).toMatchObject({ path: asked });
    expect(own.find(({ res }) => res)?.res, asked).toEqual({ statusCode: status });
  }
  expect(canaries.size).toBeGreaterThan(9);
  for (const canary of canaries) expect(server.output()).not.toContain(canary);
});
