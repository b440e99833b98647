import { useQuery } from '@tanstack/react-query';
import type { Passkey } from '#contract/people/passkeys.ts';

import { passkeyListQuery } from '../../api/people/passkeys.ts';
import { signInWaysQuery } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import type { ActionItem } from '../../components/actions/ActionMenu.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { useDialog } from '../../hooks/use-dialog.ts';
import type { DialogState } from '../../hooks/use-dialog.ts';
import { DetailSection } from '../../layouts/DetailLayout.tsx';
import { basePath } from '../../util/base-path.ts';
import { profilePath } from '../../util/paths.ts';

import { AddPasskey, RemovePasskey, RenamePasskey } from './PasskeyDialogs.tsx';
import { SecondStep } from './SecondStep.tsx';

const columns: readonly Column<Passkey>[] = [
  {
    id: 'name',
    header: 'Name',
    isName: true,
    cell: ({ name }) => name,
    note: ({ synced }) => (synced ? 'Also on your other devices' : 'On one device'),
  },
  { id: 'host', header: 'Works at', width: '14rem', cell: ({ host }) => host },
  {
    id: 'created',
    header: 'Added',
    width: '9rem',
    cell: ({ created }) => <RelativeTime at={created} />,
  },
  {
    id: 'lastUsed',
    header: 'Last used',
    width: '9rem',
    cell: ({ lastUsed }) => <RelativeTime at={lastUsed} />,
  },
];

const keyOf = ({ id }: Passkey) => String(id);
const nameOf = ({ name }: Passkey) => name;

/** Why none can be added here. */
const notHere =
  'Browsers know passkeys by host names, over TLS. Open Slipway at its name to add one; on this very machine, at http://localhost.';

/** The same page by the name of this very machine; undefined where it was opened by a name, or over TLS. */
function namedAddress(): string | undefined {
  const { protocol, hostname, port } = window.location;
  const isNumbered = /^127\.|^\[::1\]$/.test(hostname);
  if (protocol !== 'http:' || !isNumbered) return undefined;
  return `http://localhost${port === '' ? '' : `:${port}`}${basePath}${profilePath}`;
}

/** The way out for whoever runs Slipway for themselves, and opened the address that it prints. */
function OpenByName() {
  const address = namedAddress();
  if (address === undefined) return null;
  return (
    <p>
      Browsers know passkeys by names, and this page was opened by the number{' '}
      {window.location.hostname}. Open <a href={address}>{address}</a> and sign in there: it is the
      same Slipway.
    </p>
  );
}

const names = ['add-passkey', 'rename-passkey', 'remove-passkey'] as const;

/** The passkeys of who is signed in, and whether one is asked for after their password. */
export function Passkeys() {
  const ways = useQuery(signInWaysQuery).data;
  const { data, error } = useQuery(passkeyListQuery);
  const { open, ...dialogs } = useDialog(names);
  const passkeys = data?.data;
  const actions = (passkey: Passkey): ActionItem[] => [
    { id: 'rename', label: 'Rename', onSelect: () => open('rename-passkey', keyOf(passkey)) },
    {
      id: 'remove',
      label: 'Remove',
      danger: true,
      startsGroup: true,
      onSelect: () => open('remove-passkey', keyOf(passkey)),
    },
  ];
  const add = (
    <ActionButton
      disabledReason={ways?.passkey === false ? notHere : undefined}
      onClick={() => open('add-passkey')}
    >
      Add passkey
    </ActionButton>
  );
  return (
    <DetailSection title="Passkeys">
      <p className="dim">
        A phone, a computer or a security key keeps a passkey and signs you in with it, without a
        password. Nobody can guess it or talk you out of it.
      </p>
      {ways?.passkey === false && <OpenByName />}
      {error !== null && <ErrorNotice error={error} />}
      <DataTable
        label="Passkeys"
        columns={columns}
        rows={passkeys}
        rowKey={keyOf}
        rowLabel={nameOf}
        rowDetails={(passkey) => [keyOf(passkey)]}
        actions={actions}
        skeletonRows={1}
        empty={<EmptyState title="No passkeys yet" action={add} />}
      />
      {passkeys !== undefined && passkeys.length > 0 && <p>{add}</p>}
      <SecondStep />
      <PasskeyDialog {...dialogs} passkeys={passkeys ?? []} />
    </DetailSection>
  );
}

interface PasskeyDialogProps extends Omit<DialogState<(typeof names)[number]>, 'open'> {
  passkeys: readonly Passkey[];
}

/** The dialog that the address names. */
function PasskeyDialog({ dialog, on, close, passkeys }: PasskeyDialogProps) {
  const passkey = passkeys.find((one) => keyOf(one) === on);
  if (dialog === 'add-passkey') return <AddPasskey onClose={close} />;
  if (dialog === undefined || passkey === undefined) return null;
  const Named = dialog === 'rename-passkey' ? RenamePasskey : RemovePasskey;
  return <Named passkey={passkey} onClose={close} />;
}
