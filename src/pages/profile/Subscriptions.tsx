import { useQuery } from '@tanstack/react-query';
import { eventWords } from '#contract/people/subscriptions.ts';
import type { Subscription } from '#contract/people/subscriptions.ts';

import { subscriptionListQuery, useUpdateSubscription } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PlaceBadge } from '../../components/PlaceBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { announce } from '../../util/announce.ts';

import { AddSubscription } from './AddSubscription.tsx';
import { RemoveSubscription } from './RemoveSubscription.tsx';

const whereTo = ({ channel, url }: Subscription) =>
  channel === 'mail' ? 'Your mail' : (URL.parse(url ?? '')?.host ?? 'A webhook');
const keyOf = ({ id }: Subscription) => String(id);
const labelOf = (one: Subscription) =>
  `${one.events.map((event) => eventWords[event]).join('; ')}, to ${whereTo(one)}`;

function LastTold({ active, lastTold, lastError }: Subscription) {
  if (!active) return <span className="dim">Paused</span>;
  if (lastError !== null) return <strong>{lastError}</strong>;
  return <RelativeTime at={lastTold} />;
}

const columns: readonly Column<Subscription>[] = [
  {
    id: 'events',
    header: 'What',
    isName: true,
    cell: ({ events }) => events.map((event) => <div key={event}>{eventWords[event]}</div>),
  },
  { id: 'where', header: 'Where', width: '12rem', cell: (row) => <PlaceBadge place={row} /> },
  { id: 'to', header: 'Told to', width: '12rem', cell: whereTo },
  { id: 'last', header: 'Last told', width: '12rem', cell: (row) => <LastTold {...row} /> },
];

/** Pauses and goes on at once, and says so. */
function useSetActive() {
  const update = useUpdateSubscription();
  return ({ id: subscriptionId, version: ifMatch }: Subscription, active: boolean) =>
    update.mutate(update.change({ params: { subscriptionId }, body: { active }, ifMatch }), {
      onSuccess: () => announce(active ? 'You are told again.' : 'You are told nothing of it.'),
      onError: (problem) => announce(`Nothing was changed. ${problem.message}`, 'danger'),
    });
}

/** What one wants to be told of, by mail or by a webhook. */
export function Subscriptions() {
  const { data, error } = useQuery(subscriptionListQuery);
  const { dialog, on, open, close } = useDialog(['add-subscription', 'remove-subscription']);
  const setActive = useSetActive();
  const subject = data?.data.find((one) => keyOf(one) === on);
  const actions = (one: Subscription): ActionItem[] => [
    one.active
      ? { id: 'pause', label: 'Pause', onSelect: () => setActive(one, false) }
      : { id: 'resume', label: 'Go on', onSelect: () => setActive(one, true) },
    {
      id: 'remove',
      label: 'Remove',
      danger: true,
      startsGroup: true,
      onSelect: () => open('remove-subscription', keyOf(one)),
    },
  ];
  const add = <ActionButton onClick={() => open('add-subscription')}>Be told of …</ActionButton>;
  return (
    <DetailSection title="What you are told of">
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="What you are told of"
        columns={columns}
        rows={data?.data}
        rowKey={keyOf}
        rowLabel={labelOf}
        rowDetails={(one) => [keyOf(one)]}
        actions={actions}
        skeletonRows={1}
        empty={<EmptyState title="Nothing yet" action={add} />}
      />
      {data !== undefined && data.data.length > 0 && <p>{add}</p>}
      {dialog === 'add-subscription' && <AddSubscription onClose={close} />}
      {dialog === 'remove-subscription' && subject && (
        <RemoveSubscription subscription={subject} label={labelOf(subject)} onClose={close} />
      )}
    </DetailSection>
  );
}
