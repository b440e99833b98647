import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';
import { cloudCredentialsStatuses } from '#contract/clouds/cloud-credentials.ts';
import { cloudPlatformLabel } from '#contract/images/platforms.ts';

import { cloudCredentialsListQuery } from '../../api/cloud-credentials.ts';
import type { CloudCredentialsListInput } from '../../api/cloud-credentials.ts';
import { scopeQuery } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { filtersBy, optionsOf } from '../../components/filters/choices.ts';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ScopeBadge } from '../../components/ScopeBadge.tsx';
import type { Column } from '../../components/table/table.ts';
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

import { CloudDialogs } from './CloudDialogs.tsx';
import { placeWords, rightsWords, statusWord } from './cloud-words.ts';
import { useCloudActions } from './use-cloud-actions.ts';

const search = {
  query: textParam(),
  status: choiceParam(cloudCredentialsStatuses),
  ...listParams(['added', 'name'], 'name'),
};

function listInput(state: SearchState<typeof search>): CloudCredentialsListInput {
  return {
    query: state.query,
    status: state.status,
    sort: state.sort,
    ...pageOf(state),
    include: ['actions', 'total'],
  };
}

const rowKey = ({ id }: CloudCredentials) => id;
const nameOf = ({ name }: CloudCredentials) => name;

const columns: readonly Column<CloudCredentials>[] = [
  { id: 'name', header: 'Name', isName: true, sortKey: 'name', cell: nameOf, note: placeWords },
  {
    id: 'provider',
    header: 'Platform',
    width: '8rem',
    cell: ({ provider }) => cloudPlatformLabel[provider] ?? provider,
  },
  { id: 'status', header: 'Status', width: '8rem', cell: ({ status }) => statusWord[status] },
  {
    id: 'contact',
    header: 'Last contact',
    width: '9rem',
    cell: ({ lastContact }) => <RelativeTime at={lastContact} />,
  },
  { id: 'rights', header: 'Slipway may', width: '8rem', cell: rightsWords },
  {
    id: 'environments',
    header: 'Environments',
    width: '9rem',
    cell: ({ environments }) => environments.map(({ name }) => name).join(', ') || '–',
  },
  { id: 'scope', header: 'Scope', width: '9rem', cell: (row) => <ScopeBadge scope={row.scope} /> },
];

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(
    cloudCredentialsListQuery(at, listInput(parseSearch(search, params))),
  );
});

/** The cloud credentials that a scope sees, and what can be done with them. */
export const Component = scopedPage(Clouds);

function Clouds({ at }: { at: PathScope }) {
  const base = useList(search, (state) => cloudCredentialsListQuery(at, listInput(state)));
  const filter = filtersBy(base.state, base.patch);
  const filters = [filter('status', 'Status', optionsOf(cloudCredentialsStatuses, statusWord))];
  const listing = useListing(base, filters, {
    label: 'Search cloud credentials',
    placeholder: 'Name',
    members: ['name'],
  });
  const { data: scope } = useQuery(scopeQuery(at));
  const { actions, dialog } = useCloudActions(at);
  const rows = base.list.data?.data;
  const subject = useMemo(() => rows?.find(({ id }) => id === dialog.on), [rows, dialog.on]);
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, actions }}
        rowLabel={nameOf}
        title="Clouds"
        noun="cloud credential"
        create={{
          label: 'Add cloud credentials',
          to: paths.clouds(at, { dialog: 'add' }),
          reason: reasonAgainst(scope?.actions.cloudCredentialsCreate),
        }}
        end={(chooser) => (
          <>
            <ActionButton variant="subtle" to={paths.cloudImages(at)}>
              Cloud images
            </ActionButton>
            {chooser}
          </>
        )}
        hint="Environments use the cloud that Slipway was started with, until they have credentials of their own."
      />
      <CloudDialogs {...{ at, subject }} name={dialog.dialog} onClose={dialog.close} />
    </>
  );
}
