import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { farmListQuery } from './farms.ts';
import { useLaunchFarm } from './farm-changes.ts';
import { imageListQuery, imageQuery, useCreateImage, useDeprecateImage } from './images.ts';
import { usePromoteImage } from './promotions.ts';
import {
  replacementListQuery,
  replacementQuery,
  usePlanReplacement,
  useReplaceImage,
  useRollBackReplacement,
} from './replacements.ts';
import { roleListQuery, roleQuery } from './roles.ts';
import { scopeListQuery, scopeQuery, useCreateAccount } from './scopes.ts';
import { usageListQuery, usageTotalsQuery } from './usage.ts';

const at = { scope: 'account', accountId: 3 } as const;
const id = '0b6f6fd0-6a34-4b7e-9a2e-5f1d7c1f0a11';

/** What pages show, by what people call it. */
const shown = {
  images: imageListQuery(at),
  'the image': imageQuery(at, id),
  roles: roleListQuery(at),
  'a role': roleQuery(at, 5),
  farms: farmListQuery(at),
  'old images in use': usageListQuery(at),
  'how much is old': usageTotalsQuery(at),
  replacements: replacementListQuery(at),
  'the replacement': replacementQuery(at, id),
  'the counts of the scope': scopeQuery(at),
  'the scopes': scopeListQuery(),
};
type Shown = keyof typeof shown;

interface Hook {
  change: (input: never) => unknown;
  mutateAsync: (change: never) => Promise<unknown>;
}

/** Hands out what a hook gives. */
function Page({ useChange, take }: { useChange: () => Hook; take: (hook: Hook) => void }) {
  take(useChange());
  return null;
}

/** Carries out a change with everything in the cache. @returns what will be read again */
async function staleAfter(useChange: () => Hook, input: object): Promise<Shown[]> {
  const client = new QueryClient();
  for (const { queryKey } of Object.values(shown))
    client.setQueryData<unknown>(queryKey, { data: [], warnings: [] });
  const { promise, resolve } = Promise.withResolvers<Hook>();
  const page = createElement(Page, { useChange, take: resolve });
  renderToStaticMarkup(createElement(QueryClientProvider, { client }, page));
  const hook = await promise;
  await hook.mutateAsync(hook.change(input as never) as never);
  const entries = Object.entries(shown) as [Shown, { queryKey: readonly unknown[] }][];
  return entries
    .filter(([, { queryKey }]) => client.getQueryState(queryKey)?.isInvalidated)
    .map(([name]) => name);
}

afterEach(() => vi.unstubAllGlobals());

const params = { imageId: id };
const left: Shown[] = ['replacements', 'the replacement'];
const fleet: Shown[] = ['farms', 'old images in use', 'how much is old', ...left];
const catalogue: Shown[] = ['images', 'the image', 'roles', 'a role', ...fleet];
const all: Shown[] = [...catalogue, 'the counts of the scope'];

const changes: [string, () => Hook, object, Shown[]][] = [
  ['an image was replaced', () => useReplaceImage(at), { params, body: { newImage: { id } } }, all],
  ['a replacement was planned', () => usePlanReplacement(at), { body: {} }, left],
  [
    'a replacement was rolled back',
    () => useRollBackReplacement(at),
    { params: { replacementId: id }, body: {} },
    all,
  ],
  ['an image was promoted', () => usePromoteImage(at), { params, body: {} }, all],
  [
    'an image was deprecated',
    () => useDeprecateImage(at),
    { params, body: { deprecate: true } },
    all,
  ],
  [
    'an image was registered',
    () => useCreateImage(at),
    { body: {} },
    ['images', 'the image', 'the counts of the scope'],
  ],
  [
    'a farm was launched',
    () => useLaunchFarm({ scope: 'environment', environmentId: 7 }),
    { params: { farmId: 1 } },
    all,
  ],
  [
    'an account was created',
    () => useCreateAccount(),
    { body: { name: 'Retail' } },
    ['the counts of the scope', 'the scopes'],
  ],
];

describe('what a page shows is read again after', () => {
  it.each(changes)('%s', async (_, useChange, input, expected) => {
    const answer = { meta: { requestId: 'r' }, data: { id }, warnings: [] };
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(answer))));
    expect(await staleAfter(useChange, input)).toEqual(expect.arrayContaining(expected));
  });

  it('no change that was refused', async () => {
    const answer = { errors: [{ code: 'ObjectInUse', message: 'In use.' }] };
    const refuse = () => Promise.resolve(new Response(JSON.stringify(answer), { status: 409 }));
    vi.stubGlobal('fetch', refuse);
    const input = { params, body: { newImage: { id } } };
    await expect(staleAfter(() => useReplaceImage(at), input)).rejects.toThrow('In use.');
  });
});
