import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Policy } from '#contract/policies/policies.ts';
import { policyModes } from '#contract/policies/policies.ts';
import { policyKinds } from '#contract/policies/rules.ts';

import { policyListQuery } from '../../api/policies.ts';
import type { PolicyListInput } from '../../api/policies.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import { paths } from '../../util/paths.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import {
  choiceParam,
  listParams,
  pageOf,
  parseSearch,
  textParam,
} from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';
import { reasonAgainst } from '../../util/verdicts.ts';

import { NewPolicy } from './NewPolicy.tsx';
import { kindWord, modeWord, ruleWords } from './policy-words.ts';

const search = {
  query: textParam(),
  kind: choiceParam(policyKinds),
  mode: choiceParam(policyModes),
  ...listParams(['name', 'added'], 'name'),
};

function listInput(state: SearchState<typeof search>): PolicyListInput {
  return {
    query: state.query,
    kind: state.kind,
    mode: state.mode,
    sort: state.sort,
    ...pageOf(state),
    include: ['total'],
  };
}

const rowKey = ({ id }: Policy) => id;
const nameOf = ({ name }: Policy) => name;

function columnsAt(at: PathScope): readonly Column<Policy>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      isName: true,
      sortKey: 'name',
      cell: ({ id, name }) => <Link to={paths.policy(at, id)}>{name}</Link>,
      note: ruleWords,
    },
    { id: 'kind', header: 'What it does', width: '13rem', cell: ({ kind }) => kindWord[kind] },
    { id: 'mode', header: 'Mode', width: '7rem', cell: ({ mode }) => modeWord[mode] },
    {
      id: 'evaluated',
      header: 'Evaluated',
      width: '9rem',
      cell: ({ evaluation }) => <RelativeTime at={evaluation?.at ?? null} />,
    },
    {
      id: 'ran',
      header: 'Last run',
      width: '9rem',
      cell: ({ lastRun }) => <RelativeTime at={lastRun?.at ?? null} />,
    },
    {
      id: 'scope',
      header: 'Scope',
      width: '9rem',
      cell: (row) => <ScopeBadge scope={row.scope} />,
    },
  ];
}

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(policyListQuery(at, listInput(parseSearch(search, params))));
});

/** What shall become of images and roles of a scope as time passes. */
export const Component = scopedPage(Policies);

function Policies({ at }: { at: PathScope }) {
  const base = useList(search, (state) => policyListQuery(at, listInput(state)));
  const filter = filtersBy(base.state, base.patch);
  const filters = [
    filter('kind', 'What it does', optionsOf(policyKinds, kindWord)),
    filter('mode', 'Mode', optionsOf(policyModes, modeWord)),
  ];
  const listing = useListing(base, filters, {
    label: 'Search policies',
    placeholder: 'Name',
    members: ['name'],
  });
  const { data: scope } = useQuery(scopeQuery(at));
  const { dialog, close } = useDialog(['new']);
  return (
    <>
      <ListPage
        {...{ at, listing, rowKey }}
        columns={columnsAt(at)}
        rowLabel={nameOf}
        title="Policies"
        noun="policy"
        create={{
          label: 'New policy',
          to: paths.policies(at, { dialog: 'new' }),
          reason: reasonAgainst(scope?.actions.imageCreate),
        }}
        hint="A policy deprecates old versions, deletes what nothing uses, or reports names and roles that break a rule. It first shows row by row what it would do and why; nothing happens before you enforce it."
      />
      {dialog === 'new' && <NewPolicy at={at} onClose={close} />}
    </>
  );
}
