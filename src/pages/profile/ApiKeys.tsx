import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Session } from '#contract/organisation/scopes.ts';
import type { ApiKey } from '#contract/people/api-keys.ts';

import { apiKeyListQuery, useUpdateApiKey } from '../../api/people/api-keys.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { keyColumns } from '../../components/keys/key-columns.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { announce } from '../../util/announce.ts';
import { basePath } from '../../util/base-path.ts';
import { paths } from '../../util/paths.ts';
import { placeName, scopeOfPlace } from '../../util/places.ts';

import { CreateApiKey } from './CreateApiKey.tsx';
import { DeleteApiKey, RenameApiKey } from './ApiKeyDialogs.tsx';

const columns: Column<ApiKey>[] = [
  { id: 'name', header: 'Name', isName: true, cell: (key) => key.name },
  ...keyColumns,
  {
    id: 'created',
    header: 'Created',
    width: '9rem',
    cell: (key) => <RelativeTime at={key.created} />,
  },
];

const keyOf = (key: ApiKey) => key.id;
const nameOf = (key: ApiKey) => key.name;
const detailsOf = (key: ApiKey) => [key.id];

/** Enables and disables keys at once, and says so. */
function useSetActive() {
  const update = useUpdateApiKey();
  return ({ id: keyId, name, version: ifMatch }: ApiKey, active: boolean) =>
    update.mutate(update.change({ params: { keyId }, body: { active }, ifMatch }), {
      onSuccess: () => announce(`${name} is ${active ? 'active again' : 'disabled'}.`),
      onError: (problem) => announce(`${name} was not changed. ${problem.message}`, 'danger'),
    });
}

/** The way to everybody's keys, where one administers a scope. */
function OtherKeys({ grants }: Pick<Session, 'grants'>) {
  const administered = grants.filter(({ role }) => role === 'administrator');
  return administered.map((place) => (
    <p key={placeName(place)}>
      <Link to={paths.keys(scopeOfPlace(place))}>
        Everybody&apos;s API keys at {placeName(place)}
      </Link>
    </p>
  ));
}

/** The API keys of who is signed in, and what can be done with them. */
export function ApiKeys({ grants }: Pick<Session, 'grants'>) {
  const { data, error } = useQuery(apiKeyListQuery);
  const { dialog, on, open, close } = useDialog(['create-key', 'rename-key', 'delete-key']);
  const setActive = useSetActive();
  const subject = data?.data.find(({ id }) => id === on);
  const actions = (key: ApiKey): ActionItem[] => [
    { id: 'rename', label: 'Rename', onSelect: () => open('rename-key', key.id) },
    key.active
      ? { id: 'disable', label: 'Disable', onSelect: () => setActive(key, false) }
      : { id: 'enable', label: 'Enable', onSelect: () => setActive(key, true) },
    {
      id: 'delete',
      label: 'Delete',
      danger: true,
      startsGroup: true,
      onSelect: () => open('delete-key', key.id),
    },
  ];
  const create = <ActionButton onClick={() => open('create-key')}>Create API key</ActionButton>;
  return (
    <DetailSection title="API keys">
      <p className="dim">
        Programs sign their requests with a key and act as you. The{' '}
        <a href={`${basePath}/api/docs`}>API reference</a> says what they can do.
      </p>
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="API keys"
        columns={columns}
        rows={data?.data}
        rowKey={keyOf}
        rowLabel={nameOf}
        rowDetails={detailsOf}
        actions={actions}
        skeletonRows={3}
        empty={
          <EmptyState title="No API keys yet" action={create}>
            scalr-ctl and scripts need one.
          </EmptyState>
        }
      />
      {data !== undefined && data.data.length > 0 && <p>{create}</p>}
      <OtherKeys grants={grants} />
      {dialog === 'create-key' && <CreateApiKey onClose={close} />}
      {dialog === 'rename-key' && subject && <RenameApiKey apiKey={subject} onClose={close} />}
      {dialog === 'delete-key' && subject && <DeleteApiKey apiKey={subject} onClose={close} />}
    </DetailSection>
  );
}
