import { useQuery } from '@tanstack/react-query';
import type { SignedIn } from '#contract/people/sessions.ts';

import { sessionListQuery, useEndOtherSessions, useEndSession } from '../../api/people/sessions.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { formatQuantity } from '../../util/format.ts';

const columns: Column<SignedIn>[] = [
  {
    id: 'name',
    header: 'Browser',
    isName: true,
    cell: ({ name, current }) => (
      <>
        {name} {current && <strong>(this one)</strong>}
      </>
    ),
  },
  { id: 'address', header: 'Address', width: '14rem', cell: ({ address }) => address },
  {
    id: 'started',
    header: 'Signed in',
    width: '9rem',
    cell: ({ started }) => <RelativeTime at={started} />,
  },
  {
    id: 'lastSeen',
    header: 'Last seen',
    width: '9rem',
    cell: ({ lastSeen }) => <RelativeTime at={lastSeen} />,
  },
];

const keyOf = ({ id }: SignedIn) => id;
const labelOf = ({ name, address }: SignedIn) => `${name} at ${address}`;
const detailsOf = ({ id }: SignedIn) => [id];

/** Where one is signed in; any of it can be ended from here. */
export function Sessions() {
  const { data, error } = useQuery(sessionListQuery);
  const { dialog, on, open, close } = useDialog(['end-session', 'end-others']);
  const sessions = data?.data;
  const subject = sessions?.find(({ id }) => id === on);
  const others = sessions?.filter(({ current }) => !current).length ?? 0;
  const actions = ({ id, current }: SignedIn): ActionItem[] => [
    {
      id: 'end',
      label: 'End session',
      disabledReason: current ? 'You are here with it. Sign out in the user menu.' : undefined,
      onSelect: () => open('end-session', id),
    },
  ];
  return (
    <DetailSection title="Where you are signed in">
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="Where you are signed in"
        columns={columns}
        rows={sessions}
        rowKey={keyOf}
        rowLabel={labelOf}
        rowDetails={detailsOf}
        actions={actions}
        skeletonRows={1}
        empty={<EmptyState title="Nowhere else" />}
      />
      {others > 0 && (
        <p>
          <ActionButton onClick={() => open('end-others')}>End all other sessions</ActionButton>
        </p>
      )}
      {dialog === 'end-session' && subject && <EndSession session={subject} onClose={close} />}
      {dialog === 'end-others' && <EndOthers count={others} onClose={close} />}
    </DetailSection>
  );
}

function EndSession({ session, onClose }: { session: SignedIn; onClose: () => void }) {
  const end = useEndSession();
  const change = end.change({ params: { sessionId: session.id } });
  return (
    <ChangeDialog
      title={`End the session of ${labelOf(session)}?`}
      confirmLabel="End session"
      operation={end}
      change={change}
      onClose={onClose}
    >
      <p>That browser is signed out within seconds, whatever is open in it.</p>
    </ChangeDialog>
  );
}

function EndOthers({ count, onClose }: { count: number; onClose: () => void }) {
  const end = useEndOtherSessions();
  const change = end.change({});
  return (
    <ChangeDialog
      title="End all other sessions?"
      confirmLabel={`End ${formatQuantity(count, 'session')}`}
      operation={end}
      change={change}
      done={({ data }) => `${formatQuantity(data.ended, 'session')} ended.`}
      onClose={onClose}
    >
      <p>You stay signed in here, and nowhere else.</p>
    </ChangeDialog>
  );
}
