import type { UserKey } from '#contract/people/user-keys.ts';

import { useDisableUserKey, userKeyListQuery } from '../../api/people/user-keys.ts';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { keyColumns } from '../../components/keys/key-columns.tsx';
import { useList, useListing } from '../../components/lists/use-list.ts';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { ListPage } from '../../layouts/ListPage.tsx';
import { scopedPage } from '../../components/scoped-page.tsx';
import { queryClient } from '../../query-client.ts';
import type { PathScope } from '../../util/paths.ts';
import { scopedLoader } from '../../util/scoped-loader.ts';
import { listParams, pageOf, parseSearch, textParam } from '../../util/search-params.ts';
import type { SearchState } from '../../util/search-params.ts';

const search = { query: textParam(), ...listParams(['created'], '-created') };

function listInput({ query, sort, ...page }: SearchState<typeof search>) {
  return {
    ...(query === '' ? {} : { query }),
    sort,
    ...pageOf(page),
    include: ['total' as const],
  };
}

/** Starts reading the list before the page is there. */
export const loader = scopedLoader((at, params) => {
  void queryClient.prefetchQuery(userKeyListQuery(at, listInput(parseSearch(search, params))));
});

/** Everybody's API keys that reach a scope, for its administrators. */
export const Component = scopedPage(KeyList);

const columns: readonly Column<UserKey>[] = [
  {
    id: 'name',
    header: 'Name',
    isName: true,
    cell: ({ name }) => name,
    note: ({ user }) => `${user.name} (${user.email})`,
  },
  ...keyColumns,
  {
    id: 'created',
    header: 'Created',
    width: '8rem',
    sortKey: 'created',
    sortsDescendingFirst: true,
    cell: ({ created }) => <RelativeTime at={created} />,
  },
];
const rowKey = ({ id }: UserKey) => id;
const rowLabel = ({ name, user }: UserKey) => `${name} of ${user.name}`;

/** Why a key cannot be disabled from here. */
function refusalOf({ active, reachesBeyond }: UserKey): string | undefined {
  if (!active) return 'It is disabled already.';
  return reachesBeyond
    ? 'It also reaches what is not in this scope. Ask an administrator above it.'
    : undefined;
}

function KeyList({ at }: { at: PathScope }) {
  const base = useList(search, (state) => userKeyListQuery(at, listInput(state)));
  const listing = useListing(base, [], {
    label: 'Search API keys',
    placeholder: 'Search names and people',
    members: ['name', 'user.name', 'user.email'],
  });
  const { dialog, on, open, close } = useDialog(['disable-key']);
  const subject = base.list.data?.data.find(({ id }) => id === on);
  const actions = (key: UserKey): ActionItem[] => [
    {
      id: 'disable',
      label: 'Disable',
      danger: true,
      disabledReason: refusalOf(key),
      onSelect: () => open('disable-key', key.id),
    },
  ];
  return (
    <>
      <ListPage
        {...{ at, listing, columns, rowKey, rowLabel, actions }}
        title="API keys"
        noun="API key"
        hint="People make keys on their profile page, for programs that act as them."
      />
      {dialog === 'disable-key' && subject && (
        <DisableKey at={at} subject={subject} onClose={close} />
      )}
    </>
  );
}

interface DisableKeyProps {
  at: PathScope;
  subject: UserKey;
  onClose: () => void;
}

function DisableKey({ at, subject, onClose }: DisableKeyProps) {
  const disable = useDisableUserKey(at);
  const change = disable.change({ params: { keyId: subject.id }, ifMatch: subject.version });
  return (
    <ChangeDialog
      title={`Disable API key ${rowLabel(subject)}?`}
      confirmLabel="Disable API key"
      danger
      operation={disable}
      change={change}
      onClose={onClose}
    >
      <p>
        Whatever signs with it is refused from now on. {subject.user.name} can enable it again. It
        was last used: <RelativeTime at={subject.lastUsed} />.
      </p>
    </ChangeDialog>
  );
}
