import { kindWords, operationObjectKinds } from '#contract/records/object-kinds.ts';
import { operationWords } from '#contract/records/operation-words.ts';

import { operationExportUrl, operationListQuery } from '../../api/operations.ts';
import type { DenialListInput, OperationListInput } from '../../api/operations.ts';
import { kindLabel } from '../../components/activity/activity-words.ts';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { dayFilters, dayParams, daysOf, peopleOptions } from '../../components/filters/days.ts';
import type { Filter } from '../../components/filters/filter.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { useNow } from '../../hooks/use-now.ts';
import { capitalized } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';
import {
  choiceParam,
  listParams,
  pageOf,
  patternParam,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

const operationIds = Object.keys(operationWords) as (keyof typeof operationWords)[];

/** What the address of the page holds. */
export const search = {
  view: choiceParam(['denied']),
  query: textParam(),
  person: textParam(),
  kind: choiceParam(operationObjectKinds),
  object: patternParam(/^[a-zA-Z]{1,20}:.{1,300}$/u),
  operation: choiceParam(operationIds),
  ...dayParams,
  ...listParams(['at'], '-at'),
};
type State = SearchState<typeof search>;

function filtersOf(state: State) {
  return {
    query: state.query,
    person: state.person,
    kind: state.kind,
    object: state.object,
    operation: state.operation,
    ...daysOf(state),
  };
}

export function listInput(state: State): OperationListInput {
  return { ...filtersOf(state), sort: state.sort, ...pageOf(state), include: ['total'] };
}

export function denialInput(state: State): DenialListInput {
  const { person, from, to } = filtersOf(state);
  return { person, from, to, sort: state.sort, ...pageOf(state), include: ['total'] };
}

/** Person and time: what both lists of the page are filtered by. */
export function useCommonFilters(
  state: State,
  patch: (change: Record<string, string>) => void,
  rows: readonly { actor: Parameters<typeof peopleOptions>[0][number] }[],
): Filter[] {
  const now = useNow();
  const filter = filtersBy(state, patch);
  return [
    filter(
      'person',
      'Person',
      peopleOptions(
        rows.map(({ actor }) => actor),
        state.person,
      ),
    ),
    ...dayFilters(now, state, filter),
  ];
}

const what = optionsOf(
  operationIds,
  Object.fromEntries(operationIds.map((id) => [id, capitalized(operationWords[id])])),
);
const kinds = operationObjectKinds.map((kind) => ({ value: kind, label: kindLabel(kind) }));

const words = {
  label: 'Search activity',
  placeholder: 'Who, name, reason or request',
  members: ['words', 'reason'],
};

/** The list of the page with its filters. */
export function useActivityList(at: PathScope) {
  const base = useList(search, (state) => operationListQuery(at, listInput(state)));
  const { state, patch, list } = base;
  const filter = filtersBy(state, patch);
  const rows = list.data?.data ?? [];
  const object = rows.flatMap(({ objects }) => objects).find(isObject(state.object ?? ''));
  const filters = [
    ...useCommonFilters(state, patch, rows),
    filter('kind', 'Kind', kinds),
    filter('operation', 'What', what),
    ...(state.object === undefined
      ? []
      : [
          filter('object', 'Object', [
            { value: state.object, label: object?.name ?? nameIn(state.object) },
          ]),
        ]),
  ];
  const listing = useListing(base, filters, words);
  const { include: _, maxResults: __, cursor: ___, ...whole } = listInput(state);
  return { ...listing, csv: operationExportUrl(at, whole) };
}

const isObject = (text: string) => (object: { kind: string; id: string }) =>
  `${object.kind}:${object.id}` === text;

/** `imageSet:ubuntu-24-04/web-1.2` is called by its name, anything else by its kind and id. */
function nameIn(object: string): string {
  const [kind = '', id = ''] = object.split(/:(.*)/s);
  if (kind === 'imageSet') return id.slice(id.indexOf('/') + 1);
  const word = Object.hasOwn(kindWords, kind) ? kindWords[kind as keyof typeof kindWords] : kind;
  return `${word} ${id}`;
}
