import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Moved, MovedScope } from '#contract/live.ts';

import { farmListQuery } from '../farms.ts';
import { imageListQuery, imageQuery } from '../images.ts';
import { projectListQuery } from '../projects.ts';
import { roleListQuery } from '../roles.ts';
import { scopeListQuery, scopeQuery } from '../scopes.ts';

import { firstPosition, makeRefresh } from './refresh.ts';

const corporate = { scope: 'scalr' } as const;
const mine = { scope: 'account', accountId: 3 } as const;
const others = { scope: 'account', accountId: 4 } as const;
const environment = { scope: 'environment', environmentId: 30 } as const;
const soonMs = 1_000;

let client: QueryClient;
let read: string[];
let tell: (moved: Moved) => void;
const stops: (() => void)[] = [];

/** Puts the answer to a query on the screen; each later answer is at the position that the server has by then. */
function show(name: string, { queryKey }: { queryKey: readonly unknown[] }, position = 100) {
  client.setQueryData(queryKey, { data: {}, position });
  const queryFn = () => {
    read.push(name);
    return Promise.resolve({ data: {}, position: 200 });
  };
  stops.push(
    new QueryObserver(client, { queryKey, queryFn, staleTime: Infinity }).subscribe(() => {}),
  );
}

function news(scope: Partial<MovedScope>, through = 150): Moved {
  const moved: MovedScope = { accountId: 3, revision: 1, fleet: 1, nouns: ['images'], ...scope };
  return { position: through, through, everything: false, scopes: [moved] };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  client = new QueryClient();
  read = [];
  tell = makeRefresh(client);
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('what is on the screen is read again', () => {
  it('where the noun was touched, at the account, below it and at Corporate, and nowhere else', async () => {
    client.setQueryData<unknown>(scopeQuery(environment).queryKey, { data: { accountId: 3 } });
    show('images', imageListQuery(mine));
    show('images below', imageListQuery(environment));
    show('images above', imageListQuery(corporate));
    show('images of others', imageListQuery(others));
    show('farms', farmListQuery(mine));
    tell(news({}));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read.toSorted()).toEqual(['images', 'images above', 'images below']);
  });

  it('everywhere, where Corporate has changed; and whatever belongs to the user', async () => {
    show('roles', roleListQuery(mine));
    show('roles of others', roleListQuery(others));
    show('scopes', scopeListQuery());
    tell(news({ accountId: null, nouns: ['roles', 'scopes'] }));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read.toSorted()).toEqual(['roles', 'roles of others', 'scopes']);
  });

  it('unless it was read since: a change of this tab is not read twice', async () => {
    show('images', imageListQuery(mine), 150);
    show('an image', imageQuery(mine, 'a'), 149);
    tell(news({}, 150));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read).toEqual(['an image']);
  });

  it('all of it where nobody knows what was missed', async () => {
    show('images', imageListQuery(others));
    show('projects', projectListQuery(mine));
    tell({ position: 150, through: 150, everything: true, scopes: [] });
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read.toSorted()).toEqual(['images', 'projects']);
  });

  it('once for much that comes at once, and not more often than a person sees', async () => {
    show('images', imageListQuery(mine));
    for (let nth = 0; nth < 100; nth++) {
      tell(news({}, 1_000 + nth));
      await vi.advanceTimersByTimeAsync(20);
    }
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read.length).toBeGreaterThan(1);
    expect(read.length).toBeLessThanOrEqual(8);
  });

  it('after a change of this tab is done, which reads it itself', async () => {
    show('images', imageListQuery(mine));
    const change = Promise.withResolvers<void>();
    const mutation = client.getMutationCache().build(client, { mutationFn: () => change.promise });
    const changing = mutation.execute(undefined);
    tell(news({}));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read).toEqual([]);
    change.resolve();
    await changing;
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read).toEqual(['images']);
  });
});

describe('only marked as stale is', () => {
  const isStale = ({ queryKey }: { queryKey: readonly unknown[] }) =>
    client.getQueryState(queryKey)?.isInvalidated;

  it('what is not on the screen', async () => {
    client.setQueryData<unknown>(imageListQuery(mine).queryKey, { data: [], position: 100 });
    tell(news({}));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(isStale(imageListQuery(mine))).toBe(true);
  });

  it('the plan that an open dialog shows', async () => {
    const plan = { queryKey: ['imageDeletePreview', { at: mine, params: { imageId: 'a' } }] };
    show('plan', plan);
    tell(news({}));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read).toEqual([]);
    expect(isStale(plan)).toBe(true);
  });

  it('everything in a tab that nobody sees', async () => {
    vi.stubGlobal('document', { hidden: true });
    show('images', imageListQuery(mine));
    tell(news({}));
    await vi.advanceTimersByTimeAsync(soonMs);
    expect(read).toEqual([]);
    expect(isStale(imageListQuery(mine))).toBe(true);
  });
});

it('a page begins to listen from its first answer', () => {
  expect(firstPosition(client)).toBeUndefined();
  show('images', imageListQuery(mine), 120);
  show('farms', farmListQuery(mine), 110);
  expect(firstPosition(client)).toBe(110);
});
