import { TextInput, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { CloudCredentials } from '#contract/clouds/cloud-credentials.ts';

import { useAttachCredentials, useDetachCredentials } from '../../api/cloud-credentials.ts';
import { environmentListQuery } from '../../api/scopes.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { helpBelow } from '../../components/forms/fields.tsx';
import { optionPage } from '../../components/options/option-source.ts';
import { DataTable } from '../../components/table/DataTable.tsx';
import type { Column } from '../../components/table/table.ts';
import { announce } from '../../util/announce.ts';
import { formatCount } from '../../util/format.ts';

interface AttachCredentialsProps {
  accountId: number;
  credentials: CloudCredentials;
  onClose: () => void;
}

interface Row {
  id: number;
  name: string;
  isAttached: boolean;
}

const rowKey = ({ id }: Row) => String(id);
const nameOf = ({ name }: Row) => name;

/** Attaches and detaches, and says so. */
function useToggle(accountId: number, credentials: CloudCredentials) {
  const attach = useAttachCredentials(accountId);
  const detach = useDetachCredentials(accountId);
  const toggle = (row: Row) => {
    const params = { envId: row.id, cloud: credentials.provider };
    const done = { onSuccess: () => announce(wordsOf(row, credentials)) };
    if (row.isAttached) detach.mutate(detach.change({ params }), done);
    else {
      const body = { credentials: { id: credentials.id } };
      attach.mutate(attach.change({ params, body }), done);
    }
  };
  return {
    toggle,
    pending: attach.isPending || detach.isPending,
    error: attach.error ?? detach.error,
  };
}

function columnsOf(toggle: (row: Row) => void, pending: boolean): readonly Column<Row>[] {
  return [
    { id: 'name', header: 'Environment', isName: true, cell: nameOf },
    {
      id: 'use',
      header: 'Uses them',
      width: '9rem',
      cell: (row) => (
        <ActionButton pending={pending} onClick={() => toggle(row)}>
          {row.isAttached ? 'Detach' : 'Attach'}
          <VisuallyHidden>
            {row.isAttached ? ' from' : ' to'} {row.name}
          </VisuallyHidden>
        </ActionButton>
      ),
    },
  ];
}

/** Those that have a text in their names; without one those that use the credentials, and the first of the others. */
function useEnvironments(accountId: number, { environments }: CloudCredentials, text: string) {
  const [settled] = useDebouncedValue(text.trim(), 150);
  const list = useQuery({
    ...environmentListQuery(accountId, {
      ...optionPage,
      sort: 'name',
      ...(settled !== '' && { query: settled }),
    }),
    placeholderData: keepPreviousData,
  });
  const found = list.data?.data;
  const users = new Set(environments.map(({ id }) => id));
  const others = found?.filter(({ id }) => settled !== '' || !users.has(id));
  const rows = others && [...(settled === '' ? environments : []), ...others];
  const { total = 0, totalCapped = false } = list.data?.pagination ?? {};
  return {
    rows: rows?.map(({ id, name }) => ({ id, name, isAttached: users.has(id) })),
    words:
      found !== undefined && total > found.length
        ? `${formatCount(found.length)} of ${formatCount(total, totalCapped)} found: type to find the others`
        : undefined,
    error: list.error,
  };
}

/** The environments of an account: which use the credentials, and which shall. */
export function AttachCredentials({ accountId, credentials, onClose }: AttachCredentialsProps) {
  const { toggle, pending, error } = useToggle(accountId, credentials);
  const [text, setText] = useState('');
  const found = useEnvironments(accountId, credentials, text);
  const problem = found.error ?? error;
  return (
    <Dialog title={`Environments that use ${credentials.name}`} onClose={onClose} size="md">
      <DialogBody>
        <p>
          An environment uses one set of credentials for a platform: attaching these takes the place
          of what it has. Servers that run keep what they were launched with.
        </p>
        {problem !== null && <ErrorNotice error={problem} />}
        <TextInput
          label="Find an environment"
          description={found.words}
          inputWrapperOrder={helpBelow}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <DataTable
          label="Environments"
          columns={columnsOf(toggle, pending)}
          {...{ rowKey }}
          rows={found.rows}
          rowLabel={nameOf}
          empty={
            <p>
              {text === ''
                ? 'This account has no environments yet.'
                : 'No environment has this in its name.'}
            </p>
          }
        />
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}

function wordsOf({ name, isAttached }: Row, credentials: CloudCredentials): string {
  return isAttached
    ? `${name} does not use ${credentials.name} any more.`
    : `${name} uses ${credentials.name} for ${credentials.provider} now.`;
}
