import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { Query, QueryClient } from '@tanstack/react-query';
import { effects, reads } from '#contract/effects.ts';
import type { ChangeId, Noun } from '#contract/effects.ts';
import { operations } from '#contract/operations.ts';
import type { OperationId } from '#contract/operations.ts';
import type { Plan } from '#contract/plans.ts';

import { errorFacts } from '../util/errors.ts';
import { noteGone } from '../util/gone.ts';
import { useTellLost } from '../util/lost-object.ts';
import { cursorOf } from '../util/search-params.ts';

import { call } from './client.ts';
import type { Answer } from './client.ts';
import type { At, Change, Input } from './request.ts';

type DeletionPreviewId = 'imageDeletePreview' | 'imageSetDeletePreview' | 'roleDeletePreview';

type Key<Id extends OperationId> = readonly [Id, { at: At } & Input<Id>];

function isSameScope(query: { queryKey: unknown } | undefined, at: At): boolean {
  const input = (query?.queryKey as Key<OperationId> | undefined)?.[1];
  return JSON.stringify(input?.at) === JSON.stringify(at);
}

/**
 * How to read an operation's whole answer: `data`, `pagination`, `warnings`. While filters or pages
 * change, the rows before stay in sight (`isPlaceholderData`), but never those of another scope.
 */
export function operationQuery<Id extends OperationId>(id: Id, at: At, input: Input<Id>) {
  const isList = operations[id].kind === 'list';
  return queryOptions<Answer<Id>, Error, Answer<Id>, Key<Id>>({
    queryKey: [id, { at, ...input }],
    queryFn: ({ signal }) => call(id, at, input, signal),
    ...(isList
      ? {
          placeholderData: (before: Answer<Id> | undefined, query: unknown) =>
            isSameScope(query as Query | undefined, at) ? before : undefined,
        }
      : {}),
  });
}

/** As long as people look at a page before they turn it; who searches on has no use for the next. */
const lookMs = 250;

/**
 * Fetches the next page of a list that is shown, so that turning to it is no wait.
 * @param list what useQuery gave for the page that is shown
 * @param pageAt how to read the page at a cursor
 */
export function usePrefetchNext<Id extends OperationId>(
  list: { data: Answer<Id> | undefined; isPlaceholderData: boolean },
  pageAt: (cursor: string) => ReturnType<typeof operationQuery<Id>>,
): void {
  const client = useQueryClient();
  const next = list.isPlaceholderData ? undefined : cursorOf(list.data?.pagination?.next);
  const queryOf = useEffectEvent(pageAt);
  useEffect(() => {
    if (next === undefined) return undefined;
    // Now, not later: by then the filters may be others, which the cursor does not belong to.
    const query = queryOf(next);
    const timer = setTimeout(() => void client.prefetchQuery(query), lookMs);
    return () => clearTimeout(timer);
  }, [client, next]);
}

/** As operationQuery, for one object: what components get is the object itself. */
export function objectQuery<Id extends OperationId>(id: Id, at: At, input: Input<Id>) {
  return queryOptions<Answer<Id>, Error, Answer<Id>['data'], Key<Id>>({
    queryKey: [id, { at, ...input }],
    queryFn: ({ signal }) => call(id, at, input, signal),
    select: (answer) => answer.data,
  });
}

/** An object among the rows of a list that was read before, as its own answer would have it. */
function findListed(client: QueryClient, list: OperationId, key: readonly unknown[]): unknown {
  const { at, params = {} } = key[1] as { at: At; params?: Record<string, unknown> };
  const [id] = Object.values(params).map(String);
  for (const query of client.getQueryCache().findAll({ queryKey: [list] })) {
    if (!isSameScope(query, at)) continue;
    const answer = query.state.data as { data: { id: string | number }[] } | undefined;
    const row = answer?.data.find((one) => String(one.id) === id);
    if (row !== undefined) return { ...answer, data: row };
  }
  return undefined;
}

/**
 * The object that a page is about; undefined until it was read, and an error goes to the page's error
 * boundary. One that a list has shown is there at once, as the list had it, and read again meanwhile. One that
 * somebody else takes away stays as it was, with what was typed on the page, and the frame says so.
 * @param list a list whose rows hold all that is asked for here
 */
export function useObject<Id extends OperationId>(
  query: ReturnType<typeof objectQuery<Id>>,
  list?: OperationId,
): Answer<Id>['data'] | undefined {
  const client = useQueryClient();
  const listed = () => (list === undefined ? undefined : findListed(client, list, query.queryKey));
  const { data, error } = useQuery<Answer<Id>, Error, Answer<Id>['data'], Key<Id>>({
    ...query,
    placeholderData: listed as () => undefined,
    throwOnError: (_error, { state }) => state.data === undefined,
  });
  const isLost = [403, 404].includes(errorFacts(error).status ?? 0);
  useTellLost(isLost ? (error ?? undefined) : undefined);
  return data;
}

/** What goes by itself, such as a server that is ending, is looked at again until it has gone. */
const waitingMs = 2_000;

/** The preview of a deletion: while something is only waited for, it is read again. */
export function untilClear<Id extends DeletionPreviewId>(
  query: ReturnType<typeof objectQuery<Id>>,
) {
  return {
    ...query,
    refetchInterval: ({ state }: { state: { data: Answer<Id> | undefined } }) => {
      const plan: Plan | undefined = state.data?.data;
      return plan?.blockers.some(({ clearBy }) => clearBy?.length === 0) === true && waitingMs;
    },
  };
}

/**
 * The plan that a dialog shows before it acts. While the act is carried out, what was agreed to stays in
 * sight; where that is refused because it is no longer so, the plan is made anew.
 * @param isAsked false while it is not known yet what the plan would be of
 * @returns with `problem`: why it cannot be agreed to yet
 */
export function useShownPlan<Id extends OperationId>(
  query: ReturnType<typeof objectQuery<Id>>,
  act: { isPending: boolean; isSuccess: boolean; isError: boolean },
  isAsked = true,
) {
  const plan = useQuery({ ...query, enabled: isAsked && !act.isPending && !act.isSuccess });
  const isComing =
    plan.data === undefined || plan.isPlaceholderData || (act.isError && plan.isFetching);
  const coming = isComing ? 'Still working out what it concerns.' : undefined;
  return { ...plan, problem: plan.error === null ? coming : plan.error.message };
}

/** Whether a query reads the object that these parameters name, or anything at that scope. */
function isAbout(query: Query, params: Record<string, unknown>): boolean {
  const input = query.queryKey[1] as Partial<Key<OperationId>[1]> | undefined;
  const at = typeof input?.at === 'object' ? input.at : undefined;
  const named: Record<string, unknown> = {
    ...(at?.scope === 'account' ? { accountId: at.accountId } : {}),
    ...(at?.scope === 'environment' ? { envId: at.environmentId } : {}),
    ...input?.params,
  };
  const wanted = Object.entries(params);
  return (
    wanted.length > 0 && wanted.every(([name, value]) => String(named[name]) === String(value))
  );
}

/** Forgets what was read of an object that is gone; what is on the screen, once it has left it. */
function forget(client: QueryClient, params: Record<string, unknown>): void {
  const cache = client.getQueryCache();
  for (const query of cache.findAll({ predicate: (candidate) => isAbout(candidate, params) })) {
    if (query.getObserversCount() === 0) {
      cache.remove(query);
      continue;
    }
    const stop = cache.subscribe((event) => {
      if (event.query !== query || query.getObserversCount() > 0) return;
      stop();
      cache.remove(query);
    });
  }
}

/** What some changes make stale: contract/effects.ts. */
function staleAfter(ids: readonly ChangeId[]): ReadonlySet<unknown> {
  const nouns = new Set<Noun>(ids.flatMap((id): readonly Noun[] => effects[id]));
  return new Set([...nouns].flatMap((noun): readonly OperationId[] => reads[noun]));
}

/**
 * What follows from changes that were carried out: resolves when all that they made stale, and that is
 * on the screen, has been read again. What is `gone` by them is forgotten instead: the parameters that
 * named it.
 */
export async function settle(
  client: QueryClient,
  ids: readonly ChangeId[],
  gone: Record<string, unknown> = {},
): Promise<void> {
  const stale = staleAfter(ids);
  const refetched = client.invalidateQueries({
    predicate: (query) => stale.has(query.queryKey[0]) && !isAbout(query, gone),
  });
  noteGone(gone);
  forget(client, gone);
  await refetched;
}

/** Whether something was refused since what was looked at is no longer so. */
function isOutdated(error: Error): boolean {
  const { code, difference } = errorFacts(error);
  return difference !== undefined || code === 'PreconditionFailed';
}

type GoneOf<Id extends ChangeId> = (
  answer: Answer<Id>,
  input: Input<Id>,
) => Record<string, unknown> | undefined;

/**
 * A hook's worth of one operation that changes something: `mutate(change({ params, body, ifMatch }))`.
 * It stays pending until what it makes stale is fresh again.
 * @param goneOf what it took away: the parameters that named it, or undefined. A deletion takes away
 * what it was about.
 */
export function useOperation<Id extends ChangeId>(
  id: Id,
  at: At,
  goneOf: GoneOf<Id> = (_answer, { params }) =>
    operations[id].method === 'DELETE' ? { ...params } : undefined,
) {
  const client = useQueryClient();
  const mutation = useMutation<Answer<Id>, Error, Change<Id>>({
    mutationKey: [id],
    mutationFn: (change) => call(change.id, change.at, change.input),
    onSuccess: (answer, { input }) => settle(client, [id], goneOf(answer, input)),
    // What was shown is no longer so: the plan or the object is read anew, and asked about again.
    onError: (error) => (isOutdated(error) ? settle(client, [id]) : undefined),
  });
  return {
    ...mutation,
    /** What `mutate` is given, and what a dialog shows as a command. */
    change: (input: Input<Id>): Change<Id> => ({ id, at, input }),
  };
}

/** What useOperation gives, for what several operations are carried out with. */
export type Operation<Id extends ChangeId> = ReturnType<typeof useOperation<Id>>;
