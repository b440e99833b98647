import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { imageListQuery, imageQuery } from './images.ts';
import { settle } from './query.ts';

const at = { scope: 'environment', environmentId: 7 } as const;
const other = { scope: 'environment', environmentId: 8 } as const;

let client: QueryClient;
let asked: string[];

beforeEach(() => {
  client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  asked = [];
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url);
    const body = { meta: { requestId: 'r' }, data: [{ url }], warnings: [] };
    return Promise.resolve(new Response(JSON.stringify(body)));
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Puts a query on the screen and waits for its first answer. */
async function show(options: ReturnType<typeof imageListQuery>) {
  const observer = new QueryObserver(client, options);
  const leave = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(observer.getCurrentResult().isPlaceholderData).toBe(false));
  await vi.waitFor(() => expect(observer.getCurrentResult().isFetching).toBe(false));
  return { observer, leave };
}

describe('a list', () => {
  it('keeps its rows in sight while a filter changes', async () => {
    const { observer } = await show(imageListQuery(at, {}));
    observer.setOptions(imageListQuery(at, { query: 'web' }));
    expect(observer.getCurrentResult()).toMatchObject({ isPlaceholderData: true });
    expect(observer.getCurrentResult().data).toBeDefined();
  });

  it('never shows the rows of another scope', async () => {
    const { observer } = await show(imageListQuery(at, {}));
    observer.setOptions(imageListQuery(other, {}));
    expect(observer.getCurrentResult().data).toBeUndefined();
  });
});

describe('after a change', () => {
  it('what it invalidates is fresh again before it counts as done', async () => {
    await show(imageListQuery(at, {}));
    await settle(client, ['imageCreate']);
    expect(asked).toHaveLength(2);
  });

  it('a deleted object is not asked for again, and forgotten once it has left the screen', async () => {
    const options = imageQuery(at, 'gone');
    const observer = new QueryObserver(client, options);
    const leave = observer.subscribe(() => undefined);
    await vi.waitFor(() => expect(observer.getCurrentResult().isSuccess).toBe(true));
    await settle(client, ['imageDelete'], { imageId: 'gone' });
    expect(asked).toHaveLength(1);
    expect(client.getQueryData(options.queryKey)).toBeDefined();
    leave();
    expect(client.getQueryData(options.queryKey)).toBeUndefined();
  });

  it('nothing that was read at a deleted scope is asked for again', async () => {
    await show(imageListQuery(at, {}));
    await settle(client, ['environmentDelete', 'imageCreate'], { envId: 7 });
    expect(asked).toHaveLength(1);
  });
});
