import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OwnerContact } from '#contract/farms/owner-contacts.ts';

import { inBody, ownerContactsQuery, useSendToOwners } from '../../api/owner-contacts.ts';
import type { ContactFilters } from '../../api/owner-contacts.ts';
import { ActionButton } from '../actions/ActionButton.tsx';
import { noChanges } from '../as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../dialogs/Dialog.tsx';
import { ErrorNotice } from '../ErrorNotice.tsx';
import { Notice } from '../Notice.tsx';
import { DataTable } from '../table/DataTable.tsx';
import { useUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';
import { formatQuantity } from '../../util/format.ts';
import type { PathScope } from '../../util/paths.ts';

import { contactColumns, contactKey, contactLabel } from './contact-columns.tsx';
import { ContactTemplate } from './ContactTemplate.tsx';
import { deadlinePlaceholder } from './owner-message.ts';

interface ContactOwnersProps {
  at: PathScope;
  /** What the messages are about. */
  filters: ContactFilters;
  onClose: () => void;
}

type Contacts = NonNullable<ReturnType<typeof useContacts>['data']>;

function useContacts(at: PathScope, filters: ContactFilters) {
  return useQuery({
    ...ownerContactsQuery(at, { filters: inBody(filters) }),
    // What is shown in a dialog is not read again by itself; whoever has just sent waits for the outcome.
    refetchInterval: ({ state }) =>
      state.data?.data.owners.some((owner) => owner.state === 'sending') === true ? 1_000 : false,
  });
}

/** The owners of what is on old images, where it stands with each, and a message to those who are chosen. */
export function ContactOwners({ at, filters, onClose }: ContactOwnersProps) {
  const contacts = useContacts(at, filters);
  return (
    <Dialog title="Contact owners" size="lg" onClose={onClose}>
      {contacts.error !== null && (
        <DialogBody>
          <ErrorNotice error={contacts.error} onRetry={() => void contacts.refetch()} />
        </DialogBody>
      )}
      {contacts.data === undefined && contacts.error === null && (
        <DialogBody>
          <output>Finding out whose servers they are…</output>
        </DialogBody>
      )}
      {contacts.data !== undefined && (
        <ContactForm at={at} filters={filters} contacts={contacts.data} onClose={onClose} />
      )}
    </Dialog>
  );
}

/** Those who are chosen: at first those who are due, whoever is so by then. */
function useChosen(owners: readonly OwnerContact[]) {
  const [picked, setPicked] = useState<ReadonlySet<string>>();
  const due = owners.filter((owner) => owner.due).map(contactKey);
  const selected = picked ?? new Set(due);
  const chosen = owners.filter((owner) => selected.has(contactKey(owner)) && owner.servers > 0);
  return {
    chosen,
    selection: { selected, onChange: setPicked },
    reset: () => setPicked(undefined),
  };
}

/** The message as it is edited; what is typed stays, whatever is read anew. */
function useTemplate(contacts: Contacts) {
  const [usual] = useState(contacts.template);
  const [template, setTemplate] = useState(usual);
  const [sent, setSent] = useState(usual);
  useUnsaved(template.subject !== sent.subject || template.body !== sent.body);
  return { template, setTemplate, keep: () => setSent(template) };
}

/** Sends the message as it is to those who are chosen; then nobody is chosen but who is due by then. */
function useSending(at: PathScope, filters: ContactFilters, contacts: Contacts) {
  const reachable = contacts.owners.filter(({ unreachable }) => unreachable === null);
  const { chosen, selection, reset } = useChosen(reachable);
  const { template, setTemplate, keep } = useTemplate(contacts);
  const send = useSendToOwners(at);
  const owners = chosen.map(({ id }) => ({ id }));
  const change = send.change({ body: { filters: inBody(filters), template, owners } });
  const submit = () =>
    send.mutate(change, {
      onSuccess: ({ data }) => {
        announce(`${formatQuantity(data.messages.length, 'message')} on the way.`);
        keep();
        reset();
      },
    });
  return { reachable, chosen, selection, template, setTemplate, send, change, submit };
}

interface ContactFormProps extends ContactOwnersProps {
  contacts: Contacts;
}

function ContactForm({ at, filters, contacts, onClose }: ContactFormProps) {
  const sending = useSending(at, filters, contacts);
  const { reachable, chosen, template, send, change } = sending;
  const canSend = contacts.channels.mail || contacts.channels.webhook;
  return (
    <DialogBody>
      {!canSend && <NoMailServer />}
      <DataTable
        label="Owners of farms with servers on old images"
        columns={contactColumns}
        rows={reachable}
        rowKey={contactKey}
        rowLabel={contactLabel}
        selection={sending.selection}
        listKey="owners"
        empty={<p>Nothing there runs an old image: there is nobody to write to.</p>}
      />
      <Others contacts={contacts} />
      <ContactTemplate
        at={at}
        filters={filters}
        template={template}
        onChange={sending.setTemplate}
        owners={chosen.length > 0 ? chosen : reachable.filter(({ servers }) => servers > 0)}
        canSend={canSend}
      />
      {send.error !== null && <ErrorNotice error={send.error} />}
      <DialogActions changes={canSend && chosen.length > 0 ? [change] : noChanges}>
        <ActionButton onClick={onClose}>Close</ActionButton>
        {canSend && (
          <ActionButton
            variant="filled"
            pending={send.isPending}
            disabledReason={reasonAgainst(chosen, template)}
            onClick={sending.submit}
          >
            {chosen.length === 0 ? 'Send' : `Send ${formatQuantity(chosen.length, 'message')}`}
          </ActionButton>
        )}
      </DialogActions>
    </DialogBody>
  );
}

function reasonAgainst(
  chosen: readonly OwnerContact[],
  { subject, body }: Contacts['template'],
): string | undefined {
  if (chosen.length === 0) return 'Everybody was written to. Select whom to write to again.';
  if (`${subject}${body}`.includes(deadlinePlaceholder))
    return `Put a date in place of ${deadlinePlaceholder} first.`;
  return undefined;
}

function NoMailServer() {
  return (
    <Notice>
      Slipway has no mail server to send by. Whoever runs it sets <code>SMTP_URL</code> and{' '}
      <code>SMTP_FROM</code>, as its operations guide says under “Mail and the webhook”. Until then,
      open each message in your own mail program, under “Preview”.
    </Notice>
  );
}

/** Whom the list does not show, and whose farms nobody can be written to about. */
function Others({ contacts: { owners, total } }: { contacts: Contacts }) {
  const lost = owners.filter(({ unreachable, servers }) => unreachable !== null && servers > 0);
  const farms = lost.reduce((sum, owner) => sum + owner.farms, 0);
  return (
    <>
      {total > owners.length && (
        <p className="small dim">
          {owners.length} of {total} owners are shown. Narrow the filters to see others.
        </p>
      )}
      {lost.length > 0 && (
        <Notice tone="warning">
          {formatQuantity(farms, 'farm')} without an owner who can be reached:{' '}
          {lost.map(({ owner, unreachable }) => `${owner.name} (${unreachable})`).join(' ')} Give
          them another owner.
        </Notice>
      )}
    </>
  );
}
