import type { Query, QueryClient } from '@tanstack/react-query';
import { reads } from '#contract/effects.ts';
import type { Noun } from '#contract/effects.ts';
import type { Moved, MovedScope } from '#contract/live.ts';

import { wasTakenAway } from '../../util/gone.ts';
import type { Answer } from '../client.ts';
import type { At } from '../request.ts';

/** What comes within so long is read at once; people by the hundred do not ask in the same moment. */
const gatherMs = 50;
const spreadMs = 100;
/** From the end of one round of reading to the next. */
const pauseMs = 300;
/** Whatever this tab changes is read again by itself, which is waited for, within reason. */
const ownChangesMs = 2_000;
/** A read that hangs keeps the others from being read again for no longer. */
const roundMs = 5_000;

interface News {
  /** Undefined for whatever there is. */
  scope: MovedScope | undefined;
  through: number;
}

/** What a dialog shows stays as it is until it is acted on: the server compares (docs/domain.md, "Plans"). */
const keptStill = (id: string) => id.endsWith('Preview') || id === 'imageCandidates';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function atOf({ queryKey }: Query): At {
  return (queryKey[1] as { at?: At } | undefined)?.at ?? 'self';
}

/** Whether it is about what this tab has deleted, whose page is being left: it would not be found. */
function isGone(query: Query): boolean {
  const at = atOf(query);
  const { params } = (query.queryKey[1] ?? {}) as { params?: Record<string, unknown> };
  const place =
    at === 'self' || at.scope === 'scalr'
      ? {}
      : at.scope === 'account'
        ? { accountId: at.accountId }
        : { envId: at.environmentId };
  return wasTakenAway({ ...place, ...params });
}

/** Below which an answer may lack what has changed; an answer that says nothing may lack anything. */
function positionOf({ state }: Query): number {
  return (state.data as Partial<Answer<'scopeGet'>> | null | undefined)?.position ?? -1;
}

/** The account of an environment, once its page has said so. */
function accountOf(client: QueryClient, at: At): number | null | undefined {
  const query = client.getQueryCache().findAll({
    queryKey: ['scopeGet'],
    predicate: (one) => JSON.stringify(atOf(one)) === JSON.stringify(at),
  })[0];
  return (query?.state.data as Answer<'scopeGet'> | undefined)?.data.accountId;
}

/** Whether what changed at a scope can show at another: Corporate shows all, and everybody sees Corporate. */
function showsAt(client: QueryClient, at: At, { accountId }: MovedScope): boolean {
  if (accountId === null || at === 'self' || at.scope === 'scalr') return true;
  if (at.scope === 'account') return at.accountId === accountId;
  return (accountOf(client, at) ?? accountId) === accountId;
}

function isOf(id: unknown, nouns: readonly Noun[]): boolean {
  return nouns.some((noun) => (reads[noun] as readonly unknown[]).includes(id));
}

/** Whether a query was answered before something that it shows has changed. */
function isBehind(client: QueryClient, query: Query, news: readonly News[]): boolean {
  const position = positionOf(query);
  return news.some(
    ({ scope, through }) =>
      position < through &&
      (scope === undefined ||
        (isOf(query.queryKey[0], scope.nouns) && showsAt(client, atOf(query), scope))),
  );
}

/**
 * Reads again what is on the screen and has changed, and marks the rest as stale; what this tab has read
 * already, as after a change of its own, it does not read twice. One round at a time.
 * @returns takes what the server says has moved
 */
export function makeRefresh(client: QueryClient): (moved: Moved) => void {
  let waiting: News[] = [];
  let isRunning = false;

  const readAgain = async (news: readonly News[]) => {
    const behind = client.getQueryCache().findAll({
      predicate: (query) => isBehind(client, query, news),
    });
    // Their first answer is on its way, and nobody knows from when it is.
    const coming = behind.filter(
      ({ state }) => state.data === undefined && state.fetchStatus === 'fetching',
    );
    const isNow = (query: Query) =>
      !document.hidden && !keptStill(String(query.queryKey[0])) && !isGone(query);
    const isStale = (query: Query) => behind.includes(query);
    await client.invalidateQueries({
      predicate: (query) => isStale(query) && !isNow(query),
      refetchType: 'none',
    });
    await client.invalidateQueries({ predicate: (query) => isStale(query) && isNow(query) });
    await client.refetchQueries({
      type: 'active',
      predicate: (query) => coming.includes(query) && isBehind(client, query, news),
    });
  };

  const run = async () => {
    isRunning = true;
    await sleep(gatherMs + Math.random() * spreadMs);
    while (waiting.length > 0) {
      const until = performance.now() + ownChangesMs;
      while (client.isMutating() > 0 && performance.now() < until) await sleep(gatherMs);
      const news = waiting;
      waiting = [];
      await Promise.race([readAgain(news), sleep(roundMs)]);
      await sleep(pauseMs);
    }
    isRunning = false;
  };

  return ({ everything, scopes, through }) => {
    const told = everything ? [undefined] : scopes;
    waiting = [...waiting, ...told.map((scope) => ({ scope, through }))];
    if (waiting.length > 0 && !isRunning) void run();
  };
}

/** What was read first: whatever changed after it may be missing. Undefined where nothing was read. */
export function firstPosition(client: QueryClient): number | undefined {
  const positions = client
    .getQueryCache()
    .getAll()
    .map(positionOf)
    .filter((position) => position >= 0);
  return positions.length > 0 ? Math.min(...positions) : undefined;
}
