import { Button, Textarea, TextInput } from '@mantine/core';
import { IconCopy, IconMail } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { UsageRow } from '#contract/farms/usage.ts';

import { ownerContactsQuery } from '../../api/owner-contacts.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Notice } from '../../components/Notice.tsx';
import { useUnsaved } from '../../hooks/use-unsaved.ts';
import { copyText } from '../../util/clipboard.ts';
import type { PathScope } from '../../util/paths.ts';

import { deadlinePlaceholder, mailtoUrl } from '../../components/contact/owner-message.ts';
import classes from './UsagePage.module.css';

interface OwnerMessageProps {
  at: PathScope;
  /** Of one owner; undefined while they are on their way. */
  rows: readonly UsageRow[] | undefined;
  error?: unknown;
  onRetry?: () => void;
  /** There are more rows than these. */
  isPartial: boolean;
  onClose: () => void;
}

/** Mail programs and systems cut addresses that are much longer. */
const safeMailtoLength = 2000;

/** The message about these rows, as the server composes it. */
function useMessage(at: PathScope, rows: readonly UsageRow[]) {
  const [first] = rows;
  return useQuery({
    ...ownerContactsQuery(at, {
      owner: { id: first?.owner.id ?? 0 },
      rows: rows.map(({ id }) => id),
    }),
    enabled: first !== undefined,
  });
}

/** A message to an owner of farms with servers on old images: ready to copy, to edit and to send. */
export default function OwnerMessage(props: OwnerMessageProps) {
  const { at, rows = [], onClose } = props;
  const { data, error, refetch } = useMessage(at, rows);
  const message = data?.message;
  const failed = props.error ?? error;
  const [first] = rows;
  return (
    <Dialog
      title={first === undefined ? 'Write to the owner' : `Write to ${first.owner.name}`}
      size="lg"
      onClose={onClose}
    >
      {failed !== null && failed !== undefined && (
        <DialogBody>
          <ErrorNotice
            error={failed}
            onRetry={props.error == null ? () => void refetch() : props.onRetry}
          />
        </DialogBody>
      )}
      {(props.rows?.length === 0 || message === null) && (
        <DialogBody>
          <p>Nothing there runs an old image any more: there is nothing to ask for.</p>
        </DialogBody>
      )}
      {failed == null &&
        (first === undefined ? props.rows === undefined : message === undefined) && (
          <DialogBody>
            <output>Finding out which servers it is about…</output>
          </DialogBody>
        )}
      {message != null && (
        <MessageForm composed={message} isPartial={props.isPartial} onClose={onClose} />
      )}
    </Dialog>
  );
}

interface MessageFormProps extends Pick<OwnerMessageProps, 'isPartial' | 'onClose'> {
  composed: { to: UsageRow['owner']; subject: string; body: string };
}

/** Copies a message, and says how that went. */
function useCopy() {
  const [answer, setAnswer] = useState<{ text: string; isRefused: boolean }>();
  const copy = (subject: string, body: string) => {
    const isOpen = body.includes(deadlinePlaceholder);
    const open = isOpen ? ` It still says ${deadlinePlaceholder}: put a date there.` : '';
    copyText(`${subject}\n\n${body}`).then(
      () => setAnswer({ text: `Copied the subject and the message.${open}`, isRefused: false }),
      () =>
        setAnswer({
          text: 'The browser does not let this page copy. Select the text and copy it by hand.',
          isRefused: true,
        }),
    );
  };
  return { answer, copy };
}

/** Asks before what was edited is lost. @returns to be called once it is elsewhere as well */
function useKept(edited: { subject: string; body: string }): () => void {
  const [kept, setKept] = useState(edited);
  useUnsaved(edited.subject !== kept.subject || edited.body !== kept.body);
  return () => setKept(edited);
}

function MessageForm({ composed, isPartial, onClose }: MessageFormProps) {
  // What is edited must not be written over by a refresh.
  const [message] = useState(composed);
  const [subject, setSubject] = useState(message.subject);
  const [body, setBody] = useState(message.body);
  const { answer, copy } = useCopy();
  const keep = useKept({ subject, body });
  const mailto = mailtoUrl({ email: message.to.email, subject, body });
  return (
    <DialogBody>
      <p className={classes['addressee']}>
        To {message.to.name} <span className="dim">{message.to.email}</span>
      </p>
      {isPartial && (
        <Notice tone="warning">
          The farm has more farm roles on old images than the 100 that the message names. Its link
          shows them all.
        </Notice>
      )}
      <TextInput
        label="Subject"
        value={subject}
        onChange={(event) => setSubject(event.currentTarget.value)}
      />
      <Textarea
        label="Message"
        description={
          body.includes(deadlinePlaceholder)
            ? `Put a date in place of ${deadlinePlaceholder}.`
            : undefined
        }
        rows={16}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
      />
      <CopyAnswer answer={answer} />
      <LengthNote mailto={mailto} />
      <MessageActions
        mailto={mailto}
        onMail={keep}
        onCopy={() => {
          copy(subject, body);
          keep();
        }}
        onClose={onClose}
      />
    </DialogBody>
  );
}

function CopyAnswer({ answer }: { answer: ReturnType<typeof useCopy>['answer'] }) {
  return (
    <>
      {answer?.isRefused === true && (
        <Notice tone="danger" urgent>
          {answer.text}
        </Notice>
      )}
      <output className="small">{answer?.isRefused === false ? answer.text : ''}</output>
    </>
  );
}

function LengthNote({ mailto }: { mailto: string }) {
  if (mailto.length <= safeMailtoLength) return null;
  return (
    <p className="dim small">
      The message is long, and some mail programs cut off what a link holds. Copying takes all of
      it.
    </p>
  );
}

interface MessageActionsProps {
  mailto: string;
  onMail: () => void;
  onCopy: () => void;
  onClose: () => void;
}

function MessageActions({ mailto, onMail, onCopy, onClose }: MessageActionsProps) {
  return (
    <DialogActions changes={noChanges}>
      <ActionButton variant="subtle" onClick={onClose}>
        Close
      </ActionButton>
      <Button
        component="a"
        href={mailto}
        onClick={onMail}
        variant="default"
        size="sm"
        leftSection={<IconMail size={16} aria-hidden />}
      >
        Open in mail program
      </Button>
      <ActionButton
        variant="filled"
        startsFocused
        icon={<IconCopy size={16} aria-hidden />}
        onClick={onCopy}
      >
        Copy message
      </ActionButton>
    </DialogActions>
  );
}
