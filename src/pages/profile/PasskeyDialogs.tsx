import { TextInput } from '@mantine/core';
import type { Passkey } from '#contract/people/passkeys.ts';

import { useAddPasskey, useRemovePasskey, useRenamePasskey } from '../../api/people/passkeys.ts';
import { noChanges } from '../../components/as-command/AsCommand.tsx';
import { ChangeDialog } from '../../components/dialogs/ChangeDialog.tsx';
import { FormDialog } from '../../components/dialogs/FormDialog.tsx';
import { RenameDialog } from '../../components/forms/RenameDialog.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useNameField } from '../../hooks/use-name-field.ts';
import { isUnsaved } from '../../hooks/use-unsaved.ts';
import { announce } from '../../util/announce.ts';

interface PasskeyDialogProps {
  passkey: Passkey;
  onClose: () => void;
}

/** Asks for a name, and then has the browser make the passkey. */
export function AddPasskey({ onClose }: { onClose: () => void }) {
  const add = useAddPasskey();
  const field = useNameField(add.error);
  const onSuccess = ({ name }: Passkey) => {
    announce(`${name} signs you in from now on.`);
    onClose();
  };
  return (
    <FormDialog
      title="Add a passkey"
      submitLabel="Go on in the browser"
      size="sm"
      pending={add.isPending}
      unsaved={isUnsaved(field.isDirty, add)}
      error={field.otherError}
      changes={noChanges}
      onSubmit={() => field.submit((name) => add.mutate(name, { onSuccess }))}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        description="What you know it by: this laptop, a phone, the key on your keyring."
        data-autofocus
        {...field.props}
      />
    </FormDialog>
  );
}

export function RenamePasskey({ passkey, onClose }: PasskeyDialogProps) {
  const rename = useRenamePasskey();
  const params = { passkeyId: passkey.id };
  return (
    <RenameDialog
      noun="passkey"
      object={passkey}
      operation={rename}
      change={(name, ifMatch) => rename.change({ params, body: { name }, ifMatch })}
      onClose={onClose}
    />
  );
}

export function RemovePasskey({ passkey, onClose }: PasskeyDialogProps) {
  const remove = useRemovePasskey();
  const removal = remove.change({ params: { passkeyId: passkey.id }, ifMatch: passkey.version });
  return (
    <ChangeDialog
      title={`Remove passkey ${passkey.name}?`}
      confirmLabel="Remove passkey"
      danger
      operation={remove}
      change={removal}
      onClose={onClose}
    >
      <p>
        It signs you in no more, and cannot be brought back. It was last used:{' '}
        <RelativeTime at={passkey.lastUsed} />. Your device may go on offering it: delete it there
        as well.
      </p>
    </ChangeDialog>
  );
}
