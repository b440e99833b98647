import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { eventWords, subscriptionEvents } from '#contract/people/subscriptions.ts';
import type { NewSubscription, SubscriptionEvent } from '#contract/people/subscriptions.ts';

import { signInWaysQuery, useAddSubscription } from '../../api/people/sign-in.ts';
import { ActionButton } from '../../components/actions/ActionButton.tsx';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { CopyableId } from '../../components/CopyableId.tsx';
import { CopyButton } from '../../components/CopyButton.tsx';
import { Dialog, DialogActions, DialogBody } from '../../components/dialogs/Dialog.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { Notice } from '../../components/Notice.tsx';
import { ObjectSelect } from '../../components/options/ObjectSelect.tsx';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { errorFacts } from '../../util/errors.ts';

import { useScopes } from './use-scopes.ts';

interface Wish {
  events: SubscriptionEvent[];
  channel: 'mail' | 'webhook';
  url: string;
  /** `accountId 5` or `envId 7`. */
  scope: string | undefined;
}

function bodyOf({ events, channel, url, scope }: Wish): NewSubscription {
  const [member, id] = scope?.split(' ') ?? [];
  return {
    events,
    channel,
    ...(channel === 'webhook' ? { url: url.trim() } : {}),
    ...(member === undefined ? {} : { [member]: Number(id) }),
  };
}

/** Asks what to be told of, where and how; shows what a webhook's requests are signed with, once. */
export function AddSubscription({ onClose }: { onClose: () => void }) {
  const hasMail = useQuery(signInWaysQuery).data?.mail;
  const add = useAddSubscription();
  const [typed, setTyped] = useState<Partial<Wish>>({});
  const channel = typed.channel ?? (hasMail === false ? 'webhook' : 'mail');
  const wish: Wish = { events: [], url: '', scope: undefined, ...typed, channel };
  const creation = add.change({ body: bodyOf(wish) });
  const { field } = errorFacts(add.error);
  const made = add.data?.data;
  if (typeof made?.signingSecret === 'string')
    return <SigningSecret secret={made.signingSecret} onClose={onClose} />;
  return (
    <FormDialog
      title="Be told of …"
      submitLabel="Be told"
      size="md"
      pending={add.isPending}
      unsaved={isUnsaved(Object.keys(typed).length > 0, add)}
      error={field === 'url' ? null : add.error}
      changes={wish.events.length === 0 ? undefined : [creation]}
      disabledReason={wish.events.length === 0 ? 'Choose what to be told of first.' : undefined}
      onSubmit={() =>
        add.mutate(creation, {
          onSuccess: ({ data }) => {
            if (data.signingSecret === null) onClose();
          },
        })
      }
      onClose={onClose}
    >
      <Fields
        {...{ wish, hasMail }}
        urlError={field === 'url' ? add.error?.message : undefined}
        onChange={(change) => setTyped({ ...typed, ...change })}
      />
    </FormDialog>
  );
}

interface FieldsProps {
  wish: Wish;
  hasMail: boolean | undefined;
  urlError: string | undefined;
  onChange: (change: Partial<Wish>) => void;
}

function Fields({ wish, hasMail, urlError, onChange }: FieldsProps) {
  const source = useScopes();
  const { events, channel, url, scope } = wish;
  return (
    <>
      <Checkbox.Group
        label="Tell me when"
        value={events}
        onChange={(chosen) => onChange({ events: chosen as SubscriptionEvent[] })}
      >
        {subscriptionEvents.map((event) => (
          <Checkbox key={event} value={event} label={eventWords[event]} mt="xs" />
        ))}
      </Checkbox.Group>
      <ObjectSelect
        label="Only about"
        description="What concerns it, also from above. Without it, everything, for who sees Corporate."
        placeholder="Everything"
        noun="scope"
        source={source}
        value={scope}
        onChange={(chosen) => onChange({ scope: chosen })}
      />
      <NativeSelect
        label="Tell me by"
        value={channel}
        onChange={(event) => onChange({ channel: event.target.value as Wish['channel'] })}
        data={[
          { value: 'mail', label: 'Mail', disabled: hasMail === false },
          { value: 'webhook', label: 'Webhook' },
        ]}
      />
      {channel === 'webhook' && (
        <TextInput
          label="Address"
          description="Slipway sends each event there by a signed POST."
          placeholder="https://hooks.example.com/slipway"
          value={url}
          error={urlError}
          onChange={(event) => onChange({ url: event.target.value })}
        />
      )}
    </>
  );
}

function SigningSecret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Dialog title="What its requests are signed with" onClose={onClose} isKept size="md">
      <DialogBody>
        <p>
          <CopyableId id={secret} what="secret" length={60} /> <CopyButton text={secret} />
        </p>
        <Notice tone="warning">
          Copy it now: it is not shown again. Whoever receives the requests compares their signature
          with it.
        </Notice>
        <DialogActions changes={noChanges}>
          <ActionButton variant="filled" onClick={onClose}>
            Done
          </ActionButton>
        </DialogActions>
      </DialogBody>
    </Dialog>
  );
}
