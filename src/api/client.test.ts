import { afterEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '#contract/errors.ts';
import { operations } from '#contract/operations.ts';

import { call, confirmation } from './client.ts';

const environment = { scope: 'environment', environmentId: 7 } as const;
const imageId = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';

/** Answers every request with the same response and remembers what was asked. */
function answerWith(body: unknown, init: ResponseInit = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fetched = vi.fn<typeof fetch>(() => Promise.resolve(new Response(text, init)));
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

const empty = { meta: { requestId: 'r1' }, data: [], warnings: [] };

async function failureOf(promise: Promise<unknown>): Promise<ApiError & { requestId?: string }> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError');
  return error;
}

afterEach(() => vi.unstubAllGlobals());

describe('a request', () => {
  it('sends the version that the user looked at, the body as JSON, and the cookie', async () => {
    const fetched = answerWith(empty);
    await call('imageUpdate', environment, {
      params: { imageId },
      body: { name: 'web-2' },
      ifMatch: 4,
    });
    const init = fetched.mock.calls[0]?.[1];
    expect(init).toMatchObject({
      method: 'PATCH',
      credentials: 'same-origin',
      headers: { 'if-match': '"4"', 'content-type': 'application/json' },
      body: '{"name":"web-2"}',
    });
  });

  it('answers the envelope and the revision', async () => {
    const pagination = { first: null, last: null, prev: null, next: 'c2' };
    answerWith({ ...empty, pagination }, { headers: { 'x-revision': '4.17' } });
    const answer = await call('imageList', environment, {});
    expect(answer).toEqual({ ...empty, pagination, revision: '4.17' });
  });
});

describe('a failure', () => {
  it('keeps the code, message, details and request id of the server', async () => {
    const blockers = [{ type: 'role', id: 5, name: 'web' }];
    const first = { code: 'ObjectInUse', message: 'In use.', field: 'id', blockers };
    answerWith({ meta: { requestId: 'r9' }, errors: [first] }, { status: 409 });
    const error = await failureOf(call('imageDelete', environment, { params: { imageId } }));
    expect(error).toMatchObject({ code: 'ObjectInUse', message: 'In use.', requestId: 'r9' });
    expect(error.details).toEqual({ field: 'id', blockers });
    expect(error.status).toBe(409);
  });

  it.each([
    [502, '<html>Bad gateway</html>', 'ServiceUnavailable'],
    [500, '{}', 'ServiceUnavailable'],
    [418, '{"errors":[{"code":"Teapot","message":"Short and stout."}]}', 'BadRequest'],
    [200, '<html>Sign in to the guest network</html>', 'ServiceUnavailable'],
  ])('from something in between (%i %s) is %s', async (status, body, code) => {
    answerWith(body, { status });
    expect((await failureOf(call('imageList', environment, {}))).code).toBe(code);
  });

  it('to reach the server says what to do', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    const error = await failureOf(call('imageList', environment, {}));
    expect(error.code).toBe('ServiceUnavailable');
    expect(error.message).toContain('cannot be reached');
  });

  it('of a request that nobody waits for any more is not dressed up', async () => {
    const abort = new DOMException('Aborted', 'AbortError');
    vi.stubGlobal('fetch', () => Promise.reject(abort));
    const signal = AbortSignal.abort();
    await expect(call('imageList', environment, {}, signal)).rejects.toBe(abort);
  });
});

describe('the hooks', () => {
  const files = import.meta.glob<string>(
    ['./*.ts', './people/*.ts', '!./**/*.test.ts', '!./query.ts', '!./client.ts'],
    {
      query: '?raw',
      import: 'default',
      eager: true,
    },
  );

  it('reach every operation of the contract', () => {
    const source = Object.values(files).join('\n');
    // A change of many is made as a value, without a hook of its own.
    const calls =
      /(?:(?:operationQuery|objectQuery|useOperation|operationUrl|call)\(\s*|\bid: )'(\w+)'/g;
    const reached = [...source.matchAll(calls)].map((match) => match[1]);
    expect(new Set(reached)).toEqual(new Set(Object.keys(operations)));
  });
});

describe('what wants a fresh sign-in', () => {
  const refusal = {
    meta: { requestId: 'r2' },
    errors: [{ code: 'ConfirmationRequired', message: 'Sign in again.', confirmBy: ['link'] }],
  };
  const asking = (isConfirmed: boolean) =>
    vi.fn<typeof confirmation.ask & {}>(() => Promise.resolve(isConfirmed));
  afterEach(() => {
    confirmation.ask = undefined;
  });

  it('is sent once more, as it was, after one', async () => {
    const answers = [
      new Response(JSON.stringify(refusal), { status: 403 }),
      new Response(JSON.stringify(empty)),
    ];
    const fetched = vi.fn<typeof fetch>(() => Promise.resolve(answers.shift() ?? Response.error()));
    vi.stubGlobal('fetch', fetched);
    confirmation.ask = asking(true);
    await call('apiKeyCreate', 'self', { body: { name: 'typed' } });
    expect(fetched).toHaveBeenCalledTimes(2);
    expect(fetched.mock.calls[1]?.slice(0, 2)).toMatchObject(
      fetched.mock.calls[0]?.slice(0, 2) ?? [],
    );
    expect(confirmation.ask).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['cancels', asking(false)],
    ['cannot be asked', undefined],
  ])('is refused where somebody %s', async (_, ask) => {
    const fetched = answerWith(refusal, { status: 403 });
    confirmation.ask = ask;
    const error = await failureOf(call('apiKeyCreate', 'self', { body: { name: 'typed' } }));
    expect(error.code).toBe('ConfirmationRequired');
    expect(error.details.confirmBy).toEqual(['link']);
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});
